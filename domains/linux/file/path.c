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
#include "domains/linux/file/path.h"

#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/mount.h"
#include "domains/linux/file/table.h"

#define LINKS_MAX     40u
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

/* ---- Places
 * ---------------------------------------------------------------------------------------- */

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

static void path_assign(struct path *path, const struct path *value) {
    struct path before = *path;

    path_hold(value);
    *path = *value;
    path_release(&before);
}

static bool same_path(const struct path *left, const struct path *right) {
    return left->mount == right->mount && same_inode(left->inode, right->inode);
}

/* While something is mounted on the place, goes up to its root. */
static void cross_mounts(struct path *path) {
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

/* The parent directory, as "..": at `root` (may be NULL) and at the outermost root the place
 * itself. */
static int climb(const struct path *from, const struct path *root, struct path *found) {
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
    cross_mounts(&place);
    *found = place;
    return 0;
}

/* ---- The walk
 * -------------------------------------------------------------------------------------- */

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
        return climb(&walk->at, &walk->root, found);
    error = directory->operations->lookup(directory, name, length, &child);
    if (error != 0)
        return error;
    mount_hold(walk->at.mount);
    *found = (struct path){walk->at.mount, child};
    cross_mounts(found);
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

int walk_look(struct walk *walk, struct path *found) {
    if (walk->length == 0) {
        *found = walk->at;
        path_hold(found);
        return 0;
    }
    return look(walk, walk->name, walk->length, found);
}

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

/* ---- All at once
 * ----------------------------------------------------------------------------------- */

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

/* ---- Back to text
 * ---------------------------------------------------------------------------------- */

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
            error = climb(&place, NULL, &parent);
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
