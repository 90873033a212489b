// SPDX-License-Identifier: MIT
/*
 * Scheduling as far as it is the manager's: the core shares the tenant's CPU time out among its
 * threads by weight, and nice values become weights. There are no real-time classes; a policy without
 * priorities is kept, and makes no difference.
 */
#include "domains/lib/gate.h"
#include "domains/lib/information.h"
#include "domains/linux/entry/call.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/user.h"
#include "domains/linux/process/thread.h"

#include "kernel/abi/layout.h"

enum { PRIO_PROCESS, PRIO_PGRP, PRIO_USER };
enum { SCHED_OTHER, SCHED_FIFO, SCHED_RR, SCHED_BATCH, SCHED_IDLE = 5, SCHED_DEADLINE };

#define NICE_MOST         19
#define NICE_LEAST        (-20)
#define NICE_RANGE        40
#define PRIORITY_MOST     99
#define WEIGHT_MOST       1000u
#define SLICE_NANOSECONDS 10000000

/* Each step of nice is a tenth more or less, as on Linux; 100 at nice 0. */
static uint32_t weight_of(int32_t nice) {
    uint32_t weight = 100;
    for (; nice < 0 && weight < WEIGHT_MOST; nice++)
        weight += (weight + 9) / 10 * 5 / 4;
    for (; nice > 0 && weight > 1; nice--)
        weight -= (weight + 4) / 5;
    return weight < WEIGHT_MOST ? weight : WEIGHT_MOST;
}

static int32_t within_range(int32_t nice) {
    return nice > NICE_MOST ? NICE_MOST : nice < NICE_LEAST ? NICE_LEAST : nice;
}

static void set_nice(struct process *process, int32_t nice) {
    process->nice = nice;
    for (struct thread *thread = process->threads; thread != NULL; thread = thread->next)
        core_thread_set_weight(thread->control->handle, weight_of(nice));
}

static bool is_meant(const struct process *process, uint32_t which, uint32_t who) {
    const struct process *self = current_process();
    switch (which) {
    case PRIO_PROCESS:
        return process->pid == (who == 0 ? self->pid : (int32_t)who);
    case PRIO_PGRP:
        return process->process_group == (who == 0 ? self->process_group : (int32_t)who);
    default:
        return process->uid == (who == 0 ? self->uid : who);
    }
}

SYSTEM_CALL_2(getpriority, which, who) {
    int32_t best = -ESRCH;
    if (which > PRIO_USER)
        return -EINVAL;
    for (struct process *process = process_list; process != NULL; process = process->next)
        if (is_meant(process, which, who) && 20 - process->nice > best)
            best = 20 - process->nice; /* so that no answer is negative */
    return best;
}

static int32_t set_priority(uint32_t which, uint32_t who, int32_t nice) {
    const struct process *self = current_process();
    int32_t result = -ESRCH;
    if (which > PRIO_USER)
        return -EINVAL;
    nice = within_range(nice);
    for (struct process *process = process_list; process != NULL; process = process->next) {
        if (!is_meant(process, which, who))
            continue;
        if (self->euid != 0 && self->euid != process->uid)
            result = -EPERM;
        else if (self->euid != 0 && nice < process->nice)
            result = -EACCES;
        else {
            set_nice(process, nice);
            result = result == -ESRCH ? 0 : result;
        }
    }
    return result;
}

SYSTEM_CALL_3(setpriority, which, who, value) {
    return set_priority(which, who, (int32_t)value);
}

SYSTEM_CALL_1(nice, increment) {
    int32_t step = (int32_t)increment;
    step = step > NICE_RANGE ? NICE_RANGE : step < -NICE_RANGE ? -NICE_RANGE : step;
    if (step < 0 && current_process()->euid != 0)
        return -EPERM;
    return set_priority(PRIO_PROCESS, 0, current_process()->nice + step);
}

SYSTEM_CALL_0(sched_yield) {
    core_thread_yield();
    return 0;
}

static struct thread *find(uint32_t id) {
    return id == 0 ? current_thread() : thread_find((int32_t)id);
}

SYSTEM_CALL_3(sched_getaffinity, id, bytes, result) {
    uint32_t cpus = information()->cpu_count;
    const uint32_t mask = cpus >= 32 ? 0xFFFFFFFFu : (1u << cpus) - 1;
    if (bytes < sizeof(mask) || bytes % sizeof(mask) != 0)
        return -EINVAL;
    if (find(id) == NULL)
        return -ESRCH;
    return copy_out(result, &mask, sizeof(mask)) != 0 ? -EFAULT : (int32_t)sizeof(mask);
}

/* The core places threads itself; a mask that names a CPU of the machine is accepted, as advice. */
SYSTEM_CALL_3(sched_setaffinity, id, bytes, wanted) {
    uint32_t mask = 0, cpus = information()->cpu_count;
    if (copy_in(&mask, wanted, bytes < sizeof(mask) ? bytes : sizeof(mask)) != 0)
        return -EFAULT;
    if (find(id) == NULL)
        return -ESRCH;
    return (mask & (cpus >= 32 ? 0xFFFFFFFFu : (1u << cpus) - 1)) == 0 ? -EINVAL : 0;
}

static bool is_ordinary(uint32_t policy) {
    return policy == SCHED_OTHER || policy == SCHED_BATCH || policy == SCHED_IDLE;
}

/* The thread whose policy is asked for: 0 or a negative errno. */
static int find_scheduled(uint32_t id, struct thread **thread) {
    if ((int32_t)id < 0)
        return -EINVAL;
    *thread = find(id);
    return *thread == NULL ? -ESRCH : 0;
}

static int32_t set_scheduler(uint32_t id, uint32_t policy, uint32_t user_parameter) {
    int32_t priority;
    struct thread *thread;
    if ((int32_t)id < 0)
        return -EINVAL;
    if (copy_in(&priority, user_parameter, sizeof(priority)) != 0)
        return -EFAULT;
    int error = find_scheduled(id, &thread);
    if (error != 0)
        return error;
    if (policy == SCHED_FIFO || policy == SCHED_RR)
        return priority < 1 || priority > PRIORITY_MOST ? -EINVAL : -EPERM;
    if (!is_ordinary(policy) || priority != 0)
        return -EINVAL;
    thread->policy = policy;
    return 0;
}

SYSTEM_CALL_3(sched_setscheduler, id, policy, user_parameter) {
    return set_scheduler(id, policy, user_parameter);
}

SYSTEM_CALL_1(sched_getscheduler, id) {
    struct thread *thread;
    int error = find_scheduled(id, &thread);
    return error != 0 ? error : (int32_t)thread->policy;
}

SYSTEM_CALL_2(sched_setparam, id, user_parameter) {
    const struct thread *thread = find(id);
    return set_scheduler(id, thread == NULL ? SCHED_OTHER : thread->policy, user_parameter);
}

SYSTEM_CALL_2(sched_getparam, id, result) {
    static const int32_t none = 0;
    struct thread *thread;
    int error = find_scheduled(id, &thread);
    return error != 0 ? error : copy_out(result, &none, sizeof(none));
}

/* ---- All of it at once ----------------------------------------------------------------------- */

struct attributes { /* struct sched_attr */
    uint32_t bytes, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
    uint32_t least_use, most_use;
};

#define ATTRIBUTES_LEAST 48u /* without the last two, as Linux first had it */
#define KEEP_POLICY      0x08u
#define KEEP_PARAMETERS  0x10u

/* What is not known here must be 0, at the end as well as in the flags. 0 or a negative errno. */
static int read_attributes(uint32_t user, struct attributes *wanted) {
    uint8_t beyond[64];
    uint32_t bytes, known = sizeof *wanted;
    if (copy_in(&bytes, user, sizeof bytes) != 0)
        return -EFAULT;
    bytes = bytes == 0 ? ATTRIBUTES_LEAST : bytes;
    if (bytes < ATTRIBUTES_LEAST || bytes > PAGE_SIZE)
        return copy_out(user, &known, sizeof known) != 0 ? -EFAULT : -E2BIG;
    if (copy_in(wanted, user, bytes < sizeof *wanted ? bytes : sizeof *wanted) != 0)
        return -EFAULT;
    for (uint32_t at = sizeof *wanted; at < bytes; at += sizeof beyond) {
        uint32_t piece = bytes - at < sizeof beyond ? bytes - at : sizeof beyond;
        if (copy_in(beyond, user + at, piece) != 0)
            return -EFAULT;
        for (uint32_t i = 0; i < piece; i++)
            if (beyond[i] != 0)
                return copy_out(user, &known, sizeof known) != 0 ? -EFAULT : -E2BIG;
    }
    return (wanted->flags & ~(uint64_t)(KEEP_POLICY | KEEP_PARAMETERS)) != 0 ? -EINVAL : 0;
}

static int32_t set_attributes(struct thread *thread, const struct attributes *wanted) {
    struct process *process = thread->process;
    uint32_t policy = wanted->flags & KEEP_POLICY ? thread->policy : wanted->policy;
    bool keeps = wanted->flags & KEEP_PARAMETERS;
    int32_t nice = keeps ? process->nice : within_range(wanted->nice);
    if (policy == SCHED_FIFO || policy == SCHED_RR)
        return wanted->priority < 1 || wanted->priority > PRIORITY_MOST ? -EINVAL : -EPERM;
    if (!is_ordinary(policy) || (wanted->priority != 0 && !keeps))
        return policy == SCHED_DEADLINE ? -EPERM : -EINVAL;
    if (current_process()->euid != 0 &&
        (current_process()->euid != process->uid || nice < process->nice))
        return -EPERM;
    if (!keeps) { /* on Linux the policy is one of the parameters */
        thread->policy = policy;
        set_nice(process, nice);
    }
    return 0;
}

SYSTEM_CALL_3(sched_setattr, id, user, flags) {
    struct attributes wanted = {0};
    struct thread *thread;
    if (user == 0 || (int32_t)id < 0 || flags != 0)
        return -EINVAL;
    int error = read_attributes(user, &wanted);
    if (error == 0 && (int32_t)wanted.policy < 0)
        error = -EINVAL;
    if (error == 0)
        error = find_scheduled(id, &thread);
    return error != 0 ? error : set_attributes(thread, &wanted);
}

SYSTEM_CALL_4(sched_getattr, id, user, bytes, flags) {
    struct thread *thread;
    if (user == 0 || bytes < ATTRIBUTES_LEAST || bytes > PAGE_SIZE || flags != 0)
        return -EINVAL;
    int error = find_scheduled(id, &thread);
    if (error != 0)
        return error;
    uint32_t told = bytes < sizeof(struct attributes) ? bytes : sizeof(struct attributes);
    const struct attributes attributes = {
        .bytes = told, .policy = thread->policy, .nice = thread->process->nice};
    if (clear_out(user, bytes) != 0)
        return -EFAULT;
    return copy_out(user, &attributes, told);
}

SYSTEM_CALL_1(sched_get_priority_max, policy) {
    if (policy == SCHED_FIFO || policy == SCHED_RR)
        return PRIORITY_MOST;
    return is_ordinary(policy) || policy == SCHED_DEADLINE ? 0 : -EINVAL;
}

SYSTEM_CALL_1(sched_get_priority_min, policy) {
    if (policy == SCHED_FIFO || policy == SCHED_RR)
        return 1;
    return is_ordinary(policy) || policy == SCHED_DEADLINE ? 0 : -EINVAL;
}

SYSTEM_CALL_2(sched_rr_get_interval, id, result) {
    static const int32_t slice[2] = {0, SLICE_NANOSECONDS};
    return find(id) == NULL ? -ESRCH : copy_out(result, slice, sizeof(slice));
}

SYSTEM_CALL_2(getcpu, cpu, node) {
    static const uint32_t zero = 0;
    const uint32_t number = core_thread_cpu();
    if (cpu != 0 && copy_out(cpu, &number, sizeof(number)) != 0)
        return -EFAULT;
    return node != 0 ? copy_out(node, &zero, sizeof(zero)) : 0;
}
