// SPDX-License-Identifier: MIT
/*
 * A machine of a few CPUs for tests of seats: tenants and their threads, of which some may run on some CPUs only, and CPUs that
 * choose by turns. In one round each CPU whose turn has ended chooses anew, and then all run for a round.
 */
#ifndef TESTS_UNIT_SEAT_MACHINE_H
#define TESTS_UNIT_SEAT_MACHINE_H

#include "kernel/sched/seat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define TENANTS     12
#define THREADS     40
#define MILLISECOND 1000000ull
#define ANYWHERE    0
#define NO_CAP      (100 * SHARE_CPUS)

struct thread {
    uint32_t tenant, mask; /* ANYWHERE, or a bit for each CPU */
    bool ready, runs;
    uint64_t waits_since, ran; /* in rounds */
};

static struct heap_node *nodes[3][TENANTS + 1];
static struct share_queue queue;
static struct share shares[TENANTS];
static struct seat seats[TENANTS][SHARE_CPUS];
static struct thread threads[THREADS];
static uint32_t tenant_count, thread_count;
static struct {
    struct thread *current; /* NULL: it idles */
    uint32_t chosen_at;
    uint64_t turn_ends, counted; /* in rounds; charged up to then */
} machine[SHARE_CPUS];
static uint64_t now, rounds, round_length;
static uint32_t turn; /* in rounds */

/* Turns of one round of a millisecond, unless that is changed afterwards. */
static inline void begin(uint32_t cpus) {
    queue = (struct share_queue){.reserved = {nodes[0], 0},
                                 .weighted = {nodes[1], 0},
                                 .renewals = {nodes[2], 0},
                                 .cpu_count = cpus};
    memset(machine, 0, sizeof machine);
    tenant_count = thread_count = 0;
    now = rounds = 0;
    round_length = MILLISECOND;
    turn = 1;
}

static inline uint32_t add_tenant(uint32_t reservation, uint32_t weight, uint32_t cap) {
    share_initialise(&shares[tenant_count], reservation, weight, cap);
    memset(seats[tenant_count], 0, sizeof seats[0]);
    return tenant_count++;
}

static inline bool is_placed(uint32_t tenant) {
    for (uint32_t n = 0; n < thread_count; n++)
        if (threads[n].tenant == tenant && threads[n].mask != ANYWHERE)
            return true;
    return false;
}

static inline uint32_t places_of(uint32_t tenant, bool with_running) {
    uint32_t places = 0;

    for (uint32_t n = 0; n < thread_count; n++)
        if (threads[n].tenant == tenant && (threads[n].ready || (with_running && threads[n].runs)))
            places |= threads[n].mask ? threads[n].mask : SHARE_ANYWHERE;
    return places;
}

static inline bool runs_by_a_seat(uint32_t tenant) {
    for (uint32_t cpu = 0; cpu < queue.cpu_count; cpu++)
        if (machine[cpu].current && machine[cpu].current->tenant == tenant &&
            machine[cpu].chosen_at != SHARE_ANYWHERE)
            return true;
    return false;
}

/* As ready.c does it, from what its threads are. */
static inline void look_at(uint32_t tenant) {
    struct share *share = &shares[tenant];
    uint32_t ready = places_of(tenant, false), in_use = places_of(tenant, true);

    if (is_placed(tenant) && share->seats == NULL)
        seats_open(&queue, share, seats[tenant]);
    if (share->seats)
        seats_place(&queue, share, ready & SHARE_ANYWHERE, ready & ~SHARE_ANYWHERE, in_use);
    if (!is_placed(tenant) && share->seats && seats_are_paid(&queue, share) &&
        !runs_by_a_seat(tenant))
        seats_close(&queue, share);
    if (in_use && share->standing == SHARE_AWAY)
        share_queue_add(&queue, share, now);
    if (in_use == 0 && share->standing != SHARE_AWAY)
        share_queue_remove(&queue, share);
}

static inline uint32_t add_thread(uint32_t tenant, uint32_t mask) {
    threads[thread_count] =
        (struct thread){.tenant = tenant, .mask = mask, .ready = true, .waits_since = rounds};
    thread_count++;
    look_at(tenant);
    return thread_count - 1;
}

/* Of a thread that does not run. */
static inline void set_ready(uint32_t n, bool ready) {
    threads[n].ready = ready;
    threads[n].waits_since = rounds;
    look_at(threads[n].tenant);
}

static inline void set_mask(uint32_t n, uint32_t mask) {
    threads[n].mask = mask;
    look_at(threads[n].tenant);
}

static inline struct thread *next_thread(uint32_t tenant, uint32_t cpu) {
    struct thread *best = NULL;

    for (uint32_t n = 0; n < thread_count; n++) {
        struct thread *thread = &threads[n];
        if (thread->tenant == tenant && thread->ready &&
            (thread->mask == ANYWHERE || thread->mask & 1u << cpu) &&
            (best == NULL || thread->waits_since < best->waits_since))
            best = thread;
    }
    return best;
}

/* Charges what the CPU runs. */
static inline void count(uint32_t cpu) {
    struct thread *thread = machine[cpu].current;
    uint64_t ran = rounds - machine[cpu].counted;

    machine[cpu].counted = rounds;
    if (thread == NULL || ran == 0)
        return;
    thread->ran += ran;
    share_queue_charge_run(&queue, &shares[thread->tenant], now, ran * round_length, cpu,
                           machine[cpu].chosen_at);
}

static inline void put_back(uint32_t cpu) {
    struct thread *thread = machine[cpu].current;

    count(cpu);
    if (thread == NULL)
        return;
    thread->runs = false;
    thread->ready = true;
    thread->waits_since = rounds;
    machine[cpu].current = NULL;
    look_at(thread->tenant);
}

static inline struct share *choose_one(uint32_t cpu) {
    struct share *share;

    do
        share = share_queue_choose(&queue, cpu, now);
    while (share_queue_next(&queue) <= now);
    return share;
}

static inline void take(uint32_t cpu, struct share *share, struct thread *thread) {
    uint64_t left = share->standing_left / round_length;

    machine[cpu].chosen_at = share->chosen_at;
    machine[cpu].current = thread;
    machine[cpu].turn_ends = rounds + (left < 1 ? 1 : left < turn ? left : turn);
    thread->ready = false;
    thread->runs = true;
    look_at(thread->tenant);
}

/* Whoever has nothing for that CPU is taken out, as ready.c does it. */
static inline void choose(uint32_t cpu) {
    struct share *share;

    put_back(cpu);
    machine[cpu].turn_ends = rounds + 1;
    while ((share = choose_one(cpu)) != NULL) {
        struct thread *thread = next_thread((uint32_t)(share - shares), cpu);
        if (thread) {
            take(cpu, share, thread);
            return;
        }
        assert_null(share->seats);
        share_queue_remove(&queue, share);
    }
}

static inline void check_counts(void) {
    uint32_t weight = 0, standing = 0;

    for (uint32_t n = 0; n < tenant_count; n++) {
        weight += shares[n].common_weight;
        if (share_is_let(&shares[n]))
            standing += (uint32_t)__builtin_popcount(shares[n].cpus);
    }
    assert_int_equal(queue.common_weight, weight);
    assert_int_equal(queue.standing, standing);
}

/* Whoever idles looks again when the others have chosen. */
static inline void choose_all(void) {
    for (uint32_t cpu = 0; cpu < queue.cpu_count; cpu++)
        if (rounds >= machine[cpu].turn_ends)
            choose(cpu);
    for (uint32_t cpu = 0; cpu < queue.cpu_count; cpu++)
        if (machine[cpu].current == NULL)
            choose(cpu);
}

static inline void end_round(void) {
    rounds++;
    now += round_length;
    check_counts();
}

static inline void run(uint64_t for_rounds) {
    for (uint64_t end = rounds + for_rounds; rounds < end; end_round())
        choose_all();
}

/* All that it has run, in rounds. */
static inline uint64_t ran(uint32_t tenant) {
    uint64_t sum = 0;

    for (uint32_t cpu = 0; cpu < queue.cpu_count; cpu++)
        count(cpu);
    for (uint32_t n = 0; n < thread_count; n++)
        sum += threads[n].tenant == tenant ? threads[n].ran : 0;
    return sum;
}

#endif
