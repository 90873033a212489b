// SPDX-License-Identifier: MIT
/*
 * What changes a tree's directories. Each operation first takes all the entries it needs (which may
 * fail and changes nothing that anybody sees), then acts, which cannot fail, then settles the
 * entries that have become empty.
 *
 * The callers (domains/linux/file) have checked permissions, read-only mounts and mount points.
 */
#include "domains/linux/fs/tree_node.h"

#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"

#define ENTRY_SIZE 20u /* what a name adds to st_size of a directory without image, as on Linux */

static bool is_directory(const struct node *node) {
    return MODE_IS(node->inode.mode, S_IFDIR);
}

int tree_lookup(struct inode *inode, const char *name, uint32_t length, struct inode **found) {
    struct node *directory = node_of(inode), *node;
    struct entry *entry;
    uint32_t nid;
    int error;

    if (length == 2 && name[0] == '.' && name[1] == '.') {
        struct node *parent = directory->directory.parent;

        *found = parent == NULL ? inode : &parent->inode;
        inode_hold(*found);
        return 0;
    }
    entry = entry_find(directory, name, length);
    if (entry != NULL) {
        if (entry->node == NULL)
            return -ENOENT;
        *found = &entry->node->inode;
        inode_hold(*found);
        return 0;
    }
    if (directory->backing == NULL)
        return -ENOENT;
    error = erofs_lookup(&tree_of(directory)->image, directory->backing, name, length, &nid);
    if (error == 0)
        error = node_of_image(tree_of(directory), nid, directory, &node);
    if (error == 0)
        *found = &node->inode;
    return error;
}

/* Puts a node under a name that has none. */
static void fill(struct entry *entry, struct node *node) {
    struct node *directory = entry->directory;

    entry->node = node;
    node->pinned = true;
    node->inode.links++;
    if (is_directory(node)) {
        directory->inode.links++;
        node_set_parent(node, directory);
    }
    if (directory->backing == NULL)
        directory->inode.size += ENTRY_SIZE;
    node_touch(directory);
}

/* Takes the node from under its name; the caller drops its hold after it. */
static void empty(struct entry *entry) {
    struct node *directory = entry->directory, *node = entry->node;

    entry->node = NULL;
    if (is_directory(node))
        directory->inode.links--;
    node->inode.links--;
    node->inode.changed = timestamp_now();
    if (directory->backing == NULL)
        directory->inode.size -= ENTRY_SIZE;
    node_touch(directory);
}

/* A vacant entry of a directory that still exists. */
static struct entry *take_vacant(struct node *directory, const char *name, uint32_t length,
                                 int *error) {
    struct entry *entry;

    if (directory->inode.links == 0) {
        *error = -ENOENT;
        return NULL;
    }
    entry = entry_take(directory, name, length, error);
    if (entry != NULL && entry->node != NULL) {
        *error = -EEXIST;
        return NULL;
    }
    return entry;
}

static int add_new(struct inode *inode, const char *name, uint32_t length, struct node *node) {
    struct node *directory = node_of(inode);
    int error = 0;
    struct entry *entry = take_vacant(directory, name, length, &error);

    if (entry == NULL)
        return error;
    fill(entry, node);
    if (is_directory(node))
        node->inode.links++; /* its own "." */
    return 0;
}

int tree_create(struct inode *directory, const char *name, uint32_t length, uint32_t mode,
                uint32_t device, struct inode **made) {
    struct node *node = node_make(tree_of(node_of(directory)), mode, device);
    int error;

    if (node == NULL)
        return -ENOSPC;
    if (is_directory(node))
        node->inode.size = 2 * ENTRY_SIZE;
    error = add_new(directory, name, length, node);
    if (error != 0) {
        inode_release(&node->inode);
        return error;
    }
    *made = &node->inode;
    return 0;
}

int tree_create_nameless(struct inode *directory, uint32_t mode, struct inode **made) {
    struct node *node = node_make(tree_of(node_of(directory)), mode, 0);

    if (node == NULL)
        return -ENOSPC;
    *made = &node->inode;
    return 0;
}

int tree_symlink(struct inode *directory, const char *name, uint32_t length, const char *target) {
    struct node *node = node_make(tree_of(node_of(directory)), S_IFLNK | 0777, 0);
    size_t bytes = strlen(target);
    int error = -ENOSPC;

    if (node == NULL)
        return -ENOSPC;
    node->target = heap_allocate(bytes + 1);
    if (node->target != NULL) {
        memcpy(node->target, target, bytes);
        node->inode.size = bytes;
        error = add_new(directory, name, length, node);
    }
    inode_release(&node->inode);
    return error;
}

int tree_link(struct inode *inode, const char *name, uint32_t length, struct inode *target) {
    struct entry *entry;
    int error = 0;

    if (MODE_IS(target->mode, S_IFDIR))
        return -EPERM;
    if (target->links == 0 && !target->nameless)
        return -ENOENT;
    entry = take_vacant(node_of(inode), name, length, &error);
    if (entry == NULL)
        return error;
    fill(entry, node_of(target));
    target->nameless = false;
    target->changed = timestamp_now();
    return 0;
}

int tree_unlink(struct inode *inode, const char *name, uint32_t length, bool directory_wanted) {
    int error = 0;
    struct entry *entry = entry_take(node_of(inode), name, length, &error);
    struct node *node;

    if (entry == NULL)
        return error;
    node = entry->node;
    if (node == NULL) {
        error = -ENOENT;
    } else if (is_directory(node) != directory_wanted) {
        error = directory_wanted ? -ENOTDIR : -EISDIR;
    } else if (directory_wanted && !directory_is_empty(node)) {
        error = -ENOTEMPTY;
    } else {
        inode_hold(&node->inode);
        empty(entry);
        if (directory_wanted)
            node->inode.links = 0;
        inode_release(&node->inode);
    }
    entry_settle(entry);
    return error;
}

/* ---- Renaming
 * ------------------------------------------------------------------------------------ */

static bool lies_below(const struct node *node, const struct node *ancestor) {
    while (node != NULL && node != ancestor)
        node = node->directory.parent;
    return node != NULL;
}

static int may_rename(const struct entry *old, const struct entry *new, uint32_t flags) {
    struct node *moved = old->node, *replaced = new->node;

    if (moved == NULL || ((flags & RENAME_EXCHANGE) != 0 && replaced == NULL))
        return -ENOENT;
    if ((flags & RENAME_NOREPLACE) != 0 && replaced != NULL)
        return -EEXIST;
    if (is_directory(moved) && lies_below(new->directory, moved))
        return -EINVAL;
    if (replaced == NULL || replaced == moved)
        return 0;
    if (is_directory(replaced) && lies_below(old->directory, replaced))
        return (flags & RENAME_EXCHANGE) != 0 ? -EINVAL : -ENOTEMPTY;
    if ((flags & RENAME_EXCHANGE) != 0)
        return 0;
    if (is_directory(moved) != is_directory(replaced))
        return is_directory(moved) ? -ENOTDIR : -EISDIR;
    return is_directory(replaced) && !directory_is_empty(replaced) ? -ENOTEMPTY : 0;
}

static void move(struct entry *old, struct entry *new, uint32_t flags) {
    struct node *moved = old->node, *replaced = new->node;

    inode_hold(&moved->inode);
    if (replaced != NULL) {
        inode_hold(&replaced->inode);
        empty(new);
    }
    empty(old);
    fill(new, moved);
    moved->inode.changed = timestamp_now();
    if ((flags & RENAME_EXCHANGE) != 0) {
        fill(old, replaced);
        replaced->inode.changed = timestamp_now();
    } else if (replaced != NULL && is_directory(replaced)) {
        replaced->inode.links = 0;
    }
    if (replaced != NULL)
        inode_release(&replaced->inode);
    inode_release(&moved->inode);
}

int tree_rename(struct inode *from, const char *name, uint32_t length, struct inode *to,
                const char *new_name, uint32_t new_length, uint32_t flags) {
    int error = 0;
    struct entry *old, *new;

    if (to->links == 0)
        return -ENOENT;
    old = entry_take(node_of(from), name, length, &error);
    if (old == NULL)
        return error;
    new = entry_take(node_of(to), new_name, new_length, &error);
    if (new == NULL) {
        entry_settle(old);
        return error;
    }
    error = may_rename(old, new, flags);
    if (error == 0 && old->node != new->node)
        move(old, new, flags);
    if (new != old)
        entry_settle(new);
    entry_settle(old);
    return error;
}
