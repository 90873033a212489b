// SPDX-License-Identifier: MIT
/*
 * Times as the app gives and gets them. Inside the manager a time is nanoseconds in a uint64_t:
 * since boot for deadlines, since 1970 for the wall clock, which is the time since boot plus an
 * offset.
 */
#ifndef DOMAINS_LINUX_TIME_TIME_H
#define DOMAINS_LINUX_TIME_TIME_H

#include <stdbool.h>
#include <stdint.h>

enum {
    CLOCK_REALTIME,
    CLOCK_MONOTONIC,
    CLOCK_PROCESS_CPUTIME_ID,
    CLOCK_THREAD_CPUTIME_ID,
    CLOCK_MONOTONIC_RAW,
    CLOCK_REALTIME_COARSE,
    CLOCK_MONOTONIC_COARSE,
    CLOCK_BOOTTIME,
    CLOCK_REALTIME_ALARM,
    CLOCK_BOOTTIME_ALARM,
    CLOCK_TAI = 11
};

/* A struct timespec, with 64-bit seconds if `wide`: 0, -EFAULT, or -EINVAL if it is negative or not
 * normalised. */
int time_read(uint32_t address, bool wide, uint64_t *nanoseconds);
int time_write(uint32_t address, bool wide, uint64_t nanoseconds); /* 0 or -EFAULT */
/* A struct timeval; likewise. */
int time_read_microseconds(uint32_t address, uint64_t *nanoseconds);
int time_write_microseconds(uint32_t address, uint64_t nanoseconds);

#define TIME_LONGEST (UINT64_MAX - 1) /* for ever, and yet below DEADLINE_NEVER */

uint64_t time_add(uint64_t left, uint64_t right); /* at most TIME_LONGEST */

/* What a clock shows to the current thread: 0 or -EINVAL. */
int clock_read(uint32_t clock, uint64_t *nanoseconds);

#endif
