// SPDX-License-Identifier: MIT
/*
 * Deadlines in order: a leftist tree of intrusive nodes. Pure logic.
 *
 *   each node is due no later than those below it; the way down to the right is never longer than the one
 *   to the left, so it has at most log2(n + 1) steps
 *
 * Adding and taking out any node walk such ways only: of n sleepers, whoever's they are, one more costs
 * O(log n), in the worst case too. (A pairing heap is O(log n) only on average: taking the first of 1,000
 * that were just added walks all of them.)
 */
#ifndef KERNEL_SCHED_DEADLINE_H
#define KERNEL_SCHED_DEADLINE_H

#include <stdint.h>

static inline uint64_t earlier(uint64_t one, uint64_t other) {
    return one < other ? one : other;
}

struct deadline {
    uint64_t time;
    struct deadline *left, *right, *parent;
    uint32_t distance; /* nodes on the way down to the right, this one included; 0: in no tree */
};

void deadline_add(struct deadline **root, struct deadline *node, uint64_t time);
void deadline_remove(struct deadline **root, struct deadline *node); /* which is in the tree */

#endif
