// SPDX-License-Identifier: MIT
/*
 * Entries: the names in which a tree's directory differs from the image's. They are found by a hash
 * over directory and name, and listed in the order in which they were made: the cookie of an entry
 * never changes, so a listing that goes on after a removal misses nothing.
 */
#include "domains/linux/fs/tree_node.h"

#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"

#define FIRST_COOKIE 0x10000000u /* above all positions in a directory of an image */

static struct entry **bucket_of(struct node *directory, const char *name, uint32_t length) {
    uint32_t hash = directory->inode.number;

    for (uint32_t i = 0; i < length; i++)
        hash = hash * 31 + (uint8_t)name[i];
    return &tree_of(directory)->names[(hash ^ hash >> 8 ^ hash >> 16) % NAME_BUCKETS];
}

struct entry *entry_find(struct node *directory, const char *name, uint32_t length) {
    struct entry *entry = *bucket_of(directory, name, length);

    while (entry != NULL && (entry->directory != directory || entry->length != length ||
                             memcmp(entry->name, name, length) != 0))
        entry = entry->next_of_name;
    return entry;
}

static struct entry *entry_make(struct node *directory, const char *name, uint32_t length) {
    struct entry **bucket = bucket_of(directory, name, length);
    struct entry *entry = heap_allocate(sizeof *entry + length);

    if (entry == NULL)
        return NULL;
    memcpy(entry->name, name, length);
    entry->length = (uint8_t)length;
    entry->directory = directory;
    entry->cookie = FIRST_COOKIE + directory->directory.next_cookie++;
    entry->next_of_name = *bucket;
    *bucket = entry;
    entry->previous = directory->directory.last;
    if (directory->directory.last != NULL)
        directory->directory.last->next = entry;
    else
        directory->directory.first = entry;
    directory->directory.last = entry;
    return entry;
}

static void entry_free(struct entry *entry) {
    struct node *directory = entry->directory;
    struct entry **link = bucket_of(directory, entry->name, entry->length);

    while (*link != entry)
        link = &(*link)->next_of_name;
    *link = entry->next_of_name;
    if (entry->previous != NULL)
        entry->previous->next = entry->next;
    else
        directory->directory.first = entry->next;
    if (entry->next != NULL)
        entry->next->previous = entry->previous;
    else
        directory->directory.last = entry->previous;
    heap_free(entry);
}

void entry_free_all(struct node *directory) {
    while (directory->directory.first != NULL)
        entry_free(directory->directory.first);
}

struct entry *entry_take(struct node *directory, const char *name, uint32_t length, int *error) {
    struct entry *entry = entry_find(directory, name, length);
    struct inode *known = NULL;

    if (entry != NULL)
        return entry;
    *error = tree_lookup(&directory->inode, name, length, &known);
    if (*error != 0 && *error != -ENOENT)
        return NULL;
    entry = entry_make(directory, name, length);
    if (entry == NULL) {
        *error = -ENOSPC;
    } else if (known != NULL) {
        entry->node = node_of(known);
        entry->node->pinned = true;
    }
    if (entry != NULL) {
        directory->pinned = true;
        *error = 0;
    }
    if (known != NULL)
        inode_release(known);
    return entry;
}

static bool image_has(struct node *directory, const char *name, uint32_t length) {
    uint32_t nid;

    return directory->backing != NULL &&
           erofs_lookup(&tree_of(directory)->image, directory->backing, name, length, &nid) == 0;
}

void entry_settle(struct entry *entry) {
    if (entry->node == NULL && !image_has(entry->directory, entry->name, entry->length))
        entry_free(entry);
}

static bool is_dot(const struct erofs_entry *entry) {
    return entry->name[0] == '.' &&
           (entry->length == 1 || (entry->length == 2 && entry->name[1] == '.'));
}

bool directory_is_empty(struct node *directory) {
    struct erofs_entry backed;
    uint32_t position = 0;

    for (struct entry *entry = directory->directory.first; entry != NULL; entry = entry->next)
        if (entry->node != NULL)
            return false;
    if (directory->backing == NULL)
        return true;
    while (erofs_list(&tree_of(directory)->image, directory->backing, &position, &backed) == 1)
        if (!is_dot(&backed) && entry_find(directory, backed.name, backed.length) == NULL)
            return false;
    return true;
}

/* ---- Listing: ".", "..", then the image's names, then the entries
 * -------------------------------- */

#define POSITION_OFFSET 2u /* listing offsets 0 and 1 are the dots */

static bool list_dots(struct node *directory, uint64_t *offset, directory_visit *visit,
                      void *context) {
    const struct node *parent = directory->directory.parent;
    struct directory_entry dot = {directory->inode.number, 4, 1, "."};
    struct directory_entry dots = {parent == NULL ? dot.inode : parent->inode.number, 4, 2, ".."};

    if (*offset == 0) {
        if (!visit(context, &dot, 1))
            return false;
        *offset = 1;
    }
    if (*offset == 1) {
        if (!visit(context, &dots, POSITION_OFFSET))
            return false;
        *offset = POSITION_OFFSET;
    }
    return true;
}

static bool list_image(struct node *directory, uint64_t offset, directory_visit *visit,
                       void *context) {
    uint32_t position = (uint32_t)offset - POSITION_OFFSET;
    struct erofs_entry backed;

    while (erofs_list(&tree_of(directory)->image, directory->backing, &position, &backed) == 1) {
        struct directory_entry shown = {backed.nid + 1, backed.type, backed.length, backed.name};

        if (is_dot(&backed) || entry_find(directory, backed.name, backed.length) != NULL)
            continue;
        if (!visit(context, &shown, position + POSITION_OFFSET))
            return false;
    }
    return true;
}

int tree_list(struct file *file, uint64_t offset, directory_visit *visit, void *context) {
    struct node *directory = node_of(file->inode);

    if (!list_dots(directory, &offset, visit, context))
        return 0;
    if (directory->backing != NULL && offset < FIRST_COOKIE &&
        !list_image(directory, offset, visit, context))
        return 0;
    for (struct entry *entry = directory->directory.first; entry != NULL; entry = entry->next) {
        struct directory_entry shown = {.length = entry->length, .name = entry->name};

        if (entry->node == NULL || entry->cookie < offset)
            continue;
        shown.inode = entry->node->inode.number;
        shown.type = MODE_DIRENT_TYPE(entry->node->inode.mode);
        if (!visit(context, &shown, (uint64_t)entry->cookie + 1))
            return 0;
    }
    return 0;
}

static int copy_name(char *buffer, uint32_t room, const char *name, uint32_t length) {
    if (length > room)
        return -ENAMETOOLONG;
    memcpy(buffer, name, length);
    return (int)length;
}

int tree_name(struct inode *inode, char *buffer, uint32_t room) {
    struct node *node = node_of(inode), *parent = node->directory.parent;
    struct erofs_entry backed;
    uint32_t position = 0;

    if (inode->links == 0 || parent == NULL)
        return inode->links == 0 ? -ENOENT : 0;
    for (struct entry *entry = parent->directory.first; entry != NULL; entry = entry->next)
        if (entry->node == node)
            return copy_name(buffer, room, entry->name, entry->length);
    while (node->backing != NULL && parent->backing != NULL &&
           erofs_list(&tree_of(parent)->image, parent->backing, &position, &backed) == 1)
        if (backed.nid == node->backing->nid && !is_dot(&backed))
            return copy_name(buffer, room, backed.name, backed.length);
    return -ENOENT;
}
