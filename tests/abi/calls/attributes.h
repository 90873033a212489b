// SPDX-License-Identifier: MIT
/*
 * What sched_setattr and sched_getattr take, as linux/sched/types.h has it, which musl does not bring; with room behind it.
 */
#ifndef TESTS_ABI_CALLS_ATTRIBUTES_H
#define TESTS_ABI_CALLS_ATTRIBUTES_H

enum { FIRST_BYTES = 48, ALL_BYTES = 56 }; /* as Linux first had it, and with the last two */
enum { RESET_CHILDREN = 1, KEEP_POLICY = 8, KEEP_PARAMETERS = 16 };

struct attributes {
    unsigned bytes, policy;
    unsigned long long flags;
    int nice;
    unsigned priority;
    unsigned long long runtime, deadline, period;
    unsigned least_use, most_use;
    char beyond[72];
};

#endif
