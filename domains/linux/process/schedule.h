// SPDX-License-Identifier: MIT
/*
 * How a thread is scheduled: its policy and priority, and the CPUs that it may run on. The core keeps to it
 * (kernel/abi/thread.h); nice values, which are its process's, become weights.
 *
 *                      the core's priority    its slice                  its weight
 *   SCHED_FIFO         as on Linux, 1 to 99   until it waits or yields
 *   SCHED_RR           as on Linux, 1 to 99   100 ms, as on Linux
 *   SCHED_OTHER, BATCH none                                              by its nice value
 *   SCHED_IDLE         none                                              the least
 *
 * Threads and children begin with their maker's, and execve keeps it.
 */
#ifndef DOMAINS_LINUX_PROCESS_SCHEDULE_H
#define DOMAINS_LINUX_PROCESS_SCHEDULE_H

#include "kernel/abi/thread.h"

#include <stdbool.h>
#include <stdint.h>

struct process;
struct thread;

enum { SCHED_OTHER, SCHED_FIFO, SCHED_RR, SCHED_BATCH, SCHED_IDLE = 5, SCHED_DEADLINE };

#define PRIORITY_MOST 99u
#define SLICE_OF_RR   100000u /* microseconds */
#define NICE_MOST     19
#define NICE_LEAST    (-20)

struct schedule {
    uint32_t policy;
    uint32_t priority;   /* with SCHED_FIFO and SCHED_RR 1 to PRIORITY_MOST, else 0 */
    uint32_t cpus;       /* a bit for each that it may run on; 0: on all */
    bool resets_on_fork; /* whom it makes is ordinary */
};

static inline bool policy_is_real_time(uint32_t policy) {
    return policy == SCHED_FIFO || policy == SCHED_RR;
}

static inline bool policy_is_ordinary(uint32_t policy) {
    return policy == SCHED_OTHER || policy == SCHED_BATCH || policy == SCHED_IDLE;
}

/* What the core is told of it. */
struct thread_placement schedule_placement(const struct schedule *schedule);
/* A thread's from now on: 0, or -ENOMEM, and it is as it was. */
int schedule_change(struct thread *thread, const struct schedule *schedule);
/* Of a new thread that is not launched yet, and of its process if that is new, too. */
void schedule_inherit(struct thread *thread, const struct thread *maker);
/* It has been launched: the core knows its placement, and its weight from here on. */
void schedule_launched(const struct thread *thread);
/* It ends. */
void schedule_end(const struct thread *thread);

/* The calling thread, one of the manager's own, serves the others from now on: it goes before them while any is real-time. The lock
 * is held. */
void schedule_serve(void);

/* The thread whose number the app gave, 0 for its own: 0, -EINVAL or -ESRCH. */
int schedule_find(uint32_t id, struct thread **thread);
/* May the caller change it at all? */
bool schedule_is_own(const struct process *process);

/* ---- nice.c ---- */

int32_t nice_within_range(int32_t nice);
/* Of all its threads. */
void nice_set(struct process *process, int32_t nice);
/* May the caller give the process a value as good as that? */
bool nice_is_permitted(const struct process *process, int32_t nice);
/* The core's, of a thread of that policy. */
uint32_t nice_weight(uint32_t policy, int32_t nice);

/* ---- policy.c ---- */

/* May the thread have that policy and priority, by the caller's wish, and that nice value if it is ordinary? 0, -EINVAL, -EPERM. */
int policy_check(const struct thread *thread, const struct schedule *wanted, int32_t nice);
/* It has them from now on; its CPUs stay. As policy_check(), or -ENOMEM. */
int policy_change(struct thread *thread, const struct schedule *wanted, int32_t nice);

#endif
