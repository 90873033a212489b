// SPDX-License-Identifier: MIT
/*
 * The walk. What is left to walk is the string `rest` in the walk's own buffer; a symbolic link is
 * expanded by a new buffer with the link's text in front of the rest:
 *
 *   rest:  "lib/libc.so"      at: /usr        lib -> ../lib32
 *   rest:  "../lib32/libc.so" at: /usr
 *
 * "." and ".." are the walk's, not the file systems': ".." must stop at the process's root and step
 * from the root of a mount to what lies beneath.
 */
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/mount.h"
#include "domains/linux/file/path.h"
#include "domains/linux/file/table.h"

#define LINKS_MAX 40u

/* ---- Where it begins and ends ---------------------------------------------------------------- */

static int begin(struct walk *walk, const struct path *root, const struct path *at, char *buffer) {
    *walk = (struct walk){.buffer = buffer, .rest = buffer};
    path_assign(&walk->root, root);
    path_assign(&walk->at, buffer[0] == '/' ? root : at);
    return buffer[0] == 0 ? -ENOENT : 0;
}

/* The place that an open descriptor, or AT_FDCWD, stands for. */
static int place_of_descriptor(int descriptor, struct path *place) {
    struct process *process = current_process();
    struct file *file;

    *place = (struct path){0};
    if (descriptor == AT_FDCWD) {
        path_assign(place, &process->paths->directory);
        return 0;
    }
    file = file_get(process->files, descriptor);
    if (file == NULL)
        return -EBADF;
    path_assign(place, &(struct path){file->mount, file->inode});
    file_release(file);
    return 0;
}

int walk_start(struct walk *walk, int directory, char *buffer) {
    struct path_context *context = current_process()->paths;
    struct path place = {0};
    int error = 0;

    *walk = (struct walk){.buffer = buffer};
    if (buffer[0] != '/' && buffer[0] != 0)
        error = place_of_descriptor(directory, &place);
    if (error == 0)
        error = begin(walk, &context->root, &place, buffer);
    path_release(&place);
    if (error != 0)
        walk_end(walk);
    return error;
}

int walk_start_as_root(struct walk *walk, char *buffer) {
    struct path root = {mount_table, mount_table->root};
    int error = begin(walk, &root, &root, buffer);

    walk->as_root = true;
    if (error != 0)
        walk_end(walk);
    return error;
}

static void drop_file(struct walk *walk) {
    if (walk->file != NULL) {
        file_release(walk->file);
        walk->file = NULL;
    }
}

void walk_end(struct walk *walk) {
    drop_file(walk);
    path_release(&walk->at);
    path_release(&walk->root);
    path_buffer_free(walk->buffer);
    walk->buffer = NULL;
}

/* ---- Component by component ------------------------------------------------------------------ */

/* May this component be looked up where the walk has arrived? */
static int check_component(const struct walk *walk) {
    const struct inode *directory = walk->at.inode;
    int error = 0;

    if (walk->length == 0)
        return 0;
    if (!MODE_IS(directory->mode, S_IFDIR))
        return -ENOTDIR;
    if (!walk->as_root)
        error = permission_check(directory, MAY_EXECUTE);
    return error == 0 && walk->length > NAME_BYTES ? -ENAMETOOLONG : error;
}

static int look(struct walk *walk, const char *name, uint32_t length, struct path *found) {
    struct inode *directory = walk->at.inode, *child;
    int error;

    if (length == 1 && name[0] == '.') {
        *found = walk->at;
        path_hold(found);
        return 0;
    }
    if (length == 2 && name[0] == '.' && name[1] == '.')
        return path_climb(&walk->at, &walk->root, found);
    error = directory->operations->lookup(directory, name, length, &child);
    if (error != 0)
        return error;
    mount_hold(walk->at.mount);
    *found = (struct path){walk->at.mount, child};
    path_cross_mounts(found);
    return 0;
}

/* Cuts the next component off the rest. */
static void next_component(struct walk *walk) {
    const char *at = walk->rest;

    while (*at == '/')
        at++;
    walk->name = at;
    while (*at != 0 && *at != '/')
        at++;
    walk->length = (uint32_t)(at - walk->name);
    walk->slash = *at == '/' || (walk->slash && walk->length == 0);
    while (*at == '/')
        at++;
    walk->rest = at;
}

int walk_to_parent(struct walk *walk) {
    for (;;) {
        struct path found;
        int error;

        next_component(walk);
        error = check_component(walk);
        if (error != 0 || *walk->rest == 0)
            return error;
        error = look(walk, walk->name, walk->length, &found);
        if (error != 0)
            return error;
        if (MODE_IS(found.inode->mode, S_IFLNK)) {
            error = walk_through(walk, &found);
            if (error != 0)
                return error;
            continue;
        }
        path_release(&walk->at);
        walk->at = found;
    }
}

int walk_start_to_parent(struct walk *walk, int directory, char *buffer) {
    int error = walk_start(walk, directory, buffer);

    if (error == 0) {
        error = walk_to_parent(walk);
        if (error != 0)
            walk_end(walk);
    }
    return error;
}

int walk_look(struct walk *walk, struct path *found) {
    if (walk->length == 0) {
        *found = walk->at;
        path_hold(found);
        return 0;
    }
    return look(walk, walk->name, walk->length, found);
}

/* ---- Links ----------------------------------------------------------------------------------- */

/* The link's text, and behind it what is left to walk. */
static int expand(struct walk *walk, struct inode *link) {
    size_t rest = strlen(walk->rest);
    char *buffer = path_buffer();
    int length;

    if (buffer == NULL)
        return -ENOMEM;
    length = link->operations->readlink(link, buffer, PATH_BYTES - 1);
    if (length > 0 && (size_t)length + 1 + rest < PATH_BYTES) {
        if (walk->slash)
            buffer[length++] = '/';
        memcpy(buffer + length, walk->rest, rest + 1);
        path_buffer_free(walk->buffer);
        walk->buffer = buffer;
        walk->rest = buffer;
        walk->slash = false;
        if (buffer[0] == '/')
            path_assign(&walk->at, &walk->root);
        return 0;
    }
    path_buffer_free(buffer);
    return length < 0 ? length : length == 0 ? -ENOENT : -ENAMETOOLONG;
}

/* Goes straight to what the link stands for. If it is the last component, its text is kept in
 * the buffer: it is all that is known about where the object lies. */
static int jump(struct walk *walk, struct inode *link) {
    struct file *file = NULL;
    struct path target;
    int error = link->operations->follow(link, &target, &file);

    if (error != 0)
        return error;
    path_release(&walk->at);
    walk->at = target;
    drop_file(walk);
    walk->file = file;
    if (*walk->rest == 0) {
        int length = link->operations->readlink(link, walk->buffer, PATH_BYTES - 1);

        walk->buffer[length > 0 ? length : 0] = 0;
        walk->rest = walk->buffer + (length > 0 ? length : 0);
    }
    return 0;
}

int walk_through(struct walk *walk, struct path *link) {
    struct inode *inode = link->inode;
    int error;

    if (++walk->links > LINKS_MAX)
        error = -ELOOP;
    else if (inode->operations->follow != NULL)
        error = jump(walk, inode);
    else
        error = expand(walk, inode);
    path_release(link);
    return error;
}

/* ---- All at once ----------------------------------------------------------------------------- */

static int resolve(struct walk *walk, uint32_t flags, struct path *found) {
    for (;;) {
        int error = walk_to_parent(walk);

        if (error == 0)
            error = walk_look(walk, found);
        if (error != 0)
            return error;
        if (MODE_IS(found->inode->mode, S_IFLNK) &&
            (walk->slash || (flags & AT_SYMLINK_NOFOLLOW) == 0)) {
            error = walk_through(walk, found);
            if (error != 0)
                return error;
            continue;
        }
        if (walk->slash && !MODE_IS(found->inode->mode, S_IFDIR)) {
            path_release(found);
            return -ENOTDIR;
        }
        return 0;
    }
}

static int find(struct walk *walk, int directory, char *buffer, uint32_t flags,
                struct path *found) {
    int error;

    if (buffer[0] == 0 && (flags & AT_EMPTY_PATH) != 0) {
        *walk = (struct walk){.buffer = buffer};
        error = place_of_descriptor(directory, found);
    } else {
        error = walk_start(walk, directory, buffer);
        if (error != 0)
            return error;
        error = resolve(walk, flags, found);
    }
    if (error != 0)
        walk_end(walk);
    return error;
}

int path_resolve_buffer(int directory, char *buffer, uint32_t flags, struct path *found) {
    struct walk walk;
    int error = find(&walk, directory, buffer, flags, found);

    if (error == 0)
        walk_end(&walk);
    return error;
}

int path_find(struct walk *walk, int directory, uint32_t user_path, uint32_t flags,
              struct path *found) {
    char *buffer;
    int error = path_copy_in(user_path, &buffer);

    return error != 0 ? error : find(walk, directory, buffer, flags, found);
}

int path_resolve(int directory, uint32_t user_path, uint32_t flags, struct path *found) {
    char *buffer;
    int error = path_copy_in(user_path, &buffer);

    return error != 0 ? error : path_resolve_buffer(directory, buffer, flags, found);
}
