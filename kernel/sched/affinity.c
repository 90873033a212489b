// SPDX-License-Identifier: MIT
#include "kernel/sched/affinity.h"

#include "kernel/cpu/cpu.h"
#include "kernel/dev/clock.h"
#include "kernel/domain/tenant.h"
#include "kernel/sched/ready.h"
#include "kernel/sched/scheduler.h"

#include <stddef.h>

static uint32_t all_cpus(void) {
    return (1u << cpu_count()) - 1;
}

static void release(struct thread *thread) {
    if (thread->confinement == NULL)
        return;
    object_free(&thread->tenant->pool, thread->confinement);
    thread->confinement = NULL;
    thread->tenant->confined--;
}

static void confine(struct thread *thread, uint32_t allowed, struct confinement *made) {
    if (made) {
        thread->confinement = made;
        thread->tenant->confined++;
    }
    thread->cpus = allowed;
}

/* Out of its queues and into others, if it is ready. */
static void change(struct thread *thread, uint32_t allowed, struct confinement *made) {
    bool is_ready = ready_has(thread);

    if (is_ready)
        ready_remove(thread);
    if (allowed == all_cpus())
        release(thread);
    else
        confine(thread, allowed, made);
    ready_places_change(thread->tenant, clock_now());
    if (is_ready)
        ready_add(thread, READY_LAST, clock_now());
}

enum status affinity_set(struct thread *thread, uint32_t wanted) {
    uint32_t allowed = wanted & all_cpus();
    struct confinement *made = NULL;

    if (allowed == 0)
        return STATUS_BAD_ARGUMENT;
    if (allowed == (thread->confinement ? thread->cpus : all_cpus()))
        return STATUS_OK;
    if (allowed != all_cpus() && thread->confinement == NULL) {
        made = object_allocate(&thread->tenant->pool, sizeof *made);
        if (made == NULL)
            return STATUS_NO_MEMORY;
    }
    change(thread, allowed, made);
    scheduler_affinity_changed(thread);
    return STATUS_OK;
}

void affinity_end(struct thread *thread) {
    if (thread->confinement == NULL)
        return;
    release(thread);
    ready_places_change(thread->tenant, clock_now());
}
