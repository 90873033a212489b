// SPDX-License-Identifier: MIT
/*
 * Nice values, which are a process's: the core shares the tenant's CPU time out among threads by weight, and they become weights.
 * A real-time thread's makes no difference until it is ordinary again.
 */
#include "domains/lib/gate.h"
#include "domains/linux/entry/call.h"
#include "domains/linux/errno.h"
#include "domains/linux/process/schedule.h"
#include "domains/linux/process/thread.h"

enum { PRIO_PROCESS, PRIO_PGRP, PRIO_USER };

#define NICE_RANGE   40
#define WEIGHT_MOST  1000u
#define WEIGHT_LEAST 1u

/* Each step of nice is a tenth more or less, as on Linux; 100 at nice 0. */
uint32_t nice_weight(uint32_t policy, int32_t nice) {
    uint32_t weight = 100;
    if (policy == SCHED_IDLE)
        return WEIGHT_LEAST;
    for (; nice < 0 && weight < WEIGHT_MOST; nice++)
        weight += (weight + 9) / 10 * 5 / 4;
    for (; nice > 0 && weight > WEIGHT_LEAST; nice--)
        weight -= (weight + 4) / 5;
    return weight < WEIGHT_MOST ? weight : WEIGHT_MOST;
}

int32_t nice_within_range(int32_t nice) {
    return nice > NICE_MOST ? NICE_MOST : nice < NICE_LEAST ? NICE_LEAST : nice;
}

void nice_set(struct process *process, int32_t nice) {
    process->nice = nice;
    for (struct thread *thread = process->threads; thread != NULL; thread = thread->next)
        core_thread_set_weight(thread->control->handle, nice_weight(thread->schedule.policy, nice));
}

bool nice_is_permitted(const struct process *process, int32_t nice) {
    return current_process()->euid == 0 || nice >= process->nice ||
           (uint64_t)(20 - nice) <= process->limits[RLIMIT_NICE].current;
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
    nice = nice_within_range(nice);
    for (struct process *process = process_list; process != NULL; process = process->next) {
        if (!is_meant(process, which, who))
            continue;
        if (self->euid != 0 && self->euid != process->uid)
            result = -EPERM;
        else if (!nice_is_permitted(process, nice))
            result = -EACCES;
        else {
            nice_set(process, nice);
            result = result == -ESRCH ? 0 : result;
        }
    }
    return result;
}

SYSTEM_CALL_3(setpriority, which, who, value) {
    return set_priority(which, who, (int32_t)value);
}

SYSTEM_CALL_1(nice, increment) {
    int32_t step = (int32_t)increment, nice;
    struct process *self = current_process();
    step = step > NICE_RANGE ? NICE_RANGE : step < -NICE_RANGE ? -NICE_RANGE : step;
    nice = nice_within_range(self->nice + step);
    if (step < 0 && !nice_is_permitted(self, nice))
        return -EPERM;
    nice_set(self, nice);
    return 0;
}
