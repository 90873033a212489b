// SPDX-License-Identifier: MIT
/*
 * Life and death of nodes; see the picture in tree_node.h.
 */
#include "domains/linux/fs/tree_node.h"

#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"

void node_touch(struct node *node) {
    node->inode.modified = node->inode.changed = timestamp_now();
    node->pinned = true;
}

static void add_to_tree(struct tree *tree, struct node *node) {
    node->inode.file_system = &tree->system;
    node->inode.operations = &tree_operations;
    node->inode.references = 1;
    node->next = tree->nodes;
    if (tree->nodes != NULL)
        tree->nodes->previous = node;
    tree->nodes = node;
    tree->node_count++;
}

struct node *node_make(struct tree *tree, uint32_t mode, uint32_t device) {
    bool full = tree->nodes_most != 0 && tree->node_count >= tree->nodes_most;
    struct node *node = full ? NULL : heap_allocate(sizeof *node);

    if (node == NULL)
        return NULL;
    node->inode.mode = mode;
    node->inode.device = device;
    node->inode.number = tree->next_number++;
    node_touch(node);
    node->inode.accessed = node->inode.modified;
    add_to_tree(tree, node);
    return node;
}

void node_set_parent(struct node *directory, struct node *parent) {
    struct node *before = directory->directory.parent;

    inode_hold(&parent->inode);
    directory->directory.parent = parent;
    if (before != NULL)
        inode_release(&before->inode);
}

static struct node *node_find_backed(struct tree *tree, uint32_t nid) {
    struct node *node = tree->by_nid[nid % NID_BUCKETS];

    while (node != NULL && node->backing->nid != nid)
        node = node->next_of_nid;
    return node;
}

/* A node and its backing are one heap object. */
static struct node *make_backed(struct tree *tree, const struct erofs_node *backing) {
    struct node *node = heap_allocate(sizeof *node + sizeof *backing);

    if (node == NULL)
        return NULL;
    memcpy(node + 1, backing, sizeof *backing);
    node->backing = (const struct erofs_node *)(node + 1);
    node->inode.number = backing->nid + 1;
    node->inode.mode = backing->mode;
    node->inode.links = backing->links == 0 ? 1 : backing->links;
    node->inode.uid = backing->uid;
    node->inode.gid = backing->gid;
    node->inode.size = backing->size;
    node->inode.device = backing->device;
    node->inode.modified = (struct timestamp){backing->seconds, backing->nanoseconds};
    node->inode.accessed = node->inode.changed = node->inode.modified;
    if (MODE_IS(backing->mode, S_IFREG))
        node->file.backed = (backing->size + EROFS_BLOCK - 1) / EROFS_BLOCK;
    node->next_of_nid = tree->by_nid[backing->nid % NID_BUCKETS];
    tree->by_nid[backing->nid % NID_BUCKETS] = node;
    add_to_tree(tree, node);
    return node;
}

int node_of_image(struct tree *tree, uint32_t nid, struct node *parent, struct node **found) {
    struct node *node = node_find_backed(tree, nid);
    struct erofs_node backing;
    int error;

    if (node != NULL) {
        inode_hold(&node->inode);
        *found = node;
        return 0;
    }
    error = erofs_node(&tree->image, nid, &backing);
    if (error != 0)
        return error;
    node = make_backed(tree, &backing);
    if (node == NULL)
        return -ENOMEM;
    if (parent != NULL && MODE_IS(backing.mode, S_IFDIR))
        node_set_parent(node, parent);
    *found = node;
    return 0;
}

static void leave_tree(struct node *node) {
    struct tree *tree = tree_of(node);

    tree->node_count--;
    if (node->previous != NULL)
        node->previous->next = node->next;
    else
        tree->nodes = node->next;
    if (node->next != NULL)
        node->next->previous = node->previous;
    if (node->backing != NULL) {
        struct node **link = &tree->by_nid[node->backing->nid % NID_BUCKETS];

        while (*link != node)
            link = &(*link)->next_of_nid;
        *link = node->next_of_nid;
    }
}

/* The node and what it owns; its parent is the caller's business. */
static void node_free(struct node *node) {
    leave_tree(node);
    switch (node->inode.mode & S_IFMT) {
    case S_IFREG:
        tree_of(node)->pages -= node->file.pages.count;
        page_map_remove(&node->file.pages, 0, UINT64_MAX);
        break;
    case S_IFDIR:
        entry_free_all(node);
        break;
    case S_IFLNK:
        heap_free(node->target);
        break;
    default:
        break;
    }
    heap_free(node);
}

void node_unused(struct inode *inode) {
    struct node *node = node_of(inode);

    if (inode->links == 0 || !node->pinned) {
        struct node *parent = MODE_IS(inode->mode, S_IFDIR) ? node->directory.parent : NULL;

        node_free(node);
        if (parent != NULL)
            inode_release(&parent->inode);
    }
}

void node_free_all(struct tree *tree) {
    while (tree->nodes != NULL)
        node_free(tree->nodes);
}
