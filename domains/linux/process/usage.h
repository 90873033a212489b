// SPDX-License-Identifier: MIT
/*
 * What a process has used.
 */
#ifndef DOMAINS_LINUX_PROCESS_USAGE_H
#define DOMAINS_LINUX_PROCESS_USAGE_H

#include "domains/linux/process/process.h"

struct cpu_times {
    uint64_t app, manager; /* nanoseconds in ring 3, and in rings 2 and 0 on its behalf */
};

struct cpu_times thread_cpu_times(const struct thread *thread);
struct cpu_times process_cpu_times(const struct process *process); /* live threads and ended ones */

/* struct rusage of Linux i386. */
struct app_usage {
    int32_t user_seconds, user_microseconds, system_seconds, system_microseconds;
    int32_t peak_kilobytes;
    int32_t unused_sizes[3];
    int32_t minor_faults, major_faults;
    int32_t unused_counts[8];
};

struct app_usage usage_of_process(const struct process *process);
struct app_usage usage_of_children(const struct process *process);
/* At the end of `child`, waited for by `process`. */
void usage_add_child(struct process *process, const struct process *child);

#endif
