// SPDX-License-Identifier: MIT
/*
 *   height 2:        root                page number = slot in root * 64 + slot in leaf
 *                  /   |   \
 *               leaf  –    leaf          a leaf's slot holds frame + 1, an inner node's slot a
 * node;
 *               |..|       |..|          0 is empty. A node without used slots does not exist.
 */
#include "domains/linux/fs/page_map.h"

#include "domains/lib/heap.h"

#include <stddef.h>

#define SLOT_BITS 6
#define SLOTS     (1u << SLOT_BITS)

struct page_map_node {
    uint32_t used;
    uintptr_t slots[SLOTS];
};

/* Pages that a tree of this height can name. */
static uint64_t reach(uint32_t height) {
    return (uint64_t)1 << (SLOT_BITS * height);
}

static uint32_t slot_of(uint64_t page, uint32_t height) {
    return (uint32_t)(page >> (SLOT_BITS * (height - 1))) & (SLOTS - 1);
}

static struct page_map_node *child_of(const struct page_map_node *node, uint32_t slot) {
    return (struct page_map_node *)node->slots[slot];
}

uint32_t page_map_get(const struct page_map *map, uint64_t page) {
    const struct page_map_node *node = map->root;

    if (node == NULL || page >= reach(map->height))
        return NO_FRAME;
    for (uint32_t height = map->height; height > 1 && node != NULL; height--)
        node = child_of(node, slot_of(page, height));
    return node == NULL ? NO_FRAME : (uint32_t)(node->slots[slot_of(page, 1)] - 1);
}

/* Frees the empty nodes on the way to `page`, below and including `node`; true if `node` is gone.
 */
static bool prune(struct page_map_node *node, uint32_t height, uint64_t page) {
    uint32_t slot = slot_of(page, height);

    if (height > 1 && node->slots[slot] != 0 && prune(child_of(node, slot), height - 1, page)) {
        node->slots[slot] = 0;
        node->used--;
    }
    if (node->used == 0) {
        heap_free(node);
        return true;
    }
    return false;
}

static void prune_map(struct page_map *map, uint64_t page) {
    if (map->root != NULL && prune(map->root, map->height, page)) {
        map->root = NULL;
        map->height = 0;
    }
}

static bool grow(struct page_map *map, uint64_t page) {
    if (map->root == NULL) {
        map->height = 1;
        while (page >= reach(map->height))
            map->height++;
        map->root = heap_allocate(sizeof *map->root);
        return map->root != NULL;
    }
    while (page >= reach(map->height)) {
        struct page_map_node *root = heap_allocate(sizeof *root);

        if (root == NULL)
            return false;
        root->slots[0] = (uintptr_t)map->root;
        root->used = 1;
        map->root = root;
        map->height++;
    }
    return true;
}

bool page_map_put(struct page_map *map, uint64_t page, uint32_t frame) {
    struct page_map_node *node;

    if (!grow(map, page))
        return false;
    node = map->root;
    for (uint32_t height = map->height; height > 1; height--) {
        uint32_t slot = slot_of(page, height);

        if (node->slots[slot] == 0) {
            struct page_map_node *child = heap_allocate(sizeof *child);

            if (child == NULL) {
                prune_map(map, page);
                return false;
            }
            node->slots[slot] = (uintptr_t)child;
            node->used++;
        }
        node = child_of(node, slot);
    }
    node->slots[slot_of(page, 1)] = (uintptr_t)frame + 1;
    node->used++;
    map->count++;
    return true;
}

/* Removes [first, end), given relative to what `node` covers; true if `node` is gone. */
static bool remove_below(struct page_map *map, struct page_map_node *node, uint32_t height,
                         uint64_t first, uint64_t end) {
    uint64_t span = reach(height - 1);

    for (uint32_t slot = (uint32_t)(first / span); slot < SLOTS && slot * span < end; slot++) {
        uint64_t base = slot * span;

        if (node->slots[slot] == 0)
            continue;
        if (height == 1) {
            frame_release((uint32_t)(node->slots[slot] - 1));
            map->count--;
        } else if (!remove_below(map, child_of(node, slot), height - 1,
                                 first > base ? first - base : 0, end - base)) {
            continue;
        }
        node->slots[slot] = 0;
        node->used--;
    }
    if (node->used == 0) {
        heap_free(node);
        return true;
    }
    return false;
}

void page_map_remove(struct page_map *map, uint64_t first, uint64_t end) {
    if (map->root == NULL || first >= reach(map->height) || first >= end)
        return;
    if (remove_below(map, map->root, map->height, first, end)) {
        map->root = NULL;
        map->height = 0;
    }
}

static uint64_t next_below(const struct page_map_node *node, uint32_t height, uint64_t page) {
    uint64_t span = reach(height - 1);

    for (uint32_t slot = (uint32_t)(page / span); slot < SLOTS; slot++) {
        uint64_t base = slot * span, found;

        if (node->slots[slot] == 0)
            continue;
        if (height == 1)
            return slot;
        found = next_below(child_of(node, slot), height - 1, page > base ? page - base : 0);
        if (found != UINT64_MAX)
            return base + found;
    }
    return UINT64_MAX;
}

uint64_t page_map_next(const struct page_map *map, uint64_t page) {
    if (map->root == NULL || page >= reach(map->height))
        return UINT64_MAX;
    return next_below(map->root, map->height, page);
}
