// SPDX-License-Identifier: MIT
/*
 * Places, and the mounts that lie over one another there: up from what is mounted on, down from a mount's root, and the way back from a
 * directory to its path, name by name.
 */
#include "domains/linux/file/path.h"

#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/mount.h"

#define SPARE_BUFFERS 2u

/* ---- Buffers: kept between calls, because making one means clearing a page, and because a path
 * can then be named, and its file removed, when no memory is left ------------------------------ */

static char *spare[SPARE_BUFFERS];
static uint32_t spare_count;

char *path_buffer(void) {
    return spare_count > 0 ? spare[--spare_count] : heap_allocate(PATH_BYTES);
}

void path_buffer_free(char *buffer) {
    if (buffer != NULL && spare_count < SPARE_BUFFERS)
        spare[spare_count++] = buffer;
    else
        heap_free(buffer);
}

int path_copy_in(uint32_t user_path, char **buffer) {
    char *copy = path_buffer();
    int length;

    if (copy == NULL)
        return -ENOMEM;
    length = copy_in_string(copy, user_path, PATH_BYTES);
    if (length < 0) {
        path_buffer_free(copy);
        return length;
    }
    *buffer = copy;
    return 0;
}

/* ---- Places ---------------------------------------------------------------------------------- */

void path_hold(const struct path *path) {
    if (path->mount != NULL)
        mount_hold(path->mount);
    if (path->inode != NULL)
        inode_hold(path->inode);
}

void path_release(struct path *path) {
    struct path released = *path;

    *path = (struct path){0};
    if (released.inode != NULL)
        inode_release(released.inode);
    if (released.mount != NULL)
        mount_release(released.mount);
}

void path_assign(struct path *path, const struct path *value) {
    struct path before = *path;

    path_hold(value);
    *path = *value;
    path_release(&before);
}

static bool same_path(const struct path *left, const struct path *right) {
    return left->mount == right->mount && same_inode(left->inode, right->inode);
}

void path_cross_mounts(struct path *path) {
    struct mount *mount = mount_covering(path);

    while (mount != NULL) {
        path_assign(path, &(struct path){mount, mount->root});
        mount = mount_covering(path);
    }
}

/* From the root of a mount to the place that it covers; false at the outermost root. */
static bool leave_mount(struct path *path) {
    struct mount *mount = path->mount;

    if (mount == NULL || mount->parent == NULL || !same_inode(path->inode, mount->root))
        return false;
    path_assign(path, &(struct path){mount->parent, mount->point});
    return true;
}

int path_climb(const struct path *from, const struct path *root, struct path *found) {
    struct path place = *from;
    struct inode *parent = place.inode;
    int error = 0;

    path_hold(&place);
    for (;;) {
        if (root != NULL && same_path(&place, root))
            break;
        if (leave_mount(&place))
            continue;
        error = place.inode->operations->lookup(place.inode, "..", 2, &parent);
        if (error == 0) {
            inode_release(place.inode);
            place.inode = parent;
        }
        break;
    }
    if (error != 0) {
        path_release(&place);
        return error;
    }
    path_cross_mounts(&place);
    *found = place;
    return 0;
}

/* ---- Back to text ---------------------------------------------------------------------------- */

/* Puts "/name" in front of what stands at `*start`. */
static int prepend_name(struct inode *directory, char *buffer, uint32_t *start) {
    char name[NAME_BYTES];
    int length = directory->operations->name == NULL
                     ? -ENOENT
                     : directory->operations->name(directory, name, sizeof name);

    if (length <= 0)
        return length;
    if ((uint32_t)length + 1 > *start)
        return -ENAMETOOLONG;
    *start -= (uint32_t)length;
    memcpy(buffer + *start, name, (size_t)length);
    buffer[--*start] = '/';
    return 0;
}

int path_string(const struct path *directory, const struct path *root, char *buffer,
                uint32_t room) {
    struct path place = *directory;
    uint32_t start = room - 1;
    int error = 0;

    path_hold(&place);
    buffer[start] = 0;
    while (error == 0 && (root == NULL || !same_path(&place, root))) {
        struct path parent;

        if (leave_mount(&place))
            continue;
        if (same_inode(place.inode, place.mount->root))
            break;
        error = prepend_name(place.inode, buffer, &start);
        if (error == 0)
            error = path_climb(&place, NULL, &parent);
        if (error == 0) {
            path_release(&place);
            place = parent;
        }
    }
    path_release(&place);
    if (error != 0)
        return error;
    if (start == room - 1)
        buffer[--start] = '/';
    memmove(buffer, buffer + start, room - start);
    return (int)(room - start - 1);
}
