// SPDX-License-Identifier: MIT
/*
 * See heap.h. The children of the node in place n are in 2n and 2n + 1; no child has a lesser key than its
 * parent.
 */
#include "kernel/sched/heap.h"

#include <stdbool.h>

static bool is_less(uint64_t a, uint64_t b) {
    return (int64_t)(a - b) < 0;
}

static void put(struct heap *heap, uint32_t place, struct heap_node *node) {
    heap->nodes[place] = node;
    node->place = place;
}

static void move_up(struct heap *heap, struct heap_node *node) {
    uint32_t place = node->place;

    for (; place > 1 && is_less(node->key, heap->nodes[place / 2]->key); place /= 2)
        put(heap, place, heap->nodes[place / 2]);
    put(heap, place, node);
}

static void move_down(struct heap *heap, struct heap_node *node) {
    uint32_t place = node->place, child;

    for (; (child = 2 * place) <= heap->count; place = child) {
        if (child < heap->count && is_less(heap->nodes[child + 1]->key, heap->nodes[child]->key))
            child++;
        if (!is_less(heap->nodes[child]->key, node->key))
            break;
        put(heap, place, heap->nodes[child]);
    }
    put(heap, place, node);
}

void heap_insert(struct heap *heap, struct heap_node *node, uint64_t key) {
    node->key = key;
    put(heap, ++heap->count, node);
    move_up(heap, node);
}

void heap_remove(struct heap *heap, struct heap_node *node) {
    struct heap_node *last = heap->nodes[heap->count--];

    if (last != node) {
        put(heap, node->place, last);
        move_up(heap, last);
        move_down(heap, last);
    }
    node->place = 0;
}

void heap_change(struct heap *heap, struct heap_node *node, uint64_t key) {
    node->key = key;
    if (node->place > 1 && is_less(key, heap->nodes[node->place / 2]->key))
        move_up(heap, node);
    else
        move_down(heap, node);
}
