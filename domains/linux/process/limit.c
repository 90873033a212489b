// SPDX-License-Identifier: MIT
/*
 * Resource limits: kept for each process, inherited by fork and kept by exec.
 */
#include "domains/linux/process/limit.h"
#include "domains/linux/entry/call.h"

#include "domains/linux/errno.h"
#include "domains/linux/memory/space.h"
#include "domains/linux/memory/user.h"
#include "domains/linux/process/process.h"

#define STACK_DEFAULT   0x800000u /* 8 MiB */
#define FILES_DEFAULT   1024u
#define FILES_MOST      4096u
#define PROCESSES_MOST  4000u
#define SIGNALS_DEFAULT 256u
#define LOCKED_DEFAULT  0x800000u   /* 8 MiB */
#define QUEUES_DEFAULT  819200u     /* bytes */
#define LIMIT_32_NONE   0xFFFFFFFFu /* how the 32-bit calls show LIMIT_NONE */
#define LIMIT_OLD_NONE  0x7FFFFFFFu /* how the first of them did */

struct limit_32 {
    uint32_t current, most;
};

void limits_set_defaults(struct resource_limit limits[RLIMIT_COUNT]) {
    for (int resource = 0; resource < RLIMIT_COUNT; resource++)
        limits[resource] = (struct resource_limit){LIMIT_NONE, LIMIT_NONE};
    limits[RLIMIT_STACK].current = STACK_DEFAULT;
    limits[RLIMIT_CORE].current = 0;
    limits[RLIMIT_NOFILE] = (struct resource_limit){FILES_DEFAULT, FILES_MOST};
    limits[RLIMIT_NPROC] = (struct resource_limit){PROCESSES_MOST, PROCESSES_MOST};
    limits[RLIMIT_SIGPENDING] = (struct resource_limit){SIGNALS_DEFAULT, SIGNALS_DEFAULT};
    limits[RLIMIT_MEMLOCK] = (struct resource_limit){LOCKED_DEFAULT, LOCKED_DEFAULT};
    limits[RLIMIT_MSGQUEUE] = (struct resource_limit){QUEUES_DEFAULT, QUEUES_DEFAULT};
    limits[RLIMIT_NICE] = (struct resource_limit){0, 0};
    limits[RLIMIT_RTPRIO] = (struct resource_limit){0, 0};
}

uint64_t process_limit(int resource) {
    const struct process *process = current_process();
    return process == NULL ? LIMIT_NONE : process->limits[resource].current;
}

uint32_t process_stack_limit(void) {
    uint64_t limit = process_limit(RLIMIT_STACK);
    return limit < AREA_LIMIT - AREA_LOWEST ? (uint32_t)limit : AREA_LIMIT - AREA_LOWEST;
}

static int change(struct process *process, uint32_t resource, struct resource_limit new) {
    struct resource_limit *limit = &process->limits[resource];
    if (new.current > new.most)
        return -EINVAL;
    if (new.most > limit->most && current_process()->euid != 0)
        return -EPERM;
    if (resource == RLIMIT_NOFILE && new.most > FILES_MOST)
        return -EPERM;
    *limit = new;
    return 0;
}

static uint32_t shortened(uint64_t limit, uint32_t none) {
    return limit >= none ? none : (uint32_t)limit;
}

static uint64_t from_32(uint32_t limit) {
    return limit == LIMIT_32_NONE ? LIMIT_NONE : limit;
}

static int32_t show_limit(uint32_t resource, uint32_t result, uint32_t none) {
    if (resource >= RLIMIT_COUNT)
        return -EINVAL;
    const struct resource_limit *limit = &current_process()->limits[resource];
    const struct limit_32 shown = {shortened(limit->current, none), shortened(limit->most, none)};
    return copy_out(result, &shown, sizeof(shown));
}

SYSTEM_CALL_2(getrlimit, resource, result) {
    return show_limit(resource, result, LIMIT_32_NONE);
}

SYSTEM_CALL_2(old_getrlimit, resource, result) {
    return show_limit(resource, result, LIMIT_OLD_NONE);
}

SYSTEM_CALL_2(setrlimit, resource, wanted) {
    struct limit_32 limit;
    if (resource >= RLIMIT_COUNT)
        return -EINVAL;
    if (copy_in(&limit, wanted, sizeof(limit)) != 0)
        return -EFAULT;
    return change(current_process(), resource,
                  (struct resource_limit){from_32(limit.current), from_32(limit.most)});
}

SYSTEM_CALL_4(prlimit64, pid, resource, wanted, result) {
    struct resource_limit new;
    if (resource >= RLIMIT_COUNT)
        return -EINVAL;
    if (wanted != 0 && copy_in(&new, wanted, sizeof(new)) != 0)
        return -EFAULT;
    struct process *process = pid == 0 ? current_process() : process_find((int32_t)pid);
    if (process == NULL)
        return -ESRCH;
    const struct process *self = current_process();
    if (process != self && self->euid != 0 && self->uid != process->uid)
        return -EPERM;
    const struct resource_limit old = process->limits[resource];
    int error = wanted != 0 ? change(process, resource, new) : 0;
    if (error == 0 && result != 0)
        error = copy_out(result, &old, sizeof(old));
    return error;
}
