// SPDX-License-Identifier: MIT
/*
 * See deadline.h. A merge goes down the right sides of two trees, then up again and puts the shorter way to
 * the right. A removal merges the node's two subtrees into its place; the distances above change only as
 * long as each is one more than the one below, so this climb is as short.
 */
#include "kernel/sched/deadline.h"

#include <stdbool.h>
#include <stddef.h>

static uint32_t distance(const struct deadline *node) {
    return node ? node->distance : 0;
}

/* Puts the shorter way to the right; false if the node's distance stays what it was. */
static bool balance(struct deadline *node) {
    uint32_t before = node->distance;

    if (distance(node->left) < distance(node->right)) {
        struct deadline *left = node->left;
        node->left = node->right;
        node->right = left;
    }
    node->distance = distance(node->right) + 1;
    return node->distance != before;
}

/* What hangs at `link`, below `parent`, and `other` become one tree that hangs there. */
static void merge(struct deadline **link, struct deadline *parent, struct deadline *other) {
    struct deadline *top = parent;

    while (other) {
        struct deadline *here = *link;
        if (!here || other->time < here->time) {
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

void deadline_add(struct deadline **root, struct deadline *node, uint64_t time) {
    *node = (struct deadline){.time = time, .distance = 1};
    merge(root, NULL, node);
}

void deadline_remove(struct deadline **root, struct deadline *node) {
    struct deadline *parent = node->parent, **link = !parent                ? root
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
