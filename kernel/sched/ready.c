// SPDX-License-Identifier: MIT
/*
 * See ready.h. The links of a tenant's threads are stale once it ends (scheduler_stop_tenant()), and nothing follows them.
 */
#include "kernel/sched/ready.h"

#include "kernel/cpu/cpu.h"
#include "kernel/domain/tenant.h"

#include <stddef.h>

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

void ready_add(struct thread *thread, ready_insert *insert, uint64_t now) {
    struct tenant *tenant = thread->tenant;

    thread->state = THREAD_READY;
    if (tenant && tenant->state != TENANT_RUNNING)
        return;
    if (tenant && tenant->share.standing == SHARE_AWAY)
        share_queue_add(&ready.tenants, &tenant->share, now);
    insert(queue_of(thread), thread);
}

void ready_remove(struct thread *thread) {
    thread_queue_remove(queue_of(thread), thread);
}

bool ready_has(const struct thread *thread) {
    if (thread->tenant && thread->tenant->state != TENANT_RUNNING)
        return false;
    return thread_queue_has(queue_of(thread), thread);
}

static bool runs_somewhere(const struct tenant *tenant) {
    for (uint32_t n = 0; n < cpu_count(); n++)
        if (cpus[n]->current && cpus[n]->current->tenant == tenant)
            return true;
    return false;
}

void ready_look_at(struct tenant *tenant) {
    if (tenant->ready.first == NULL && tenant->share.standing != SHARE_AWAY &&
        !runs_somewhere(tenant))
        share_queue_remove(&ready.tenants, &tenant->share);
}

struct tenant *ready_best_tenant(uint64_t now) {
    struct share *share;

    while ((share = share_queue_choose(&ready.tenants, now)) != NULL) {
        struct tenant *tenant = HEAP_OWNER(share, struct tenant, share);

        if (tenant->ready.first)
            return tenant;
        share_queue_remove(&ready.tenants, share);
    }
    return NULL;
}
