// SPDX-License-Identifier: MIT
/*
 * Who has the least key: a leftist tree of nodes that lie in what they stand for. Pure logic. The keys of one tree lie less
 * than half of 2^64 apart, and may wrap.
 *
 *   each node's key is no greater than those below it; the way down to the right is never longer than the one
 *   to the left, so it has at most log2(n + 1) steps
 *
 * Adding and taking out any node walk such ways only: of n nodes, whoever's they are, one more costs
 * O(log n), in the worst case too. (A pairing heap is O(log n) only on average: taking the first of 1,000
 * that were just added walks all of them.) It needs no array, as heap.h does, and is slower.
 */
#ifndef KERNEL_SCHED_LEFTIST_TREE_H
#define KERNEL_SCHED_LEFTIST_TREE_H

#include <stdint.h>

struct leftist_node {
    uint64_t key;
    struct leftist_node *left, *right, *parent;
    uint32_t distance; /* nodes on the way down to the right, this one included; 0: in no tree */
};

/* `root` points to the first, or NULL. */
void leftist_add(struct leftist_node **root, struct leftist_node *node, uint64_t key);
void leftist_remove(struct leftist_node **root,
                    struct leftist_node *node); /* which is in the tree */

#endif
