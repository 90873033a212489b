// SPDX-License-Identifier: MIT
/*
 * See ready.h. The links of a tenant's threads are stale once it ends (scheduler_stop_tenant()), and nothing follows them.
 */
#include "kernel/sched/ready.h"

#include "kernel/cpu/cpu.h"
#include "kernel/domain/tenant.h"
#include "kernel/sched/placed_queue.h"

#include <stddef.h>

_Static_assert(SHARE_CPUS == CPU_MAX, "each CPU has its seats");

static struct heap_node *heap_nodes[3][TENANT_MAX + 1];
struct ready ready = {
    .tenants =
        {
            .reserved = {heap_nodes[0], 0},
            .weighted = {heap_nodes[1], 0},
            .renewals = {heap_nodes[2], 0},
        },
};

static struct thread_queue *queue_of(const struct thread *thread) {
    return thread->tenant ? &thread->tenant->ready : &ready.drivers;
}

static void insert(struct thread_queue *queue, struct thread *thread, enum ready_place where) {
    if (where == READY_FIRST)
        thread_queue_prepend(queue, thread);
    else
        thread_queue_append(queue, thread);
}

/* ---- Of tenants with placed threads ---- */

/* Where its threads run that do, and those that are ready could. */
static uint32_t places_in_use(const struct tenant *tenant) {
    uint32_t places = placed_cpus(tenant->seating) | (tenant->ready.first ? SHARE_ANYWHERE : 0);

    for (uint32_t n = 0; n < cpu_count(); n++) {
        const struct thread *thread = cpus[n]->current;

        if (thread && thread->tenant == tenant)
            places |= thread->placement ? thread->placement->cpus : SHARE_ANYWHERE;
    }
    return places;
}

static void place(struct tenant *tenant, uint32_t in_use) {
    seats_place(&ready.tenants, &tenant->share, tenant->ready.first, placed_cpus(tenant->seating),
                in_use);
}

/* No two have waited equally long: of such, who goes back to the head might be put behind the other one. */
static uint64_t ready_from(uint64_t now) {
    static uint64_t last;

    return last = now > last ? now : last + 1;
}

/* Threads of both kinds take turns by how long they have waited; who goes back to the head has not waited less. */
static __attribute__((noinline)) void add_beside_placed(struct thread *thread,
                                                        enum ready_place where, uint64_t now) {
    struct tenant *tenant = thread->tenant;

    if (where == READY_LAST)
        thread->ready_since = ready_from(now);
    if (thread->placement)
        placed_add(tenant->seating, thread);
    else
        insert(&tenant->ready, thread, where);
    place(tenant, places_in_use(tenant));
    if (tenant->share.standing == SHARE_AWAY)
        share_queue_add(&ready.tenants, &tenant->share, now);
}

/* It may be about to run: until it does, its places are in use all the same. */
static __attribute__((noinline)) void remove_beside_placed(struct thread *thread) {
    struct tenant *tenant = thread->tenant;

    if (thread->placement)
        placed_remove(tenant->seating, thread);
    else
        thread_queue_remove(&tenant->ready, thread);
    place(tenant, tenant->share.in_use);
}

bool ready_open_seats(struct tenant *tenant) {
    if (tenant->seating)
        return true;
    tenant->seating = object_allocate(&tenant->pool, sizeof *tenant->seating);
    if (tenant->seating == NULL)
        return false;
    ready.tenants.cpu_count = cpu_count();
    seats_open(&ready.tenants, &tenant->share, tenant->seating->seats);
    place(tenant, places_in_use(tenant));
    return true;
}

static void close_seats(struct tenant *tenant) {
    seats_close(&ready.tenants, &tenant->share);
    object_free(&tenant->pool, tenant->seating);
    tenant->seating = NULL;
}

/* Then it is there that it will be charged. */
static bool runs_by_a_seat(const struct tenant *tenant) {
    for (uint32_t n = 0; n < cpu_count(); n++)
        if (cpus[n]->current && cpus[n]->current->tenant == tenant &&
            cpus[n]->chosen_at != SHARE_ANYWHERE)
            return true;
    return false;
}

static __attribute__((noinline)) void look_at_placed(struct tenant *tenant) {
    place(tenant, places_in_use(tenant));
    if (tenant->placed == 0 && seats_are_paid(&ready.tenants, &tenant->share) &&
        !runs_by_a_seat(tenant))
        close_seats(tenant);
}

struct tenant *ready_seated_tenant(uint32_t cpu, const struct tenant *best) {
    struct share *share = seats_choose_first(&ready.tenants, cpu, best->share.standing);

    return share ? HEAP_OWNER(share, struct tenant, share) : NULL;
}

/* ---- All ---- */

/* Inlined where each choice needs it: a call more is 2 % of a switch between threads. */
static __attribute__((always_inline)) inline void add(struct thread *thread, enum ready_place where,
                                                      uint64_t now) {
    struct tenant *tenant = thread->tenant;

    thread->state = THREAD_READY;
    if (tenant && tenant->state != TENANT_RUNNING)
        return;
    if (tenant && tenant->seating) {
        add_beside_placed(thread, where, now);
        return;
    }
    if (tenant && tenant->share.standing == SHARE_AWAY)
        share_queue_add(&ready.tenants, &tenant->share, now);
    insert(queue_of(thread), thread, where);
}

static __attribute__((always_inline)) inline void take_out(struct thread *thread) {
    if (thread->tenant && thread->tenant->seating)
        remove_beside_placed(thread);
    else
        thread_queue_remove(queue_of(thread), thread);
}

void ready_add(struct thread *thread, enum ready_place where, uint64_t now) {
    add(thread, where, now);
}

void ready_remove(struct thread *thread) {
    take_out(thread);
}

bool ready_has(const struct thread *thread) {
    if (thread->tenant && thread->tenant->state != TENANT_RUNNING)
        return false;
    return thread->placement ? placed_has(thread) : thread_queue_has(queue_of(thread), thread);
}

__attribute__((noinline)) bool ready_leave(struct thread *thread) {
    bool is_ready = ready_has(thread);

    if (is_ready)
        take_out(thread);
    return is_ready;
}

__attribute__((noinline)) void ready_return(struct thread *thread, uint64_t now) {
    add(thread, READY_LAST, now);
}

static bool runs_somewhere(const struct tenant *tenant) {
    for (uint32_t n = 0; n < cpu_count(); n++)
        if (cpus[n]->current && cpus[n]->current->tenant == tenant)
            return true;
    return false;
}

void ready_look_at(struct tenant *tenant) {
    if (tenant->seating)
        look_at_placed(tenant);
    if (tenant->ready.first == NULL && tenant->share.cpus == 0 &&
        tenant->share.standing != SHARE_AWAY && !runs_somewhere(tenant))
        share_queue_remove(&ready.tenants, &tenant->share);
}

void ready_forget(struct tenant *tenant) {
    tenant->ready = (struct thread_queue){NULL, NULL};
    if (tenant->seating)
        close_seats(tenant);
    ready_look_at(tenant);
}

struct thread *ready_next_thread(const struct tenant *tenant, uint32_t cpu, uint64_t now) {
    struct thread *first = tenant->ready.first;

    return tenant->seating ? placed_next(tenant->seating, cpu, first, now) : first;
}

struct tenant *ready_best_tenant(uint32_t cpu, uint64_t now) {
    struct share *share;

    while ((share = share_queue_choose(&ready.tenants, cpu, now)) != NULL) {
        struct tenant *tenant = HEAP_OWNER(share, struct tenant, share);

        if (tenant->ready.first || tenant->share.cpus & 1u << cpu)
            return tenant;
        share_queue_remove(&ready.tenants, share);
    }
    return NULL;
}
