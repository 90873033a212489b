// SPDX-License-Identifier: MIT
/*
 * On which CPUs a thread may run, and on which one it does. A thread has a mask, which the core keeps to: from the moment that it
 * is set the thread runs nowhere else. Children and threads begin with their maker's, and execve keeps it.
 */
#include "domains/lib/gate.h"
#include "domains/lib/information.h"
#include "domains/linux/entry/call.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/user.h"
#include "domains/linux/process/thread.h"

static uint32_t all_cpus(void) {
    uint32_t count = information()->cpu_count;
    return count >= 32 ? 0xFFFFFFFFu : (1u << count) - 1;
}

uint32_t thread_affinity(const struct thread *thread) {
    return thread == NULL || thread->cpus == 0 ? all_cpus() : thread->cpus;
}

static struct thread *find(uint32_t id) {
    return id == 0 ? current_thread() : thread_find((int32_t)id);
}

SYSTEM_CALL_3(sched_getaffinity, id, bytes, result) {
    uint32_t mask;
    if (bytes < sizeof(mask) || bytes % sizeof(mask) != 0)
        return -EINVAL;
    const struct thread *thread = find(id);
    if (thread == NULL)
        return -ESRCH;
    mask = thread_affinity(thread);
    return copy_out(result, &mask, sizeof(mask)) != 0 ? -EFAULT : (int32_t)sizeof(mask);
}

static bool may_confine(const struct process *process) {
    uint32_t euid = current_process()->euid;
    return euid == 0 || euid == process->euid || euid == process->uid;
}

static int32_t confine(struct thread *thread, uint32_t mask) {
    switch (core_thread_set_cpus(thread->control->handle, mask)) {
    case STATUS_OK:
        thread->cpus = mask == all_cpus() ? 0 : mask;
        return 0;
    case STATUS_NO_MEMORY:
        return -ENOMEM;
    default:
        return -EINVAL;
    }
}

/* What the mask names beyond the CPUs that there are is forgotten. */
SYSTEM_CALL_3(sched_setaffinity, id, bytes, wanted) {
    uint32_t mask = 0;
    if (copy_in(&mask, wanted, bytes < sizeof(mask) ? bytes : sizeof(mask)) != 0)
        return -EFAULT;
    struct thread *thread = find(id);
    if (thread == NULL)
        return -ESRCH;
    if (!may_confine(thread->process))
        return -EPERM;
    mask &= all_cpus();
    return mask == 0 ? -EINVAL : confine(thread, mask);
}

SYSTEM_CALL_2(getcpu, cpu, node) {
    static const uint32_t zero = 0;
    const uint32_t number = core_thread_cpu();
    if (cpu != 0 && copy_out(cpu, &number, sizeof(number)) != 0)
        return -EFAULT;
    return node != 0 ? copy_out(node, &zero, sizeof(zero)) : 0;
}
