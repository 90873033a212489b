// SPDX-License-Identifier: MIT
/*
 * Resource limits of a process, numbered as on Linux.
 */
#ifndef DOMAINS_LINUX_PROCESS_LIMIT_H
#define DOMAINS_LINUX_PROCESS_LIMIT_H

#include <stdint.h>

enum {
    RLIMIT_CPU,
    RLIMIT_FSIZE,
    RLIMIT_DATA,
    RLIMIT_STACK,
    RLIMIT_CORE,
    RLIMIT_RSS,
    RLIMIT_NPROC,
    RLIMIT_NOFILE,
    RLIMIT_MEMLOCK,
    RLIMIT_AS,
    RLIMIT_LOCKS,
    RLIMIT_SIGPENDING,
    RLIMIT_MSGQUEUE,
    RLIMIT_NICE,
    RLIMIT_RTPRIO,
    RLIMIT_RTTIME,
    RLIMIT_COUNT
};

#define LIMIT_NONE 0xFFFFFFFFFFFFFFFFull

struct resource_limit {
    uint64_t current, most;
};

void limits_set_defaults(struct resource_limit limits[RLIMIT_COUNT]);
/* The current limit of the current process; LIMIT_NONE for the manager's own threads. */
uint64_t process_limit(int resource);
/* RLIMIT_STACK, cut to what an address space can hold. */
uint32_t process_stack_limit(void);

#endif
