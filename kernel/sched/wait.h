// SPDX-License-Identifier: MIT
/*
 * Who sleeps on which word: a ring of sleepers for each word, the longest asleep first, found by the word.
 * Pure logic.
 *
 *   tree by word ──> first of the ring <──> second <──> … <──> last <──> (first)
 *
 * Adding, removing and finding are bounded by the bits of a word (kernel/mem/digital_tree.h), however many
 * sleep and on whichever words.
 */
#ifndef KERNEL_SCHED_WAIT_H
#define KERNEL_SCHED_WAIT_H

#include "kernel/mem/digital_tree.h"

#include <stdbool.h>

struct waiter {
    struct digital_node node; /* in the tree while it is its ring's first; the key is the word */
    struct waiter *next, *previous;
};

void waiter_add(struct digital_node **words, struct waiter *waiter, uint32_t word);
void waiter_remove(struct digital_node **words, struct waiter *waiter);
/* Removes who is longest asleep in the ring of a word, to which digital_place() leads. True in `more`: others are in it still. */
struct waiter *waiter_take(struct digital_node **ring, bool *more);

#endif
