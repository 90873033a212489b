// SPDX-License-Identifier: MIT
/*
 * See wait.h.
 */
#include "kernel/sched/wait.h"

#include <stddef.h>

_Static_assert(offsetof(struct waiter, node) == 0, "a node is its waiter");

void waiter_add(struct digital_node **words, struct waiter *waiter, uint32_t word) {
    struct digital_node **place = digital_place(words, word);
    struct waiter *first = (struct waiter *)*place;

    waiter->node = (struct digital_node){.key = word};
    if (!first) {
        *place = &waiter->node;
        waiter->next = waiter->previous = waiter;
        return;
    }
    waiter->next = first;
    waiter->previous = first->previous;
    first->previous->next = waiter;
    first->previous = waiter;
}

/* `ring` leads to the first of it. */
static void leave(struct digital_node **ring, struct waiter *waiter) {
    struct waiter *next = waiter->next;

    if (next == waiter) {
        digital_remove_at(ring);
        return;
    }
    if (*ring == &waiter->node)
        digital_replace_at(ring, &next->node);
    next->previous = waiter->previous;
    waiter->previous->next = next;
}

void waiter_remove(struct digital_node **words, struct waiter *waiter) {
    leave(digital_place(words, waiter->node.key), waiter);
}

struct waiter *waiter_take(struct digital_node **ring, bool *more) {
    struct waiter *first = (struct waiter *)*ring;

    *more = first->next != first;
    leave(ring, first);
    return first;
}
