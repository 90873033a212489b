// SPDX-License-Identifier: MIT
/*
 * See ready.h. The links of a tenant's threads are stale once it ends (scheduler_stop_tenant()), and nothing follows them.
 */
#include "kernel/sched/ready.h"

#include "kernel/cpu/cpu.h"
#include "kernel/domain/tenant.h"
#include "kernel/sched/confined_queue.h"

#include <stddef.h>

_Static_assert(SHARE_CPUS == CPU_MAX, "each CPU has its heaps");

static struct heap_node *heap_nodes[3][TENANT_MAX + 1], *confined_nodes[CPU_MAX][2][TENANT_MAX + 1];

#define CONFINED(cpu)                                                                              \
    {                                                                                              \
        {confined_nodes[cpu][0], 0}, {                                                             \
            confined_nodes[cpu][1], 0                                                              \
        }                                                                                          \
    }

struct ready ready = {
    .tenants =
        {
            .reserved = {heap_nodes[0], 0},
            .weighted = {heap_nodes[1], 0},
            .renewals = {heap_nodes[2], 0},
            .confined = {CONFINED(0), CONFINED(1), CONFINED(2), CONFINED(3), CONFINED(4),
                         CONFINED(5), CONFINED(6), CONFINED(7)},
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

/* ---- Tenants with confined threads ---- */

static void place(struct tenant *tenant, uint64_t now) {
    struct share *share = &tenant->share;
    bool anywhere = tenant->confined == 0 || tenant->ready.first;

    if (anywhere && !share->anywhere)
        share_queue_limit_lag(&ready.tenants, share, now);
    share_queue_place(&ready.tenants, share, anywhere, confined_cpus(tenant->ready_confined));
}

void ready_places_change(struct tenant *tenant, uint64_t now) {
    share_queue_limit_lag(&ready.tenants, &tenant->share, now);
    place(tenant, now);
}

/* Threads of both kinds take turns by how long they have waited; who goes back to the head has not waited less. */
static __attribute__((noinline)) void add_beside_confined(struct thread *thread,
                                                          enum ready_place where, uint64_t now) {
    struct tenant *tenant = thread->tenant;

    if (where == READY_LAST)
        thread->ready_since = now;
    if (thread->confinement == NULL)
        insert(&tenant->ready, thread, where);
    else if (where == READY_LAST)
        confined_append(tenant->ready_confined, thread);
    else
        confined_prepend(tenant->ready_confined, thread);
    place(tenant, now);
    if (tenant->share.standing == SHARE_AWAY)
        share_queue_add(&ready.tenants, &tenant->share, now);
}

static __attribute__((noinline)) void remove_beside_confined(struct thread *thread) {
    struct tenant *tenant = thread->tenant;

    if (thread->confinement)
        confined_remove(tenant->ready_confined, thread);
    else
        thread_queue_remove(&tenant->ready, thread);
    share_queue_place(&ready.tenants, &tenant->share, tenant->ready.first,
                      confined_cpus(tenant->ready_confined));
}

struct tenant *ready_confined_tenant(uint32_t cpu) {
    struct share *share = share_queue_confined(&ready.tenants, cpu);

    return share ? HEAP_OWNER(share, struct tenant, share) : NULL;
}

/* ---- All ---- */

void ready_add(struct thread *thread, enum ready_place where, uint64_t now) {
    struct tenant *tenant = thread->tenant;

    thread->state = THREAD_READY;
    if (tenant && tenant->state != TENANT_RUNNING)
        return;
    if (tenant && tenant->confined) {
        add_beside_confined(thread, where, now);
        return;
    }
    if (tenant && tenant->share.standing == SHARE_AWAY)
        share_queue_add(&ready.tenants, &tenant->share, now);
    insert(queue_of(thread), thread, where);
}

void ready_remove(struct thread *thread) {
    if (thread->tenant && thread->tenant->confined)
        remove_beside_confined(thread);
    else
        thread_queue_remove(queue_of(thread), thread);
}

bool ready_has(const struct thread *thread) {
    if (thread->tenant && thread->tenant->state != TENANT_RUNNING)
        return false;
    if (thread->confinement)
        return confined_has(thread->tenant->ready_confined, thread);
    return thread_queue_has(queue_of(thread), thread);
}

static bool runs_somewhere(const struct tenant *tenant) {
    for (uint32_t n = 0; n < cpu_count(); n++)
        if (cpus[n]->current && cpus[n]->current->tenant == tenant)
            return true;
    return false;
}

void ready_look_at(struct tenant *tenant) {
    if (tenant->ready.first == NULL && tenant->share.cpus == 0 &&
        tenant->share.standing != SHARE_AWAY && !runs_somewhere(tenant))
        share_queue_remove(&ready.tenants, &tenant->share);
}

void ready_forget(struct tenant *tenant) {
    tenant->ready = (struct thread_queue){NULL, NULL};
    for (uint32_t cpu = 0; cpu < CPU_MAX; cpu++)
        tenant->ready_confined[cpu] = (struct thread_queue){NULL, NULL};
    share_queue_place(&ready.tenants, &tenant->share, true, 0);
}

struct thread *ready_next_thread(const struct tenant *tenant, uint32_t cpu) {
    struct thread *first = tenant->ready.first, *confined;

    if (tenant->confined == 0)
        return first;
    confined = tenant->ready_confined[cpu].first;
    return first && (confined == NULL || first->ready_since <= confined->ready_since) ? first
                                                                                      : confined;
}

struct tenant *ready_best_tenant(uint32_t cpu, uint64_t now) {
    struct share *share;

    while ((share = share_queue_choose(&ready.tenants, cpu, now)) != NULL) {
        struct tenant *tenant = HEAP_OWNER(share, struct tenant, share);

        if (tenant->ready.first || tenant->ready_confined[cpu].first)
            return tenant;
        share_queue_remove(&ready.tenants, share);
    }
    return NULL;
}
