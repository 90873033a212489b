// SPDX-License-Identifier: MIT
// sources: kernel/sched/share.c kernel/sched/share_queue.c kernel/sched/heap.c
/*
 * Tenants that may run on some CPUs only: each CPU's choice against the naive one, over random lives, and what waiting at
 * one CPU is worth at another.
 */
#include "kernel/sched/share_queue.h"
#include "tests/unit/naive_choice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MOST        24
#define CPUS        3
#define MILLISECOND 1000000ull

static struct heap_node *nodes[3][MOST + 1], *confined_nodes[CPUS][2][MOST + 1];
static struct share_queue queue;
static struct share shares[MOST];
static uint32_t count;
static uint64_t now;

static uint32_t random_below(uint32_t end) {
    static uint32_t state = 7;

    state = state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)state * end >> 32);
}

static void begin(uint32_t tenants) {
    queue = (struct share_queue){
        .reserved = {nodes[0], 0}, .weighted = {nodes[1], 0}, .renewals = {nodes[2], 0}};
    for (uint32_t cpu = 0; cpu < CPUS; cpu++)
        queue.confined[cpu] =
            (struct confined_heaps){{confined_nodes[cpu][0], 0}, {confined_nodes[cpu][1], 0}};
    count = tenants;
    now = 0;
    for (uint32_t n = 0; n < count; n++)
        share_initialise(&shares[n], random_below(3) ? random_below(8) : 0, 1 + random_below(10000),
                         random_below(3) ? 100 : 10);
}

static bool may_run_on(const struct share *share, uint32_t cpu) {
    return share->standing != SHARE_AWAY && (share->anywhere || share->cpus & 1u << cpu);
}

static struct share *choose(uint32_t cpu) {
    struct share *chosen;

    do
        chosen = share_queue_choose(&queue, cpu, now);
    while (share_queue_next(&queue) <= now);
    return chosen;
}

static struct share *naive_choice(uint32_t cpu) {
    struct share *best = NULL;

    for (uint32_t n = 0; n < count; n++)
        if (may_run_on(&shares[n], cpu) && share_may_run(&shares[n], now, queue.floor) &&
            (best == NULL || goes_before(&shares[n], best, now)))
            best = &shares[n];
    return best;
}

/* Of several that are equal, or have reserved time from different periods, any will do. */
static void assert_as_good(const struct share *chosen, struct share *naive, uint32_t cpu) {
    assert_true((chosen == NULL) == (naive == NULL));
    if (chosen == NULL || chosen == naive)
        return;
    assert_true(may_run_on(chosen, cpu));
    assert_int_equal(chosen->standing == SHARE_RESERVED, share_is_reserved(naive, now));
    if (chosen->standing != SHARE_RESERVED)
        assert_true(chosen->virtual_time == naive->virtual_time);
}

static void live_a_little(struct share *share) {
    switch (random_below(6)) {
    case 0:
    case 1:
    case 2:
        share_queue_place(&queue, share, random_below(2), random_below(1u << CPUS));
        return;
    case 3:
        share_queue_limit_lag(&queue, share, now);
        return;
    default:
        if (share->standing == SHARE_AWAY)
            share_queue_add(&queue, share, now);
        else if (random_below(3) == 0)
            share_queue_remove(&queue, share);
    }
}

static uint32_t places(void) {
    uint32_t sum = 0;

    for (uint32_t cpu = 0; cpu < CPUS; cpu++)
        sum += queue.confined[cpu].reserved.count + queue.confined[cpu].weighted.count;
    return sum;
}

static void each_cpu_has_the_naive_choice(void **state) {
    (void)state;
    for (uint32_t round = 0; round < 60; round++) {
        begin(1 + random_below(MOST));
        for (uint32_t n = 0; n < 3000; n++) {
            uint32_t cpu = random_below(CPUS);
            struct share *chosen;

            live_a_little(&shares[random_below(count)]);
            chosen = choose(cpu);
            assert_as_good(chosen, naive_choice(cpu), cpu);
            assert_int_equal(places(), queue.confined_count);
            uint64_t ran = 1 + random_below(random_below(20) ? MILLISECOND : 150 * MILLISECOND);
            now += ran;
            if (chosen)
                share_queue_charge(&queue, chosen, now, ran);
        }
    }
}

/* The one of those that have a thread for that CPU in particular, whoever else is ready. */
static void who_is_confined_is_found(void **state) {
    (void)state;
    begin(3);
    for (uint32_t n = 0; n < 3; n++)
        share_initialise(&shares[n], n == 2 ? 10 : 0, 100, 100);
    share_queue_place(&queue, &shares[1], false, 2);
    share_queue_place(&queue, &shares[2], true, 4);
    for (uint32_t n = 0; n < 3; n++)
        share_queue_add(&queue, &shares[n], now);
    assert_null(share_queue_confined(&queue, 0));
    assert_ptr_equal(share_queue_confined(&queue, 1), &shares[1]);
    assert_ptr_equal(share_queue_confined(&queue, 2), &shares[2]);
    assert_int_equal(share_queue_reserved(&queue, 0), 1);
    assert_int_equal(share_queue_reserved(&queue, 2), 2);
    share_queue_place(&queue, &shares[2], false, 0);
    assert_null(share_queue_confined(&queue, 2));
    assert_int_equal(share_queue_reserved(&queue, 2), 0);
    assert_int_equal(queue.count, 3);
}

/* For ten seconds it waits at a CPU that others have; then it may run beside who worked on another one all the while. */
static void waiting_at_one_cpu_is_no_credit_elsewhere(void **state) {
    struct share *waits = &shares[0], *works = &shares[1];
    uint64_t total;

    (void)state;
    begin(2);
    for (uint32_t n = 0; n < 2; n++)
        share_initialise(&shares[n], 0, 100, 100);
    share_queue_place(&queue, waits, false, 2);
    share_queue_add(&queue, waits, now);
    share_queue_add(&queue, works, now);
    for (uint32_t n = 0; n < 10000; n++) {
        assert_ptr_equal(choose(0), works);
        share_queue_charge(&queue, works, now += MILLISECOND, MILLISECOND);
    }
    total = works->total;
    share_queue_limit_lag(&queue, waits, now);
    share_queue_place(&queue, waits, true, 0);
    for (uint32_t n = 0; n < 1000; n++)
        share_queue_charge(&queue, choose(0), now += MILLISECOND, MILLISECOND);
    assert_in_range(works->total - total, 440 * MILLISECOND, 500 * MILLISECOND);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_cpu_has_the_naive_choice),
        cmocka_unit_test(who_is_confined_is_found),
        cmocka_unit_test(waiting_at_one_cpu_is_no_credit_elsewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
