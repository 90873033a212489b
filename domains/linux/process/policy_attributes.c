// SPDX-License-Identifier: MIT
/*
 * Policy, priority and nice value in one structure, which may be shorter or longer than the one that is known here.
 */
#include "domains/linux/entry/call.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/user.h"
#include "domains/linux/process/schedule.h"
#include "domains/linux/process/thread.h"

#include "kernel/abi/layout.h"

struct attributes { /* struct sched_attr */
    uint32_t bytes, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
    uint32_t least_use, most_use;
};

#define ATTRIBUTES_LEAST 48u /* without the last two, as Linux first had it */
#define RESET_ON_FORK    0x01u
#define KEEP_POLICY      0x08u
#define KEEP_PARAMETERS  0x10u
#define FLAGS_KNOWN      (RESET_ON_FORK | KEEP_POLICY | KEEP_PARAMETERS)

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
    return (wanted->flags & ~(uint64_t)FLAGS_KNOWN) != 0 ? -EINVAL : 0;
}

/* On Linux the policy is one of the parameters, and is kept with them; the flag for forks is not. */
static int32_t keep_parameters(struct thread *thread, struct schedule wanted) {
    struct schedule kept = thread->schedule;
    if (policy_is_real_time(kept.policy))
        wanted.priority = kept.priority;
    int error = policy_check(thread, &wanted, thread->process->nice);
    kept.resets_on_fork = wanted.resets_on_fork;
    return error != 0 ? error : schedule_change(thread, &kept);
}

static int32_t set_attributes(struct thread *thread, const struct attributes *attributes) {
    struct schedule wanted = {.policy = attributes->policy,
                              .priority = attributes->priority,
                              .resets_on_fork = attributes->flags & RESET_ON_FORK};
    if (attributes->flags & KEEP_POLICY) {
        wanted.policy = thread->schedule.policy;
        wanted.resets_on_fork = thread->schedule.resets_on_fork;
    }
    if (wanted.policy == SCHED_DEADLINE)
        return -EPERM;
    if (attributes->flags & KEEP_PARAMETERS)
        return keep_parameters(thread, wanted);
    return policy_change(thread, &wanted, nice_within_range(attributes->nice));
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
        error = schedule_find(id, &thread);
    return error != 0 ? error : set_attributes(thread, &wanted);
}

/* Who is real-time is not told its nice value, as on Linux. */
SYSTEM_CALL_4(sched_getattr, id, user, bytes, flags) {
    struct thread *thread;
    if (user == 0 || bytes < ATTRIBUTES_LEAST || bytes > PAGE_SIZE || flags != 0)
        return -EINVAL;
    int error = schedule_find(id, &thread);
    if (error != 0)
        return error;
    uint32_t told = bytes < sizeof(struct attributes) ? bytes : sizeof(struct attributes);
    const struct schedule *schedule = &thread->schedule;
    const struct attributes attributes = {
        .bytes = told,
        .policy = schedule->policy,
        .flags = schedule->resets_on_fork ? RESET_ON_FORK : 0,
        .nice = policy_is_real_time(schedule->policy) ? 0 : thread->process->nice,
        .priority = schedule->priority,
    };
    if (clear_out(user, bytes) != 0)
        return -EFAULT;
    return copy_out(user, &attributes, told);
}
