// SPDX-License-Identifier: MIT
/*
 * See wait.h.
 */
#include "kernel/sched/wait.h"

#include <stddef.h>

_Static_assert(offsetof(struct waiter, node) == 0, "a node is its waiter");

struct waiter *waiter_first(struct digital_node *words, uint32_t word) {
    return (struct waiter *)digital_find(words, word);
}

void waiter_add(struct digital_node **words, struct waiter *waiter, uint32_t word) {
    struct waiter *first = waiter_first(*words, word);

    if (!first) {
        digital_insert(words, &waiter->node, word);
        waiter->next = waiter->previous = waiter;
        return;
    }
    waiter->node.key = word;
    waiter->next = first;
    waiter->previous = first->previous;
    first->previous->next = waiter;
    first->previous = waiter;
}

void waiter_remove(struct digital_node **words, struct waiter *waiter) {
    struct waiter *next = waiter->next;

    if (next == waiter) {
        digital_remove(words, &waiter->node);
        return;
    }
    if (waiter_first(*words, waiter->node.key) == waiter)
        digital_replace(words, &waiter->node, &next->node);
    next->previous = waiter->previous;
    waiter->previous->next = next;
}
