// SPDX-License-Identifier: MIT
/*
 * sigaction and its older forms, and the masks: sigprocmask, sigpending, sigsuspend, sigtimedwait.
 */
#include "domains/lib/clock.h"
#include "domains/lib/gate.h"
#include "domains/lib/memory.h"
#include "domains/linux/entry/call.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/user.h"
#include "domains/linux/signal/default.h"
#include "domains/linux/signal/restart.h"
#include "domains/linux/signal/state.h"
#include "domains/linux/time/time.h"
#include "domains/linux/time/timer.h"

enum { SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK };

/* struct old_kernel_sigaction and struct kernel_sigaction. */
struct old_action {
    uint32_t handler, mask, flags, restorer;
};
struct app_action {
    uint32_t handler, flags, restorer, mask[2];
};

static bool is_signal(uint32_t signal) {
    return signal >= 1 && signal <= SIGNAL_COUNT;
}

/* What is ignored from now on is no longer pending. */
static void drop_if_ignored(struct process *process, int signal) {
    uint32_t handler = signal_action(process, signal)->handler;
    if (handler != SIGNAL_IGNORE &&
        !(handler == SIGNAL_DEFAULT && signal_bit(signal) & SIGNALS_IGNORED))
        return;
    signal_queue_discard(&process->pending, signal_bit(signal));
    for (struct thread *thread = process->threads; thread != NULL; thread = thread->next)
        signal_queue_discard(&thread->pending, signal_bit(signal));
}

static int exchange(uint32_t signal, const struct signal_action *new, struct signal_action *old) {
    struct process *process = current_process();
    if (!is_signal(signal) || (new != NULL &&signal_bit((int)signal) & SIGNALS_UNBLOCKABLE))
        return -EINVAL;
    struct signal_action *action = signal_action(process, (int)signal);
    *old = *action;
    if (new == NULL)
        return 0;
    *action = *new;
    action->mask &= ~SIGNALS_UNBLOCKABLE;
    drop_if_ignored(process, (int)signal);
    return 0;
}

SYSTEM_CALL_4(rt_sigaction, signal, wanted, result, set_bytes) {
    struct app_action from, to;
    struct signal_action new, old;
    if (set_bytes != sizeof(signal_set))
        return -EINVAL;
    if (wanted != 0 && copy_in(&from, wanted, sizeof(from)) != 0)
        return -EFAULT;
    if (wanted != 0)
        new = (struct signal_action){from.handler, from.flags, from.restorer,
                                     from.mask[0] | (uint64_t)from.mask[1] << 32};
    int error = exchange(signal, wanted != 0 ? &new : NULL, &old);
    if (error != 0 || result == 0)
        return error;
    to = (struct app_action){
        old.handler, old.flags, old.restorer, {(uint32_t)old.mask, (uint32_t)(old.mask >> 32)}};
    return copy_out(result, &to, sizeof(to));
}

SYSTEM_CALL_3(sigaction, signal, wanted, result) {
    struct old_action from, to;
    struct signal_action new, old;
    if (wanted != 0 && copy_in(&from, wanted, sizeof(from)) != 0)
        return -EFAULT;
    if (wanted != 0)
        new = (struct signal_action){from.handler, from.flags, from.restorer, from.mask};
    int error = exchange(signal, wanted != 0 ? &new : NULL, &old);
    if (error != 0 || result == 0)
        return error;
    to = (struct old_action){old.handler, (uint32_t)old.mask, old.flags, old.restorer};
    return copy_out(result, &to, sizeof(to));
}

SYSTEM_CALL_2(signal, signal, handler) {
    const struct signal_action new = {.handler = handler, .flags = SA_RESETHAND | SA_NODEFER};
    struct signal_action old;
    int error = exchange(signal, &new, &old);
    return error != 0 ? error : (int32_t)old.handler;
}

/* ---- Masks ----------------------------------------------------------------------------------- */

static int change_mask(uint32_t how, signal_set set) {
    signal_set blocked = current_thread()->blocked;
    switch (how) {
    case SIG_BLOCK:
        signals_block(blocked | set);
        return 0;
    case SIG_UNBLOCK:
        signals_block(blocked & ~set);
        return 0;
    case SIG_SETMASK:
        signals_block(set);
        return 0;
    default:
        return -EINVAL;
    }
}

SYSTEM_CALL_4(rt_sigprocmask, how, wanted, result, set_bytes) {
    signal_set set, old = current_thread()->blocked;
    if (set_bytes != sizeof(set))
        return -EINVAL;
    if (wanted != 0) {
        if (copy_in(&set, wanted, sizeof(set)) != 0)
            return -EFAULT;
        int error = change_mask(how, set);
        if (error != 0)
            return error;
    }
    return result != 0 ? copy_out(result, &old, sizeof(old)) : 0;
}

SYSTEM_CALL_3(sigprocmask, how, wanted, result) {
    signal_set blocked = current_thread()->blocked, upper = blocked & ~0xFFFFFFFFull;
    uint32_t set, old = (uint32_t)blocked;
    if (wanted != 0) {
        if (copy_in(&set, wanted, sizeof(set)) != 0)
            return -EFAULT;
        int error = change_mask(how, how == SIG_SETMASK ? upper | set : set);
        if (error != 0)
            return error;
    }
    return result != 0 ? copy_out(result, &old, sizeof(old)) : 0;
}

static signal_set pending_and_blocked(void) {
    const struct thread *thread = current_thread();
    return (thread->pending.set | thread->process->pending.set) & thread->blocked;
}

SYSTEM_CALL_2(rt_sigpending, result, set_bytes) {
    const signal_set set = pending_and_blocked();
    return set_bytes > sizeof(set) ? -EINVAL : copy_out(result, &set, set_bytes);
}

SYSTEM_CALL_1(sigpending, result) {
    const uint32_t set = (uint32_t)pending_and_blocked();
    return copy_out(result, &set, sizeof(set));
}

/* ---- Waiting for signals --------------------------------------------------------------------- */

/* The mask of before comes back when the handler returns, or, without one, on the way to the app.
 * */
static int32_t suspend(signal_set set) {
    struct thread *thread = current_thread();
    static struct wait_queue never;
    thread->blocked_before = thread->blocked;
    thread->restore_blocked = true;
    signals_block(set);
    while (wait_on(&never, DEADLINE_NEVER) != WAIT_INTERRUPTED)
        continue;
    return -ERESTARTNOHAND;
}

SYSTEM_CALL_2(rt_sigsuspend, wanted, set_bytes) {
    signal_set set;
    if (set_bytes != sizeof(set))
        return -EINVAL;
    return copy_in(&set, wanted, sizeof(set)) != 0 ? -EFAULT : suspend(set);
}

SYSTEM_CALL_3(sigsuspend, unused_first, unused_second, set) {
    (void)unused_first;
    (void)unused_second;
    return suspend(set);
}

SYSTEM_CALL_0(pause) {
    return suspend(current_thread()->blocked);
}

void signal_take(struct thread *thread, struct signal_queue *queue, int signal,
                 struct signal_information *information) {
    signal_queue_take(queue, signal, information);
    if (information->is_timers)
        timer_signal_taken(thread->process, information);
}

int signals_take_one(signal_set set, struct signal_information *information) {
    struct thread *thread = current_thread();
    struct process *process = thread->process;
    int signal = signal_first(thread->pending.set & set);
    struct signal_queue *queue = &thread->pending;
    if (signal == 0) {
        signal = signal_first(process->pending.set & set);
        queue = &process->pending;
    }
    if (signal != 0)
        signal_take(thread, queue, signal, information);
    return signal;
}

static int32_t wait_for_signal(signal_set set, uint64_t deadline,
                               struct signal_information *information) {
    struct thread *thread = current_thread();
    struct wait_queue queue = {0, 0};
    enum wait_result result = WAIT_WOKEN;
    int signal;
    while ((signal = signals_take_one(set, information)) == 0 && result == WAIT_WOKEN) {
        thread->awaited = set;
        signals_recalculate(thread);
        result = wait_on(&queue, deadline);
        thread->awaited = 0;
    }
    signals_recalculate(thread);
    if (signal != 0)
        return signal;
    return result == WAIT_TIMED_OUT ? -EAGAIN : -EINTR;
}

static int32_t timed_wait(uint32_t wanted, uint32_t result, uint32_t timeout, uint32_t set_bytes,
                          bool wide) {
    signal_set set;
    uint64_t time, deadline = DEADLINE_NEVER;
    struct signal_information information;
    if (set_bytes != sizeof(set))
        return -EINVAL;
    if (copy_in(&set, wanted, sizeof(set)) != 0)
        return -EFAULT;
    if (timeout != 0) {
        int error = time_read(timeout, wide, &time);
        if (error != 0)
            return error;
        deadline = time_add(clock_nanoseconds(), time);
    }
    int32_t signal = wait_for_signal(set & ~SIGNALS_UNBLOCKABLE, deadline, &information);
    if (signal < 0 || result == 0)
        return signal;
    int32_t words[SIGNAL_INFORMATION_BYTES / 4] = {information.signal, information.error,
                                                   information.code};
    memcpy(words + 3, information.fields, sizeof(information.fields));
    return copy_out(result, words, sizeof(words)) != 0 ? -EFAULT : signal;
}

SYSTEM_CALL_4(rt_sigtimedwait, set, result, timeout, set_bytes) {
    return timed_wait(set, result, timeout, set_bytes, false);
}

SYSTEM_CALL_4(rt_sigtimedwait_time64, set, result, timeout, set_bytes) {
    return timed_wait(set, result, timeout, set_bytes, true);
}
