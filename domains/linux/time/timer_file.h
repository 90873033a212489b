// SPDX-License-Identifier: MIT
/*
 * Timers as files, for whoever sets the clock.
 */
#ifndef DOMAINS_LINUX_TIME_TIMER_FILE_H
#define DOMAINS_LINUX_TIME_TIMER_FILE_H

#include <stdint.h>

/* The wall clock has been set forward by `step` nanoseconds, or back. */
void timer_files_follow(int64_t step);

#endif
