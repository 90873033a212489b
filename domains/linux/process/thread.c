// SPDX-License-Identifier: MIT
/*
 * Making, starting and ending threads of processes.
 */
#include "domains/linux/process/thread.h"

#include "domains/lib/clock.h"
#include "domains/lib/gate.h"
#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/lib/text.h"
#include "domains/linux/defence.h"
#include "domains/linux/entry/entry.h"
#include "domains/linux/memory/space.h"
#include "domains/linux/memory/user.h"
#include "domains/linux/process/futex.h"
#include "domains/linux/process/memory_shortage.h"
#include "domains/linux/process/tree.h"
#include "domains/linux/signal/state.h"

uint32_t thread_total;

struct thread *thread_make(struct process *process) {
    struct thread *thread = heap_allocate(sizeof(*thread));
    if (thread == NULL)
        return NULL;
    thread->control = thread_stack_make();
    if (thread->control == NULL) {
        heap_free(thread);
        return NULL;
    }
    memset(app_registers(thread), 0, sizeof(struct registers));
    thread->control->self = thread;
    thread->process = process;
    thread->next = process->threads;
    process->threads = thread;
    process->thread_count++;
    thread_total++;
    return thread;
}

static void leave_process(struct thread *thread) {
    struct process *process = thread->process;
    struct thread **link = &process->threads;
    while (*link != thread)
        link = &(*link)->next;
    *link = thread->next;
    process->thread_count--;
    thread_total--;
    wait_wake(&process->thread_event);
}

void thread_discard(struct thread *thread) {
    leave_process(thread);
    signal_queue_discard(&thread->pending, ~0ull);
    thread_stack_discard(thread->control);
    heap_free(thread);
}

bool thread_launch(struct thread *thread) {
    if (!thread_begin(thread->control, thread_to_app, thread, REGISTERS_BYTES,
                      schedule_placement(&thread->schedule)))
        return false;
    schedule_launched(thread);
    return true;
}

struct thread *thread_find(int32_t tid) {
    for (struct process *process = process_list; process != NULL; process = process->next)
        for (struct thread *thread = process->threads; thread != NULL; thread = thread->next)
            if (thread->tid == tid)
                return thread;
    return NULL;
}

void thread_rename(struct thread *thread, const char *name) {
    text_copy(thread->name, name, sizeof(thread->name));
    if (thread->tid == thread->process->pid)
        text_copy(thread->process->name, name, sizeof(thread->process->name));
}

static void load_tls(const struct thread *thread) {
    for (uint32_t slot = 0; slot < TLS_SLOT_COUNT; slot++)
        if (thread->tls_to_load & 1u << slot)
            core_thread_set_tls(slot, thread->tls[slot]);
}

/* A selector that cannot be loaded would be a fault in ring 2. */
static uint16_t loadable(uint32_t selector) {
    bool readable;
    __asm__ volatile("verr %w1" : "=@ccz"(readable) : "r"(selector));
    return readable || !DEFENCE_SIGNAL_THREAD_SEGMENTS ? (uint16_t)selector : 0;
}

void thread_load_segments(uint32_t fs, uint32_t gs) {
    __asm__ volatile("movw %0, %%fs" : : "r"(loadable(fs)));
    __asm__ volatile("movw %0, %%gs" : : "r"(loadable(gs)));
}

/* On the new thread itself, before it goes to the app. */
FROM_ASSEMBLY void thread_started(struct thread *thread) {
    manager_lock();
    if (thread->process->space != NULL)
        space_activate(thread->process->space->handle);
    load_tls(thread);
    thread_load_segments(thread->fs, thread->gs);
    if (thread->set_tid != 0)
        copy_out(thread->set_tid, &thread->tid, sizeof(thread->tid));
    if (thread->begin != NULL && thread->begin(thread->begin_argument) != 0)
        thread_exit();
    manager_unlock();
}

static void add_times(struct thread *thread) {
    struct thread_times times;
    if (core_thread_times(thread->control->handle, &times) != STATUS_OK)
        return;
    thread->process->app_time += times.app_nanoseconds;
    thread->process->manager_time += times.manager_nanoseconds;
}

static void clear_tid(struct thread *thread) {
    static const uint32_t zero = 0;
    if (thread->clear_tid == 0 || thread->process->space == NULL)
        return;
    if (copy_out(thread->clear_tid, &zero, sizeof(zero)) == 0)
        futex_wake(thread->clear_tid, 1);
}

_Noreturn void thread_exit(void) {
    struct thread *thread = current_thread();
    struct process *process = thread->process;
    robust_list_exit(thread);
    clear_tid(thread);
    bool last = process->thread_count == 1;
    if (last)
        process_release_resources(process);
    space_activate(0);
    if (last && process->space != NULL) {
        address_space_release(process->space);
        process->space = NULL;
        shortage_is_over();
    }
    add_times(thread);
    signal_queue_discard(&thread->pending, ~0ull);
    schedule_end(thread);
    leave_process(thread);
    signals_reassign(process);
    if (last)
        process_become_zombie(process);
    thread->control->self = NULL;
    thread->control->pending = 0;
    heap_free(thread);
    thread_end();
}
