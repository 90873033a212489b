// SPDX-License-Identifier: MIT
/*
 * Registered devices are a list; the nodes of /dev are ordinary nodes of a tree, so that programs
 * may rename, link and chmod them. A node is opened by its number, as on Linux.
 */
#include "domains/linux/fs/devfs.h"

#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/fs/tree.h"

static struct device_node *devices;
static struct file_system *tree;

struct file_system *devfs(void) {
    return tree;
}

/* The directory of a node's name, held, made as needed; `*name` moves to the last component. */
static int enter_directory(const char **name, struct inode **found) {
    struct inode *directory = tree->root;
    const char *slash;

    inode_hold(directory);
    while ((slash = strchr(*name, '/')) != NULL) {
        uint32_t length = (uint32_t)(slash - *name);
        struct inode *next;
        int error = directory->operations->lookup(directory, *name, length, &next);

        if (error == -ENOENT) {
            error =
                directory->operations->create(directory, *name, length, S_IFDIR | 0755, 0, &next);
        }
        inode_release(directory);
        if (error != 0)
            return error;
        directory = next;
        *name = slash + 1;
    }
    *found = directory;
    return 0;
}

int device_register(struct device_node *node) {
    const char *name = node->name;
    struct inode *directory, *made;
    int error = enter_directory(&name, &directory);

    if (error != 0)
        return error;
    error = directory->operations->create(directory, name, (uint32_t)strlen(name), node->mode,
                                          node->device, &made);
    inode_release(directory);
    if (error == 0) {
        inode_release(made);
        node->next = devices;
        devices = node;
    }
    return error;
}

void device_unregister(struct device_node *node) {
    struct device_node **link = &devices;
    const char *name = node->name;
    struct inode *directory;

    while (*link != NULL && *link != node)
        link = &(*link)->next;
    if (*link == node)
        *link = node->next;
    if (enter_directory(&name, &directory) == 0) {
        (void)directory->operations->unlink(directory, name, (uint32_t)strlen(name), false);
        inode_release(directory);
    }
}

int device_open(struct inode *inode, struct file *file) {
    for (struct device_node *node = devices; node != NULL; node = node->next)
        if (node->device == inode->device && (node->mode & S_IFMT) == (inode->mode & S_IFMT))
            return node->open(inode, file);
    return -ENXIO;
}

static int add_links(struct inode *root) {
    static const struct {
        const char *name, *target;
    } links[] = {
        {"fd", "/proc/self/fd"},
        {"stdin", "/proc/self/fd/0"},
        {"stdout", "/proc/self/fd/1"},
        {"stderr", "/proc/self/fd/2"},
    };
    int error = 0;

    for (uint32_t i = 0; i < sizeof links / sizeof links[0] && error == 0; i++) {
        error = root->operations->symlink(root, links[i].name, (uint32_t)strlen(links[i].name),
                                          links[i].target);
    }
    return error;
}

static int add_directory(struct inode *root, const char *name, uint32_t mode) {
    struct inode *made;
    int error =
        root->operations->create(root, name, (uint32_t)strlen(name), S_IFDIR | mode, 0, &made);

    if (error == 0)
        inode_release(made);
    return error;
}

int devfs_start(void) {
    int error;

    tree = tree_make("devtmpfs", &(struct tree_options){.mode = 0755});
    if (tree == NULL)
        return -ENOMEM;
    tree->references = 1; /* it outlives its mounts */
    error = add_links(tree->root);
    if (error == 0)
        error = add_directory(tree->root, "pts", 0755);
    if (error == 0)
        error = add_directory(tree->root, "shm", 01777);
    return error;
}
