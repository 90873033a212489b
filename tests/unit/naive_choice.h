// SPDX-License-Identifier: MIT
/*
 * Who goes first of two that may run, told in the plainest way.
 */
#ifndef TESTS_UNIT_NAIVE_CHOICE_H
#define TESTS_UNIT_NAIVE_CHOICE_H

#include "kernel/sched/share.h"

static inline uint64_t share_left(struct share *share, uint64_t now) {
    uint64_t left;

    share_stands(share, now, share->virtual_time, &left);
    return left;
}

static inline bool goes_before(struct share *a, struct share *b, uint64_t now) {
    bool a_reserved = share_is_reserved(a, now), b_reserved = share_is_reserved(b, now);

    if (a_reserved != b_reserved)
        return a_reserved;
    if (a_reserved)
        return share_turn(a) < share_turn(b);
    return (int64_t)(a->virtual_time - b->virtual_time) < 0;
}

#endif
