// SPDX-License-Identifier: MIT
/*
 * See leftist_tree.h. A merge goes down the right sides of two trees, then up again and puts the shorter way to
 * the right. A removal merges the node's two subtrees into its place; the distances above change only as
 * long as each is one more than the one below, so this climb is as short.
 */
#include "kernel/sched/leftist_tree.h"

#include <stdbool.h>
#include <stddef.h>

static uint32_t distance(const struct leftist_node *node) {
    return node ? node->distance : 0;
}

/* Puts the shorter way to the right; false if the node's distance stays what it was. */
static bool balance(struct leftist_node *node) {
    uint32_t before = node->distance;

    if (distance(node->left) < distance(node->right)) {
        struct leftist_node *left = node->left;
        node->left = node->right;
        node->right = left;
    }
    node->distance = distance(node->right) + 1;
    return node->distance != before;
}

/* What hangs at `link`, below `parent`, and `other` become one tree that hangs there. */
static void merge(struct leftist_node **link, struct leftist_node *parent,
                  struct leftist_node *other) {
    struct leftist_node *top = parent;

    while (other) {
        struct leftist_node *here = *link;
        if (!here || (int64_t)(other->key - here->key) < 0) {
            *link = other;
            other->parent = parent;
            other = here;
            here = *link;
        }
        parent = here;
        link = &here->right;
    }
    for (; parent != top; parent = parent->parent)
        balance(parent);
}

void leftist_add(struct leftist_node **root, struct leftist_node *node, uint64_t key) {
    *node = (struct leftist_node){.key = key, .distance = 1};
    merge(root, NULL, node);
}

void leftist_remove(struct leftist_node **root, struct leftist_node *node) {
    struct leftist_node *parent = node->parent, **link = !parent                ? root
                                                         : parent->left == node ? &parent->left
                                                                                : &parent->right;

    *link = node->left;
    if (*link)
        (*link)->parent = parent;
    merge(link, parent, node->right);
    node->distance = 0;
    while (parent && balance(parent))
        parent = parent->parent;
}
