// SPDX-License-Identifier: MIT
/*
 * The nodes of a tree, for its own source files.
 *
 * A backed node belongs to an inode of the image. There is at most one node for each nid, found by
 * tree->by_nid, so that hard links in the image stay links of one file.
 *
 *                    ┌── lookup ──> clean, in use ──change──> pinned, in use
 *   (only in image) ─┘<── unused ──┘                             │  ^ stays in by_nid or in an
 * entry unused  v  │ lookup pinned
 *
 * A node that is not backed is always pinned. links == 0 and nobody uses it: the node is freed.
 *
 * A directory holds its parent. Entries of a directory are those of the image, except for the names
 * that have a struct entry: that one decides, and one without a node says that the name does not
 * exist.
 */
#ifndef DOMAINS_LINUX_FS_TREE_NODE_H
#define DOMAINS_LINUX_FS_TREE_NODE_H

#include "domains/linux/fs/page_map.h"
#include "domains/linux/fs/tree.h"

#define NAME_BUCKETS 256u
#define NID_BUCKETS  64u

#define PAGE_BYTES     4096u
#define FILE_BYTES_MAX 0x7FFFFFFFFFFull /* as Linux allows on 32-bit machines */

struct entry {
    struct entry *next_of_name;    /* chain of tree->names */
    struct entry *next, *previous; /* in the directory, by cookie */
    struct node *directory;        /* whose entry this is */
    struct node *node;             /* NULL: no such name, whatever the image says */
    uint32_t cookie;               /* the place in listings */
    uint8_t length;
    char name[];
};

struct node {
    struct inode inode;               /* first: a struct inode * is a struct node * */
    const struct erofs_node *backing; /* NULL: not from the image */
    bool pinned;
    struct node *next_of_nid;     /* chain of tree->by_nid */
    struct node *next, *previous; /* of all nodes in the tree */
    union {
        struct {
            struct page_map pages; /* pages that differ from the image */
            uint64_t backed;       /* pages below this number come from the image otherwise */
            bool changing;         /* a writer or truncate() is at work; others wait */
            struct wait_queue waiting;
        } file;
        struct {
            struct entry *first, *last;
            uint32_t next_cookie;
            struct node *parent; /* held; NULL: the root */
        } directory;
        char *target; /* of a symbolic link that is not backed; heap */
    };
};

struct tree {
    struct file_system system; /* first */
    struct erofs image;
    uint32_t image_handle;
    uint32_t next_number;            /* of a new inode; those from the image lie below */
    uint64_t pages, node_count;      /* of its own, not from the image */
    uint64_t pages_most, nodes_most; /* 0: no limit but the tenant's memory */
    struct node *nodes;
    struct entry *names[NAME_BUCKETS];
    struct node *by_nid[NID_BUCKETS];
};

static inline struct node *node_of(struct inode *inode) {
    return (struct node *)inode;
}

static inline struct tree *tree_of(const struct node *node) {
    return (struct tree *)node->inode.file_system;
}

/* Is there no page left for its files? */
static inline bool tree_is_full(const struct tree *tree) {
    return tree->pages_most != 0 && tree->pages >= tree->pages_most;
}

extern const struct inode_operations tree_operations;
extern const struct file_operations tree_directory_operations, tree_file_operations;

/* A new node that nothing names yet, with references == 1 and links == 0; NULL: no memory. */
struct node *node_make(struct tree *tree, uint32_t mode, uint32_t device);
/* The node of an inode of the image, held; a directory keeps `parent` (NULL for the root). */
int node_of_image(struct tree *tree, uint32_t nid, struct node *parent, struct node **found);
/* Gives a directory its place; holds `parent`. */
void node_set_parent(struct node *directory, struct node *parent);
/* Frees what is no longer needed of a node without users: the `free` of the inode operations. */
void node_unused(struct inode *inode);
/* Frees all nodes of a tree that is unmounted. */
void node_free_all(struct tree *tree);
void node_touch(struct node *node); /* modified and changed now */

/* tree_directory.c */
int tree_lookup(struct inode *directory, const char *name, uint32_t length, struct inode **found);
int tree_create(struct inode *directory, const char *name, uint32_t length, uint32_t mode,
                uint32_t device, struct inode **made);
int tree_create_nameless(struct inode *directory, uint32_t mode, struct inode **made);
int tree_symlink(struct inode *directory, const char *name, uint32_t length, const char *target);
int tree_link(struct inode *directory, const char *name, uint32_t length, struct inode *target);
int tree_unlink(struct inode *directory, const char *name, uint32_t length, bool directory_wanted);
int tree_rename(struct inode *from, const char *name, uint32_t length, struct inode *to,
                const char *new_name, uint32_t new_length, uint32_t flags);
int tree_list(struct file *file, uint64_t offset, directory_visit *visit, void *context);

/* tree_entry.c */
struct entry *entry_find(struct node *directory, const char *name, uint32_t length);
/* The entry of a name, made if there is none yet; a node that only the image named is pinned there.
 * NULL with `*error` set. An entry that still has no node afterwards must go through
 * entry_settle(). */
struct entry *entry_take(struct node *directory, const char *name, uint32_t length, int *error);
/* Drops an entry without a node again unless it hides a name of the image. */
void entry_settle(struct entry *entry);
void entry_free_all(struct node *directory);
/* The name of a directory in its parent. */
int tree_name(struct inode *directory, char *buffer, uint32_t room);
bool directory_is_empty(struct node *directory);

static inline uint64_t pages_of(uint64_t bytes) {
    return (bytes + PAGE_BYTES - 1) / PAGE_BYTES;
}

/* tree_data.c */
/* Whoever changes a file's size or writes to it does so alone. */
void node_begin_change(struct node *node);
void node_end_change(struct node *node);
/* The frame of a page for writing, copied up or made if there was none; NO_FRAME: no memory. */
uint32_t node_own_page(struct node *node, uint64_t page);
void node_drop_pages(struct node *node, uint64_t first, uint64_t end);
/* Makes the bytes behind `size` in its page zero, if the page has any other: 0 or -ENOSPC. A file
 * that grows needs it too: the last page may come from the image, whose data ends there, or have
 * been written to through a mapping. */
int node_clear_behind(struct node *node, uint64_t size);
int tree_read(struct file *file, struct transfer *to, uint64_t *offset);
int tree_write(struct file *file, struct transfer *from, uint64_t *offset);
int tree_seek(struct file *file, int64_t offset, int whence, uint64_t *result);
int tree_page(struct file *file, uint64_t page, bool for_write, struct file_page *result);
uint64_t tree_blocks(struct inode *inode);

/* tree_size.c */
int tree_truncate(struct inode *inode, uint64_t size);
int tree_allocate(struct inode *inode, uint32_t flags, uint64_t offset, uint64_t length);

#endif
