// SPDX-License-Identifier: MIT
/*
 * Making, finding, waking and ending threads.
 */
#include "kernel/sched/thread.h"

#include "kernel/abi/layout.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/registers.h"
#include "kernel/defence.h"
#include "kernel/domain/driver.h"
#include "kernel/domain/tenant.h"
#include "kernel/sched/placement.h"
#include "kernel/sched/scheduler.h"
#include "kernel/sched/timeout.h"

#include <stddef.h>

#define DEFAULT_WEIGHT  100
#define STACK_ALIGNMENT 16u

/* x87 control word and MXCSR as Linux gives them to a new program; everything else empty. */
static void fresh_fpu(struct thread *thread) {
    thread->fpu[0] = 0x7F;
    thread->fpu[1] = 0x03;
    thread->fpu[24] = 0x80;
    thread->fpu[25] = 0x1F;
}

void thread_save_fpu(struct thread *thread) {
    if (this_cpu()->fpu_owner == thread)
        __asm__ volatile("fxsave %0" : "=m"(thread->fpu));
}

/* FPU state and TLS are those of the creating thread, as fork and clone want it. Not its app space: the
 * creator may be gone, and its space with it, before the new thread runs for the first time. */
static void inherit(struct thread *thread, struct thread *creator) {
    if (creator == NULL || creator->tenant != thread->tenant) {
        fresh_fpu(thread);
        return;
    }
    thread_save_fpu(creator);
    for (uint32_t i = 0; i < sizeof thread->fpu; i++)
        thread->fpu[i] = creator->fpu[i];
    for (uint32_t slot = 0; slot < TLS_SLOT_COUNT; slot++)
        thread->tls[slot] = creator->tls[slot];
}

static bool in_manager(uint32_t address) {
    return address >= MANAGER_BASE && address < MANAGER_LIMIT;
}

enum status thread_create(struct tenant *tenant, const struct thread_start *start,
                          struct thread **made) {
    struct thread *thread;
    enum status status;

    if (DEFENCE_THREAD_RANGE &&
        (!in_manager(start->instruction) || !in_manager(start->stack - 4) ||
         !in_manager(start->stack_top - 4) || start->stack_top % STACK_ALIGNMENT))
        return STATUS_BAD_ADDRESS;
    if (tenant->thread_count == THREAD_MAX)
        return STATUS_NO_MEMORY;
    thread = object_allocate(&tenant->pool, sizeof *thread);
    if (thread == NULL)
        return STATUS_NO_MEMORY;

    thread->tenant = tenant;
    status = placement_set(thread, &start->placement);
    if (status != STATUS_OK) {
        object_free(&tenant->pool, thread);
        return status;
    }
    tenant->last_thread_handle =
        digital_unused(tenant->threads_by_handle, tenant->last_thread_handle);
    digital_insert(&tenant->threads_by_handle, &thread->by_handle, tenant->last_thread_handle);
    thread->stack_top = start->stack_top;
    thread->weight = DEFAULT_WEIGHT;
    inherit(thread, this_cpu()->current);
    thread->frame = (struct trap_frame){
        .ds = SELECTOR_MANAGER_DATA,
        .es = SELECTOR_MANAGER_DATA,
        .ss = SELECTOR_MANAGER_DATA,
        .cs = SELECTOR_MANAGER_CODE,
        .eip = start->instruction,
        .esp = start->stack,
        .eax = start->argument,
        .eflags = EFLAGS_OUTER,
    };
    thread->next = tenant->threads;
    if (thread->next)
        thread->next->previous = thread;
    tenant->threads = thread;
    tenant->thread_count++;
    scheduler_ready(thread);
    *made = thread;
    return STATUS_OK;
}

void thread_start_driver(struct thread *thread, struct driver *driver, uint32_t entry) {
    scheduler_remove(thread);
    thread->driver = driver;
    thread->frame = (struct trap_frame){
        .ds = SELECTOR_DRIVER_DATA,
        .es = SELECTOR_DRIVER_DATA,
        .ss = SELECTOR_DRIVER_DATA,
        .cs = SELECTOR_DRIVER_CODE,
        .eip = entry,
        .esp = DRIVER_STACK_TOP,
        .eflags = EFLAGS_OUTER,
    };
    scheduler_ready(thread);
}

static void forget_everywhere(const struct thread *thread) {
    for (uint32_t n = 0; n < cpu_count(); n++) {
        if (cpus[n]->fpu_owner == thread)
            cpus[n]->fpu_owner = NULL;
        if (cpus[n]->resumed == thread)
            cpus[n]->resumed = NULL;
    }
}

void thread_destroy(struct thread *thread) {
    struct tenant *tenant = thread->tenant;

    scheduler_remove(thread);
    placement_end(thread);
    forget_everywhere(thread);
    if (thread->space)
        thread->space->threads--;
    digital_remove(&tenant->threads_by_handle, &thread->by_handle);
    *(thread->previous ? &thread->previous->next : &tenant->threads) = thread->next;
    if (thread->next)
        thread->next->previous = thread->previous;
    tenant->thread_count--;
    object_free(&tenant->pool, thread);
}

struct thread *thread_find(struct tenant *tenant, uint32_t handle) {
    struct digital_node *node = digital_find(tenant->threads_by_handle, handle);

    return node ? CONTAINER_OF(node, struct thread, by_handle) : NULL;
}

void thread_wait_for(struct thread *thread, uint32_t word) {
    thread->wait_word = word;
    if (word != 0)
        waiter_add(&thread->tenant->waiters, &thread->waiter, word);
}

void thread_wait_no_more(struct thread *thread) {
    if (thread->wait_word != 0)
        waiter_remove(&thread->tenant->waiters, &thread->waiter);
    thread->wait_word = 0;
}

void thread_wake(struct thread *thread, enum status status, uint32_t value) {
    if (thread->state != THREAD_BLOCKED)
        return;
    timeout_remove(thread);
    thread_wait_no_more(thread);
    thread->frame.eax = status;
    thread->frame.edx = value;
    if (thread->tenant)
        thread->tenant->wakeups++;
    scheduler_ready(thread);
}

/* Out of line, so that a wake that finds nobody saves no registers for it. */
static __attribute__((noinline)) uint32_t wake_ring(struct digital_node **ring, uint32_t most) {
    uint32_t woken = 0;
    bool more = true;

    for (; more && woken < most && woken < THREAD_WAKE_BATCH; woken++) {
        struct thread *thread = CONTAINER_OF(waiter_take(ring, &more), struct thread, waiter);

        thread->wait_word = 0;
        thread_wake(thread, STATUS_OK, 0);
    }
    return woken;
}

uint32_t thread_wake_word(struct tenant *tenant, uint32_t word, uint32_t most) {
    struct digital_node **ring = digital_place(&tenant->waiters, word);

    return *ring ? wake_ring(ring, most) : 0;
}
