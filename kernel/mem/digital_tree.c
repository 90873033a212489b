// SPDX-License-Identifier: MIT
/*
 * See digital_tree.h. Any node below another one may stand in its place, since all that the place asks for is
 * the bits that lead there; so a node that goes is replaced by a leaf under it.
 */
#include "kernel/mem/digital_tree.h"

#include <stddef.h>

struct digital_node **digital_place(struct digital_node **root, uint32_t key) {
    struct digital_node **link = root;

    for (uint32_t bits = key; *link && (*link)->key != key; bits >>= 1)
        link = &(*link)->child[bits & 1];
    return link;
}

struct digital_node *digital_find(struct digital_node *root, uint32_t key) {
    return *digital_place(&root, key);
}

uint32_t digital_unused(struct digital_node *root, uint32_t last) {
    do
        last++;
    while (last == 0 || digital_find(root, last) != NULL);
    return last;
}

void digital_insert(struct digital_node **root, struct digital_node *node, uint32_t key) {
    *node = (struct digital_node){.key = key};
    *digital_place(root, key) = node;
}

void digital_remove_at(struct digital_node **link) {
    struct digital_node *node = *link, **end = link, *leaf;

    while ((*end)->child[0] || (*end)->child[1])
        end = &(*end)->child[(*end)->child[0] == NULL];
    leaf = *end;
    *end = NULL;
    if (leaf == node)
        return;
    leaf->child[0] = node->child[0];
    leaf->child[1] = node->child[1];
    *link = leaf;
}

void digital_remove(struct digital_node **root, struct digital_node *node) {
    digital_remove_at(digital_place(root, node->key));
}

void digital_replace_at(struct digital_node **link, struct digital_node *other) {
    *other = **link;
    *link = other;
}

void digital_replace(struct digital_node **root, struct digital_node *node,
                     struct digital_node *other) {
    digital_replace_at(digital_place(root, node->key), other);
}
