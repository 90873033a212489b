// SPDX-License-Identifier: MIT
/*
 * How many lines a tenant or a driver may log: LOG_BURST at once, then one every LOG_INTERVAL. The ring
 * is shared by all, so nobody may push another's lines, or the story of its own crash, out of it. Pure
 * logic; times in nanoseconds.
 */
#ifndef KERNEL_LOG_LOG_LIMIT_H
#define KERNEL_LOG_LOG_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#define LOG_INTERVAL 50000000ull /* 20 lines a second */
#define LOG_BURST    64u

struct log_limit {
    uint64_t next;    /* when the next line would be due at one every LOG_INTERVAL */
    uint32_t dropped; /* lines since the last that passed */
};

/* One line wants to go at `now`: may it? If so, *dropped is how many were dropped before it. */
bool log_limit_pass(struct log_limit *limit, uint64_t now, uint32_t *dropped);

#endif
