// SPDX-License-Identifier: MIT
/*
 * A binary heap of nodes that lie in what they stand for: who has the least key, in O(log n) at worst. Pure
 * logic. The keys of one heap lie less than half of 2^64 apart, and may wrap.
 */
#ifndef KERNEL_SCHED_HEAP_H
#define KERNEL_SCHED_HEAP_H

#include <stddef.h>
#include <stdint.h>

struct heap_node {
    uint64_t key;
    uint32_t place; /* in nodes[], from 1; 0: in no heap */
};

struct heap {
    struct heap_node **nodes; /* room for one more than may be in it: the first is not used */
    uint32_t count;
};

#define HEAP_OWNER(node, type, member) ((type *)(void *)((char *)(node)-offsetof(type, member)))

void heap_insert(struct heap *heap, struct heap_node *node, uint64_t key);
void heap_remove(struct heap *heap, struct heap_node *node);
void heap_change(struct heap *heap, struct heap_node *node, uint64_t key);

static inline struct heap_node *heap_first(const struct heap *heap) { /* NULL: it is empty */
    return heap->count > 0 ? heap->nodes[1] : NULL;
}

#endif
