// SPDX-License-Identifier: MIT
/*
 * The way back to the app when there is work: end, stop, signals, and the interrupted system call.
 *
 *   pending ──> ending? ──> thread_exit
 *            ├─ stopped? ──> sleep until it goes on
 *            └─ a signal ──> ignored: next one
 *                         ├─ default: end or stop the process
 *                         └─ handler: a frame on the app's stack; registers that start the handler
 *
 * The interrupted call is settled once: at the first handler, or at the end if there was none
 * (restart.h).
 */
#include "domains/linux/entry/entry.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/user.h"
#include "domains/linux/process/tree.h"
#include "domains/linux/signal/default.h"
#include "domains/linux/signal/frame.h"
#include "domains/linux/signal/restart.h"
#include "domains/linux/signal/state.h"

#define RESTART_CALL 0 /* restart_syscall */
#define INT80_BYTES  2
#define LCALL_BYTES  7
#define INT80_BYTE   0xCD

/* How long is the instruction by which the app came in? The bytes before EIP tell: an lcall ends in
 * the gate's selector, never in int 0x80. */
static uint32_t entry_bytes(const struct registers *registers) {
    uint8_t code[INT80_BYTES];
    if (copy_in(code, registers->eip - INT80_BYTES, sizeof(code)) == 0 && code[0] == INT80_BYTE)
        return INT80_BYTES;
    return LCALL_BYTES;
}

static void run_again(struct registers *registers, uint32_t number) {
    registers->eip -= entry_bytes(registers);
    registers->eax = number;
}

static void settle_without_handler(struct registers *registers) {
    int32_t result = (int32_t)registers->eax;
    if (registers->number == NO_SYSTEM_CALL || !result_asks_for_restart(result))
        return;
    run_again(registers, result == -ERESTART_RESTARTBLOCK ? RESTART_CALL : registers->number);
}

static void settle_for_handler(struct registers *registers, uint32_t flags) {
    int32_t result = (int32_t)registers->eax;
    if (registers->number == NO_SYSTEM_CALL || !result_asks_for_restart(result))
        return;
    bool again = result == -ERESTARTNOINTR || (result == -ERESTARTSYS && flags & SA_RESTART);
    if (again)
        run_again(registers, registers->number);
    else
        registers->eax = (uint32_t)-EINTR;
}

static int take_next(struct thread *thread, struct signal_information *information) {
    struct process *process = thread->process;
    int signal = signal_first((thread->pending.set | process->pending.set) & ~thread->blocked);
    bool own = signal != 0 && thread->pending.set & signal_bit(signal);
    struct signal_queue *queue = own ? &thread->pending : &process->pending;
    if (signal != 0)
        signal_take(thread, queue, signal, information);
    return signal;
}

static void by_default(struct process *process, int signal) {
    signal_set bit = signal_bit(signal);
    if (bit & SIGNALS_IGNORED)
        return;
    if (!(bit & SIGNALS_STOP))
        process_end(process, signal);
    else if (signal == SIGSTOP || !group_is_orphaned(process->process_group, NULL))
        process_stop(process, signal);
}

/* After the handler: what was blocked before it, plus nothing. While it runs: its own mask too. */
static void handle(struct thread *thread, const struct signal_information *information,
                   struct registers *registers) {
    struct signal_action *action = signal_action(thread->process, information->signal);
    const struct signal_action now = *action;
    settle_for_handler(registers, now.flags);
    registers->number = NO_SYSTEM_CALL;
    signal_set mask = thread->restore_blocked ? thread->blocked_before : thread->blocked;
    if (now.flags & SA_RESETHAND)
        action->handler = SIGNAL_DEFAULT;
    if (signal_frame_push(thread, information, &now, mask, registers) != 0) {
        signal_frame_failed(thread, information->signal);
        return;
    }
    thread->restore_blocked = false;
    signal_set more = now.mask | (now.flags & SA_NODEFER ? 0 : signal_bit(information->signal));
    signals_block(thread->blocked | more);
}

static void deliver(struct thread *thread, int signal, const struct signal_information *information,
                    struct registers *registers) {
    uint32_t handler = signal_action(thread->process, signal)->handler;
    if (handler == SIGNAL_IGNORE)
        return;
    if (handler == SIGNAL_DEFAULT)
        by_default(thread->process, signal);
    else
        handle(thread, information, registers);
}

static void end_or_stop(struct thread *thread) {
    struct process *process = thread->process;
    while (process->ending || process->stopped ||
           (process->survivor != NULL && process->survivor != thread)) {
        if (!process->stopped || process->ending || process->survivor != NULL)
            thread_exit();
        wait_uninterrupted(&process->stop_event, DEADLINE_NEVER);
    }
}

FROM_ASSEMBLY void return_with_work(struct registers *registers) {
    struct thread *thread = current_thread();
    struct signal_information information;
    manager_lock();
    for (;;) {
        end_or_stop(thread);
        int signal = take_next(thread, &information);
        if (signal == 0)
            break;
        deliver(thread, signal, &information, registers);
    }
    settle_without_handler(registers);
    registers->number = NO_SYSTEM_CALL;
    if (thread->restore_blocked) {
        thread->restore_blocked = false;
        signals_block(thread->blocked_before);
    }
    signals_recalculate(thread);
    manager_unlock();
}
