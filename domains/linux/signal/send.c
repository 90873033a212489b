// SPDX-License-Identifier: MIT
/*
 * Sending: a signal becomes pending for a process or a thread, and somebody who does not block it
 * is poked.
 *
 *   SIGKILL      ends the process at once, whatever it does
 *   SIGCONT      takes pending stops back; a stopped process goes on, even if it is ignored
 *   a stop       takes a pending SIGCONT back
 */
#include "domains/linux/errno.h"
#include "domains/linux/file/file.h"
#include "domains/linux/process/usage.h"
#include "domains/linux/signal/default.h"
#include "domains/linux/signal/state.h"

#include "domains/lib/clock.h"
#include "domains/lib/gate.h"

#define INIT_PID         1
#define TICK_NANOSECONDS 10000000u

/* ---- The pending word ------------------------------------------------------------------------ */

static bool wants(const struct thread *thread, int signal) {
    return (~thread->blocked | thread->awaited) & signal_bit(signal);
}

static bool has_work(const struct thread *thread) {
    const struct process *process = thread->process;
    signal_set open = ~thread->blocked | thread->awaited;
    return process->ending || process->stopped ||
           (process->survivor != NULL && process->survivor != thread) ||
           (thread->pending.set | process->pending.set) & open;
}

void signals_recalculate(struct thread *thread) {
    thread->control->pending = has_work(thread);
    if (thread->control->pending && thread != current_thread())
        core_thread_poke(thread->control->handle);
}

void signals_recalculate_all(struct process *process) {
    for (struct thread *thread = process->threads; thread != NULL; thread = thread->next)
        signals_recalculate(thread);
}

void signals_reassign(struct process *process) {
    for (struct thread *thread = process->threads; thread != NULL; thread = thread->next)
        if (process->pending.set & (~thread->blocked | thread->awaited))
            signals_recalculate(thread);
}

void signals_block(signal_set set) {
    struct thread *thread = current_thread();
    thread->blocked = set & ~SIGNALS_UNBLOCKABLE;
    signals_recalculate(thread);
    signals_reassign(thread->process);
}

bool signal_pending(void) {
    const struct thread *thread = current_thread();
    return thread != NULL && thread->control->pending;
}

/* ---- Stopping and going on ------------------------------------------------------------------- */

static uint32_t ticks(uint64_t nanoseconds) {
    return (uint32_t)divide_u64(nanoseconds, TICK_NANOSECONDS, NULL);
}

void process_tell_parent(struct process *process, int code, int32_t status) {
    struct process *parent = process->parent;
    bool ended = code == CLD_EXITED || code == CLD_KILLED || code == CLD_DUMPED;
    int signal = ended ? process->exit_signal : SIGCHLD;
    if (parent == NULL || parent->zombie)
        return;
    wait_wake(&parent->child_event);
    if (signal == 0 || (!ended && signal_action(parent, SIGCHLD)->flags & SA_NOCLDSTOP))
        return;
    struct cpu_times times = process_cpu_times(process);
    const struct signal_information information = {
        .signal = signal,
        .code = code,
        .fields = {(uint32_t)process->pid, process->uid, (uint32_t)status, ticks(times.app),
                   ticks(times.manager)},
    };
    signal_send_process(parent, &information);
}

void process_stop(struct process *process, int signal) {
    process->stopped = true;
    process->stop_signal = signal;
    process->stop_reported = process->continued = false;
    signals_recalculate_all(process);
    process_tell_parent(process, CLD_STOPPED, signal);
}

void process_continue(struct process *process) {
    if (!process->stopped)
        return;
    process->stopped = process->stop_reported = false;
    process->continued = true;
    wait_wake(&process->stop_event);
    process_tell_parent(process, CLD_CONTINUED, SIGCONT);
}

static void discard_everywhere(struct process *process, signal_set set) {
    signal_queue_discard(&process->pending, set);
    for (struct thread *thread = process->threads; thread != NULL; thread = thread->next)
        signal_queue_discard(&thread->pending, set);
}

static void undo_opposites(struct process *process, int signal) {
    if (signal == SIGCONT) {
        discard_everywhere(process, SIGNALS_STOP);
        process_continue(process);
    } else if (signal_bit(signal) & SIGNALS_STOP) {
        discard_everywhere(process, signal_bit(SIGCONT));
    }
}

/* ---- Sending --------------------------------------------------------------------------------- */

static bool is_ignored(const struct process *process, int signal) {
    uint32_t handler = signal_action(process, signal)->handler;
    if (handler == SIGNAL_IGNORE)
        return true;
    bool by_default = handler == SIGNAL_DEFAULT;
    return by_default && (process->pid == INIT_PID || signal_bit(signal) & SIGNALS_IGNORED);
}

/* An ignored signal is dropped at once, unless somebody blocks it: the action may change until
 * then. */
static bool is_dropped(const struct process *process, const struct thread *only, int signal) {
    if (!is_ignored(process, signal))
        return false;
    for (const struct thread *thread = process->threads; thread != NULL; thread = thread->next)
        if ((only == NULL || only == thread) && thread->blocked & signal_bit(signal))
            return false;
    return true;
}

static uint32_t queue_room(const struct process *process) {
    uint64_t limit = process->limits[RLIMIT_SIGPENDING].current;
    return limit < UINT32_MAX ? (uint32_t)limit : UINT32_MAX;
}

static void poke_one(struct process *process, int signal) {
    struct thread *chosen = NULL;
    for (struct thread *thread = process->threads; thread != NULL; thread = thread->next)
        if (wants(thread, signal) && (chosen == NULL || thread == current_thread()))
            chosen = thread;
    if (chosen != NULL)
        signals_recalculate(chosen);
}

static int send(struct process *process, struct thread *thread,
                const struct signal_information *information) {
    int signal = information->signal;
    if (process->zombie || process->ending || process->signals == NULL)
        return 0;
    if (signal == SIGKILL && process->pid != INIT_PID) {
        process_end(process, SIGKILL);
        return 0;
    }
    undo_opposites(process, signal);
    if (is_dropped(process, thread, signal))
        return 0;
    struct signal_queue *queue = thread != NULL ? &thread->pending : &process->pending;
    if (signal_queue_add(queue, information, queue_room(process)) == QUEUE_FULL)
        return -EAGAIN;
    poll_wake(&process->signalled);
    if (thread == NULL)
        poke_one(process, signal);
    else if (wants(thread, signal))
        signals_recalculate(thread);
    return 0;
}

int signal_send_process(struct process *process, const struct signal_information *information) {
    return send(process, NULL, information);
}

int signal_send_thread(struct thread *thread, const struct signal_information *information) {
    return send(thread->process, thread, information);
}

void signal_process(struct process *process, int signal) {
    const struct signal_information information = {.signal = signal, .code = SI_KERNEL};
    signal_send_process(process, &information);
}

void signal_group(int32_t process_group, int signal) {
    for (struct process *process = process_list; process != NULL; process = process->next)
        if (process->process_group == process_group && !process->zombie)
            signal_process(process, signal);
}

bool signal_is_ignored(int signal) {
    const struct process *process = current_process();
    return current_thread()->blocked & signal_bit(signal) ||
           signal_action(process, signal)->handler == SIGNAL_IGNORE;
}

struct signal_information signal_from_current(int signal, int code) {
    const struct process *self = current_process();
    return (struct signal_information){
        .signal = signal, .code = code, .fields = {(uint32_t)self->pid, self->uid}};
}

void signal_force(const struct signal_information *information) {
    struct thread *thread = current_thread();
    struct signal_action *action = signal_action(thread->process, information->signal);
    signal_set bit = signal_bit(information->signal);
    if (thread->blocked & bit || action->handler == SIGNAL_IGNORE)
        action->handler = SIGNAL_DEFAULT;
    thread->blocked &= ~bit;
    signal_queue_add(&thread->pending, information, UINT32_MAX);
    signals_recalculate(thread);
}
