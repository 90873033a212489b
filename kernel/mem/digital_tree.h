// SPDX-License-Identifier: MIT
/*
 * Finding by number, with a bound that nobody can talk out of it: a digital search tree. Pure logic.
 *
 *   each node holds one key; below it, keys whose next bit (the lowest first) is 0 go one way, 1 the other
 *
 * So a path is no longer than a key has bits, whichever keys a tenant brings about: handles that it picks by
 * making and ending things, words that it chooses. Hash buckets would be shorter on average, but as long as
 * somebody wants who can choose. The nodes lie in the objects themselves, so there is nothing to allocate.
 */
#ifndef KERNEL_MEM_DIGITAL_TREE_H
#define KERNEL_MEM_DIGITAL_TREE_H

#include <stddef.h>
#include <stdint.h>

/* The object that a node lies in. */
#define CONTAINER_OF(node, type, member) ((type *)((uint8_t *)(node)-offsetof(type, member)))

struct digital_node {
    uint32_t key;
    struct digital_node *child[2];
};

/* The link that leads to `key`, or, if there is none, the empty one where it belongs. */
struct digital_node **digital_place(struct digital_node **root, uint32_t key);
struct digital_node *digital_find(struct digital_node *root, uint32_t key); /* or NULL */
/* The first key after `last` that no node has, and that is not 0. The tree has room for it. */
uint32_t digital_unused(struct digital_node *root, uint32_t last);
/* No other node has this key. */
void digital_insert(struct digital_node **root, struct digital_node *node, uint32_t key);
void digital_remove(struct digital_node **root, struct digital_node *node);
void digital_remove_at(struct digital_node **link); /* the node there: from digital_place() */
/* `other` takes over the place and the key of `node`. */
void digital_replace(struct digital_node **root, struct digital_node *node,
                     struct digital_node *other);
void digital_replace_at(struct digital_node **link, struct digital_node *other);

#endif
