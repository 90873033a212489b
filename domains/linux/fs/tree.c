// SPDX-License-Identifier: MIT
/*
 * A tree as a whole: how it is made and unmounted, and the tables of its operations. Names are in
 * tree_entry.c and tree_directory.c, data in tree_data.c and tree_size.c, the life of nodes in tree_node.c.
 */
#include "domains/linux/fs/tree_node.h"

#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"

#define FIRST_OWN_NUMBER                                                                           \
    0x01000000u /* above all nids: an image is at most 512 MiB, in slots of 32 */

static int tree_readlink(struct inode *inode, char *buffer, uint32_t room) {
    const struct node *node = node_of(inode);
    const uint8_t *bytes = (const uint8_t *)node->target;
    uint32_t length = (uint32_t)inode->size;

    if (node->backing != NULL)
        length = erofs_data(&tree_of(node)->image, node->backing, 0, &bytes);
    if (length > room)
        length = room;
    memcpy(buffer, bytes, length);
    return (int)length;
}

static int tree_changed(struct inode *inode) {
    node_of(inode)->pinned = true;
    return 0;
}

static int tree_open(struct inode *inode, struct file *file) {
    file->operations =
        MODE_IS(inode->mode, S_IFDIR) ? &tree_directory_operations : &tree_file_operations;
    return 0;
}

static int tree_sync(struct file *file) {
    (void)file; /* there is no medium behind it */
    return 0;
}

static uint32_t always_ready(struct file *file) {
    (void)file;
    return POLLIN | POLLOUT;
}

const struct inode_operations tree_operations = {
    .lookup = tree_lookup,
    .create = tree_create,
    .create_nameless = tree_create_nameless,
    .symlink = tree_symlink,
    .link = tree_link,
    .unlink = tree_unlink,
    .rename = tree_rename,
    .readlink = tree_readlink,
    .truncate = tree_truncate,
    .changed = tree_changed,
    .open = tree_open,
    .free = node_unused,
    .blocks = tree_blocks,
    .allocate = tree_allocate,
    .name = tree_name,
};

const struct file_operations tree_file_operations = {
    .read = tree_read,
    .write = tree_write,
    .seek = tree_seek,
    .page = tree_page,
    .sync = tree_sync,
    .poll = always_ready,
};

const struct file_operations tree_directory_operations = {
    .list = tree_list,
    .sync = tree_sync,
};

static void tree_statistics(struct file_system *system, struct file_system_statistics *result) {
    const struct tree *tree = (const struct tree *)system;

    *result = (struct file_system_statistics){
        .blocks = frames_total(),
        .blocks_free = frames_free(),
        .files = frames_total(),
        .files_free = frames_free(),
    };
    if (tree->pages_most != 0) {
        result->blocks = tree->pages_most;
        result->blocks_free = tree->pages_most - tree->pages;
    }
    if (tree->nodes_most != 0) {
        result->files = tree->nodes_most;
        result->files_free = tree->nodes_most - tree->node_count;
    }
}

static void tree_free(struct file_system *system) {
    struct tree *tree = (struct tree *)system;

    node_free_all(tree);
    heap_free(tree);
}

static struct tree *make(const char *type) {
    struct tree *tree = heap_allocate(sizeof *tree);

    if (tree != NULL) {
        tree->system.type = type;
        tree->system.magic = TREE_MAGIC_TMPFS;
        tree->system.device = file_system_number();
        tree->system.statistics = tree_statistics;
        tree->system.free = tree_free;
        tree->next_number = FIRST_OWN_NUMBER;
    }
    return tree;
}

struct file_system *tree_make(const char *type, const struct tree_options *options) {
    struct tree *tree = make(type);
    struct node *root;

    if (tree == NULL)
        return NULL;
    tree->pages_most = options->pages_most;
    tree->nodes_most = options->nodes_most;
    root = node_make(tree, S_IFDIR | options->mode, 0);
    if (root == NULL) {
        heap_free(tree);
        return NULL;
    }
    root->inode.uid = options->uid;
    root->inode.gid = options->gid;
    root->inode.links = 2;
    root->inode.size = 40;
    tree->system.root = &root->inode;
    return &tree->system;
}

int tree_make_over(const struct erofs *image, uint32_t image_handle, struct file_system **made) {
    struct tree *tree = make("overlay");
    struct node *root;
    int error;

    if (tree == NULL)
        return -ENOMEM;
    tree->image = *image;
    tree->image_handle = image_handle;
    error = node_of_image(tree, image->root, NULL, &root);
    if (error != 0) {
        heap_free(tree);
        return error;
    }
    root->pinned = true;
    tree->system.root = &root->inode;
    *made = &tree->system;
    return 0;
}
