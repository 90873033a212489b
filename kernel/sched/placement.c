// SPDX-License-Identifier: MIT
#include "kernel/sched/placement.h"

#include "kernel/cpu/cpu.h"
#include "kernel/dev/clock.h"
#include "kernel/domain/tenant.h"
#include "kernel/sched/placed_queue.h"
#include "kernel/sched/ready.h"
#include "kernel/sched/scheduler.h"

#include <stddef.h>

#define NANOSECONDS 1000u /* in a microsecond */

static uint32_t all_cpus(void) {
    return (1u << cpu_count()) - 1;
}

/* ---- The memory for it ---- */

static struct placement *make(struct tenant *tenant) {
    struct placement *made = object_allocate(&tenant->pool, sizeof *made);

    if (made && !ready_open_seats(tenant)) {
        object_free(&tenant->pool, made);
        return NULL;
    }
    return made;
}

static void give(struct thread *thread, struct placement *made) {
    made->thread = thread;
    thread->placement = made;
    thread->tenant->placed++;
}

static void take(struct thread *thread) {
    object_free(&thread->tenant->pool, thread->placement);
    thread->placement = NULL;
    thread->tenant->placed--;
}

/* ---- What it is ---- */

static bool is_needed(const struct thread_placement *wanted) {
    return wanted->cpus != all_cpus() || wanted->priority > 0;
}

static void apply(struct thread *thread, const struct thread_placement *wanted) {
    thread->placement->cpus = wanted->cpus;
    thread->placement->priority = wanted->priority;
    thread->placement->slice = wanted->slice * NANOSECONDS;
}

/* Out of its queues and into others, if it is ready. */
static void change(struct thread *thread, const struct thread_placement *wanted,
                   struct placement *made) {
    bool is_ready = ready_leave(thread);

    thread->slice_left = 0;
    if (made)
        give(thread, made);
    if (is_needed(wanted))
        apply(thread, wanted);
    else if (thread->placement)
        take(thread);
    if (is_ready)
        ready_return(thread, clock_now());
    ready_look_at(thread->tenant);
}

enum status placement_set(struct thread *thread, const struct thread_placement *wanted) {
    struct thread_placement allowed = *wanted;
    struct placement *made = NULL;

    allowed.cpus = wanted->cpus ? wanted->cpus & all_cpus() : all_cpus();
    if (allowed.cpus == 0 || wanted->priority > THREAD_PRIORITY_MOST ||
        wanted->slice > THREAD_SLICE_MOST)
        return STATUS_BAD_ARGUMENT;
    if (!is_needed(&allowed) && thread->placement == NULL)
        return STATUS_OK;
    if (thread->placement == NULL) {
        made = make(thread->tenant);
        if (made == NULL)
            return STATUS_NO_MEMORY;
    }
    change(thread, &allowed, made);
    scheduler_placement_changed(thread);
    return STATUS_OK;
}

void placement_end(struct thread *thread) {
    if (thread->placement == NULL)
        return;
    take(thread);
    ready_look_at(thread->tenant);
}
