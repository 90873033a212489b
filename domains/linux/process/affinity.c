// SPDX-License-Identifier: MIT
/*
 * On which CPUs a thread may run, and on which one it does. A thread has a mask, which the core keeps to: from the moment that it
 * is set the thread runs nowhere else.
 */
#include "domains/lib/gate.h"
#include "domains/lib/information.h"
#include "domains/linux/entry/call.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/user.h"
#include "domains/linux/process/schedule.h"
#include "domains/linux/process/thread.h"

static uint32_t all_cpus(void) {
    uint32_t count = information()->cpu_count;
    return count >= 32 ? 0xFFFFFFFFu : (1u << count) - 1;
}

uint32_t thread_affinity(const struct thread *thread) {
    return thread == NULL || thread->schedule.cpus == 0 ? all_cpus() : thread->schedule.cpus;
}

uint32_t thread_cpu(const struct thread *thread) {
    return thread == current_thread() ? core_thread_cpu()
                                      : (uint32_t)__builtin_ctz(thread_affinity(thread));
}

SYSTEM_CALL_3(sched_getaffinity, id, bytes, result) {
    uint32_t mask;
    struct thread *thread;
    if (bytes < sizeof(mask) || bytes % sizeof(mask) != 0)
        return -EINVAL;
    if (schedule_find(id, &thread) != 0)
        return -ESRCH;
    mask = thread_affinity(thread);
    return copy_out(result, &mask, sizeof(mask)) != 0 ? -EFAULT : (int32_t)sizeof(mask);
}

/* What the mask names beyond the CPUs that there are is forgotten. */
SYSTEM_CALL_3(sched_setaffinity, id, bytes, wanted) {
    uint32_t mask = 0;
    struct thread *thread;
    if (copy_in(&mask, wanted, bytes < sizeof(mask) ? bytes : sizeof(mask)) != 0)
        return -EFAULT;
    if (schedule_find(id, &thread) != 0)
        return -ESRCH;
    if (!schedule_is_own(thread->process))
        return -EPERM;
    mask &= all_cpus();
    if (mask == 0)
        return -EINVAL;
    struct schedule schedule = thread->schedule;
    schedule.cpus = mask == all_cpus() ? 0 : mask;
    return schedule_change(thread, &schedule);
}

SYSTEM_CALL_2(getcpu, cpu, node) {
    static const uint32_t zero = 0;
    const uint32_t number = core_thread_cpu();
    if (cpu != 0 && copy_out(cpu, &number, sizeof(number)) != 0)
        return -EFAULT;
    return node != 0 ? copy_out(node, &zero, sizeof(zero)) : 0;
}
