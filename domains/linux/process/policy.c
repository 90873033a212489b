// SPDX-License-Identifier: MIT
/*
 * Policies: which class a thread is in, and with which priority.
 *
 *   SCHED_OTHER, SCHED_BATCH, SCHED_IDLE ── 0 ──  ordinary: turns by weight
 *   SCHED_FIFO, SCHED_RR ── 1 to 99 ──            real-time: before all of the tenant's that have less
 *   SCHED_DEADLINE                                refused
 *
 * Root may ask for anything. Others may have real-time classes up to RLIMIT_RTPRIO, may always have less than they have, and never
 * what is somebody else's.
 */
#include "domains/lib/gate.h"
#include "domains/linux/entry/call.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/user.h"
#include "domains/linux/process/schedule.h"
#include "domains/linux/process/thread.h"

#define RESET_ON_FORK     0x40000000u /* in a policy's number */
#define SLICE_NANOSECONDS 10000000u   /* of who is ordinary */

/* ---- What is permitted ----------------------------------------------------------------------- */

static bool is_valid(const struct schedule *wanted) {
    if (policy_is_real_time(wanted->policy))
        return wanted->priority >= 1 && wanted->priority <= PRIORITY_MOST;
    return policy_is_ordinary(wanted->policy) && wanted->priority == 0;
}

static bool priority_is_permitted(const struct thread *thread, const struct schedule *wanted) {
    uint64_t most = thread->process->limits[RLIMIT_RTPRIO].current;

    if (wanted->policy != thread->schedule.policy && most == 0)
        return false;
    return wanted->priority <= thread->schedule.priority || wanted->priority <= most;
}

/* Who is idle may become more only as far as its nice value could be given. */
static bool may_be_ordinary(const struct thread *thread, const struct schedule *wanted,
                            int32_t nice) {
    const struct process *process = thread->process;
    bool rises = thread->schedule.policy == SCHED_IDLE && wanted->policy != SCHED_IDLE;

    return nice_is_permitted(process, nice) &&
           (!rises || (uint64_t)(20 - process->nice) <= process->limits[RLIMIT_NICE].current);
}

static bool is_permitted(const struct thread *thread, const struct schedule *wanted, int32_t nice) {
    if (current_process()->euid == 0)
        return true;
    if (!schedule_is_own(thread->process) ||
        (thread->schedule.resets_on_fork && !wanted->resets_on_fork))
        return false;
    return policy_is_real_time(wanted->policy) ? priority_is_permitted(thread, wanted)
                                               : may_be_ordinary(thread, wanted, nice);
}

int policy_check(const struct thread *thread, const struct schedule *wanted, int32_t nice) {
    if (!is_valid(wanted))
        return -EINVAL;
    return is_permitted(thread, wanted, nice) ? 0 : -EPERM;
}

int policy_change(struct thread *thread, const struct schedule *wanted, int32_t nice) {
    struct schedule schedule = *wanted;
    int error = policy_check(thread, wanted, nice);

    schedule.cpus = thread->schedule.cpus;
    if (error == 0)
        error = schedule_change(thread, &schedule);
    if (error == 0 && policy_is_ordinary(wanted->policy) && nice != thread->process->nice)
        nice_set(thread->process, nice);
    return error;
}

/* ---- Calls ----------------------------------------------------------------------------------- */

/* 0, -EINVAL, -EFAULT, -ESRCH. */
static int read_priority(uint32_t id, uint32_t user, uint32_t *priority, struct thread **thread) {
    if ((int32_t)id < 0 || user == 0)
        return -EINVAL;
    if (copy_in(priority, user, sizeof(*priority)) != 0)
        return -EFAULT;
    return schedule_find(id, thread);
}

SYSTEM_CALL_3(sched_setscheduler, id, policy, user_parameter) {
    struct thread *thread;
    struct schedule wanted = {.policy = policy & ~RESET_ON_FORK,
                              .resets_on_fork = policy & RESET_ON_FORK};
    if ((int32_t)policy < 0)
        return -EINVAL;
    int error = read_priority(id, user_parameter, &wanted.priority, &thread);
    return error != 0 ? error : policy_change(thread, &wanted, thread->process->nice);
}

SYSTEM_CALL_2(sched_setparam, id, user_parameter) {
    struct thread *thread;
    uint32_t priority;
    int error = read_priority(id, user_parameter, &priority, &thread);
    if (error != 0)
        return error;
    struct schedule wanted = thread->schedule;
    wanted.priority = priority;
    return policy_change(thread, &wanted, thread->process->nice);
}

SYSTEM_CALL_1(sched_getscheduler, id) {
    struct thread *thread;
    int error = schedule_find(id, &thread);
    if (error != 0)
        return error;
    return (int32_t)(thread->schedule.policy |
                     (thread->schedule.resets_on_fork ? RESET_ON_FORK : 0));
}

SYSTEM_CALL_2(sched_getparam, id, result) {
    struct thread *thread;
    if (result == 0)
        return -EINVAL;
    int error = schedule_find(id, &thread);
    if (error != 0)
        return error;
    const uint32_t priority = thread->schedule.priority;
    return copy_out(result, &priority, sizeof(priority));
}

SYSTEM_CALL_1(sched_get_priority_max, policy) {
    if (policy_is_real_time(policy))
        return (int32_t)PRIORITY_MOST;
    return policy_is_ordinary(policy) || policy == SCHED_DEADLINE ? 0 : -EINVAL;
}

SYSTEM_CALL_1(sched_get_priority_min, policy) {
    if (policy_is_real_time(policy))
        return 1;
    return policy_is_ordinary(policy) || policy == SCHED_DEADLINE ? 0 : -EINVAL;
}

SYSTEM_CALL_2(sched_rr_get_interval, id, result) {
    struct thread *thread;
    int error = schedule_find(id, &thread);
    if (error != 0)
        return error;
    uint32_t policy = thread->schedule.policy;
    const uint32_t slice[2] = {0, policy == SCHED_FIFO ? 0
                                  : policy == SCHED_RR ? SLICE_OF_RR * 1000
                                                       : SLICE_NANOSECONDS};
    return copy_out(result, slice, sizeof(slice));
}

SYSTEM_CALL_0(sched_yield) {
    core_thread_yield();
    return 0;
}
