// SPDX-License-Identifier: MIT
/*
 * open(2) and its relatives: from a path to an open file description.
 *
 *   walk to the last component ──> exists? ── link ──> walk through it, once more
 *            │                        │ no                  │ other
 *            │                     O_CREAT: make it         │
 *            └────────────────────────┴──> checks ──> description ──> the object's own open()
 */
#include "domains/linux/file/open.h"

#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/file/mount.h"
#include "domains/linux/file/notify.h"
#include "domains/linux/file/permission.h"
#include "domains/linux/fs/devfs.h"
#include "domains/linux/fs/pipe.h"

#define FLAGS_ONLY_FOR_OPEN (O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC | O_EXECUTE)

/* What an O_PATH description can do, and one whose object is not open yet: nothing. */
static const struct file_operations no_operations;

bool walk_ends_in_dots(const struct walk *walk) {
    return walk->length == 0 || (walk->length == 1 && walk->name[0] == '.') ||
           (walk->length == 2 && walk->name[0] == '.' && walk->name[1] == '.');
}

int may_change_directory(const struct walk *walk) {
    if ((walk->at.mount->flags & MOUNT_READ_ONLY) != 0)
        return -EROFS;
    if (walk->at.inode->links == 0)
        return -ENOENT; /* removed meanwhile */
    return walk->as_root ? 0 : permission_check(walk->at.inode, MAY_WRITE | MAY_EXECUTE);
}

/* Owner and group of a new node; a directory with S_ISGID hands on its group. */
static int set_owner(const struct inode *directory, struct inode *made) {
    struct credentials who = current_credentials();

    made->uid = who.uid;
    made->gid = who.gid;
    if ((directory->mode & S_ISGID) != 0) {
        made->gid = directory->gid;
        if (MODE_IS(made->mode, S_IFDIR))
            made->mode |= S_ISGID;
    }
    return made->operations->changed(made);
}

static int make_nameless(struct inode *directory, uint32_t mode, struct inode **made) {
    const struct process *process = current_process();
    int error;

    if (directory->operations->create_nameless == NULL)
        return -EOPNOTSUPP;
    if (process != NULL)
        mode &= ~process->paths->umask;
    error = directory->operations->create_nameless(directory, mode, made);
    return error != 0 ? error : set_owner(directory, *made);
}

int create_node(struct walk *walk, uint32_t mode, uint32_t device, struct inode **made) {
    struct inode *directory = walk->at.inode;
    struct process *process = current_process();
    int error = may_change_directory(walk);

    if (error != 0)
        return error;
    if (directory->operations->create == NULL)
        return -ENOENT; /* as Linux's /proc: what is not there never will be */
    if (process != NULL && !MODE_IS(mode, S_IFLNK))
        mode &= ~process->paths->umask;
    error = directory->operations->create(directory, walk->name, walk->length, mode, device, made);
    return error != 0 ? error : set_owner(directory, *made);
}

/* ---- From a path to an inode ----------------------------------------------------------------- */

static int find_or_create(struct walk *walk, uint32_t flags, uint32_t mode, struct path *found,
                          bool *created) {
    int error;

    *created = false;
    if ((flags & O_CREAT) != 0 && walk->slash && !walk_ends_in_dots(walk))
        return -EISDIR;
    error = walk_look(walk, found);
    if (error == -ENOENT && (flags & O_CREAT) != 0) {
        error = create_node(walk, S_IFREG | mode, 0, &found->inode);
        if (error == 0) {
            found->mount = walk->at.mount;
            mount_hold(found->mount);
            *created = true;
            notify_name(walk, found->inode->mode, IN_CREATE);
        }
        return error;
    }
    if (error == 0 && (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL)) {
        path_release(found);
        return -EEXIST;
    }
    return error;
}

/* The object to open; links are followed unless O_NOFOLLOW. */
static int find_object(struct walk *walk, uint32_t flags, uint32_t mode, struct path *found,
                       bool *created) {
    for (;;) {
        int error = walk_to_parent(walk);

        if (error == 0)
            error = find_or_create(walk, flags, mode, found, created);
        if (error != 0 || *created)
            return error;
        if (!MODE_IS(found->inode->mode, S_IFLNK) || ((flags & O_NOFOLLOW) != 0 && !walk->slash))
            break;
        error = walk_through(walk, found);
        if (error != 0)
            return error;
    }
    if (walk->slash && !MODE_IS(found->inode->mode, S_IFDIR)) {
        path_release(found);
        return -ENOTDIR;
    }
    return 0;
}

/* ---- Checks ---------------------------------------------------------------------------------- */

/* What exec asks for. */
static int check_program(const struct path *found) {
    bool may = MODE_IS(found->inode->mode, S_IFREG) &&
               (found->mount == NULL || (found->mount->flags & MOUNT_NO_EXEC) == 0);

    return may ? permission_check(found->inode, MAY_EXECUTE) : -EACCES;
}

static uint32_t wanted_permissions(uint32_t flags) {
    static const uint8_t by_access[4] = {MAY_READ, MAY_WRITE, MAY_READ | MAY_WRITE,
                                         MAY_READ | MAY_WRITE};

    return by_access[flags & O_ACCMODE] | ((flags & O_TRUNC) != 0 ? MAY_WRITE : 0u);
}

static int check_object(const struct path *found, uint32_t flags, bool as_root) {
    const struct inode *inode = found->inode;
    uint32_t may = wanted_permissions(flags);
    int error;

    if (MODE_IS(inode->mode, S_IFLNK))
        return (flags & O_DIRECTORY) != 0 ? -ENOTDIR : -ELOOP;
    if ((flags & O_EXECUTE) != 0)
        return check_program(found);
    if (MODE_IS(inode->mode, S_IFDIR) && ((may & MAY_WRITE) != 0 || (flags & O_CREAT) != 0))
        return -EISDIR;
    if ((flags & O_DIRECTORY) != 0 && !MODE_IS(inode->mode, S_IFDIR))
        return -ENOTDIR;
    if (found->mount != NULL && (may & MAY_WRITE) != 0 && MODE_IS(inode->mode, S_IFREG) &&
        (found->mount->flags & MOUNT_READ_ONLY) != 0)
        return -EROFS;
    if (found->mount != NULL && (found->mount->flags & MOUNT_NO_DEV) != 0 &&
        (MODE_IS(inode->mode, S_IFCHR) || MODE_IS(inode->mode, S_IFBLK)))
        return -EACCES;
    error = as_root ? 0 : permission_check(inode, may);
    return error == 0 && (may & MAY_WRITE) != 0 && inode->programs > 0 ? -ETXTBSY : error;
}

/* ---- The description ------------------------------------------------------------------------- */

static int open_by_type(struct inode *inode, struct file *file) {
    switch (inode->mode & S_IFMT) {
    case S_IFCHR:
    case S_IFBLK:
        return device_open(inode, file);
    case S_IFIFO:
        return fifo_open(inode, file);
    case S_IFSOCK:
        return -ENXIO;
    default:
        return inode->operations->open(inode, file);
    }
}

static int finish(struct file *file, struct inode *inode, uint32_t flags, bool created) {
    bool cuts = (flags & O_TRUNC) != 0 && !created && MODE_IS(inode->mode, S_IFREG) &&
                inode->operations->truncate != NULL;
    int error = 0;

    if ((flags & O_PATH) != 0)
        return 0;
    error = open_by_type(inode, file);
    if (error == 0 && cuts)
        error = inode->operations->truncate(inode, 0);
    file->flags &= ~(uint32_t)FLAGS_ONLY_FOR_OPEN;
    if (error != 0)
        return error;
    notify_open(file);
    if (cuts)
        notify_file(file, IN_MODIFY);
    return 0;
}

/* A file that has just been made, and has no name: nothing is asked for, and it lies nowhere. */
static int open_made(const struct path *made, uint32_t flags, struct file **result) {
    struct file *file = file_make(made->inode, flags, &no_operations, NULL);
    int error;

    if (file == NULL)
        return -ENOMEM;
    mount_hold(made->mount);
    file->mount = made->mount;
    error = finish(file, made->inode, flags, true);
    if (error != 0)
        file_release(file);
    else
        *result = file;
    return error;
}

static int open_object(const struct walk *walk, const struct path *found, uint32_t flags,
                       bool created, struct file **result) {
    struct file *file;
    int error = 0;

    if ((flags & O_PATH) == 0 && !created)
        error = check_object(found, flags, walk->as_root);
    else if ((flags & O_DIRECTORY) != 0 && !MODE_IS(found->inode->mode, S_IFDIR))
        error = -ENOTDIR;
    if (error != 0)
        return error;
    file = file_make(found->inode, flags, &no_operations, NULL);
    if (file == NULL)
        return -ENOMEM;
    if (found->mount != NULL) {
        mount_hold(found->mount);
        file->mount = found->mount;
    }
    file_take_name(file, walk);
    error = finish(file, found->inode, flags, created);
    if (error != 0) {
        file_release(file);
        return error;
    }
    *result = file;
    return 0;
}

/* What has no path (a pipe, a channel) can be opened only through the descriptor that somebody
 * has: that gives the same description once more. */
static int open_again(const struct walk *walk, uint32_t flags, struct file **result) {
    static const uint8_t needs[4] = {1, 2, 3, 3}; /* by access mode: 1 reading, 2 writing */
    struct file *file = walk->file;

    if ((flags & O_DIRECTORY) != 0)
        return -ENOTDIR;
    if ((needs[flags & O_ACCMODE] & ~needs[file->flags & O_ACCMODE]) != 0)
        return -EACCES;
    file_hold(file);
    *result = file;
    return 0;
}

static int open_walk(struct walk *walk, uint32_t flags, uint32_t mode, struct file **file) {
    struct path found;
    bool created;
    int error = find_object(walk, flags, mode, &found, &created);

    if (error == 0) {
        bool has_path = found.mount != NULL || walk->file == NULL;

        error = has_path ? open_object(walk, &found, flags, created, file)
                         : open_again(walk, flags, file);
        path_release(&found);
    }
    walk_end(walk);
    return error;
}

/* ---- What is offered ------------------------------------------------------------------------- */

static int copy_path(const char *path, char **buffer) {
    size_t bytes = strlen(path) + 1;

    if (bytes > PATH_BYTES)
        return -ENAMETOOLONG;
    *buffer = path_buffer();
    if (*buffer == NULL)
        return -ENOMEM;
    memcpy(*buffer, path, bytes);
    return 0;
}

int file_open_path(const char *path, uint32_t flags, struct file **file) {
    struct walk walk;
    char *buffer;
    int error = copy_path(path, &buffer);

    if (error == 0)
        error = walk_start_as_root(&walk, buffer);
    return error != 0 ? error : open_walk(&walk, flags, 0644, file);
}

/* O_TMPFILE: the path names a directory, whose file system gets a file that nobody else can find. */
static int open_nameless(int directory, char *buffer, uint32_t flags, uint32_t mode,
                         struct file **file) {
    struct walk walk = {0};
    struct path place, found;
    int error;

    if ((flags & O_ACCMODE) == O_RDONLY || (flags & O_CREAT) != 0) {
        path_buffer_free(buffer);
        return -EINVAL;
    }
    error = path_resolve_buffer(directory, buffer, 0, &place);
    if (error != 0)
        return error;
    found.mount = place.mount;
    walk.at = place;
    error = MODE_IS(place.inode->mode, S_IFDIR) ? may_change_directory(&walk) : -ENOTDIR;
    if (error == 0)
        error = make_nameless(place.inode, S_IFREG | mode, &found.inode);
    if (error == 0) {
        found.inode->nameless = (flags & O_EXCL) == 0;
        error = open_made(&found, flags & ~(uint32_t)O_TMPFILE, file);
        inode_release(found.inode);
    }
    path_release(&place);
    return error;
}

static int open_buffer(int directory, char *buffer, uint32_t flags, uint32_t mode,
                       struct file **file) {
    struct walk walk;
    int error;

    if ((flags & O_PATH) != 0)
        flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    if ((flags & O_TMPFILE) == O_TMPFILE)
        return open_nameless(directory, buffer, flags, mode & MODE_PERMISSIONS, file);
    error = walk_start(&walk, directory, buffer);
    return error != 0 ? error : open_walk(&walk, flags, mode & MODE_PERMISSIONS, file);
}

int file_open_at(int directory, const char *path, uint32_t flags, uint32_t mode,
                 struct file **file) {
    char *buffer;
    int error = copy_path(path, &buffer);

    return error != 0 ? error : open_buffer(directory, buffer, flags, mode, file);
}

static int open_described(const struct file *from, struct file **result) {
    const struct path place = {from->mount, from->inode};
    int error = check_program(&place);
    struct file *file;

    if (error != 0)
        return error;
    file = file_make(from->inode, O_RDONLY, &no_operations, NULL);
    if (file == NULL)
        return -ENOMEM;
    if (from->mount != NULL)
        mount_hold(from->mount);
    file->mount = from->mount;
    file_take_name_of(file, from);
    error = finish(file, from->inode, O_RDONLY, false);
    if (error != 0)
        file_release(file);
    else
        *result = file;
    return error;
}

int file_open_again(int descriptor, struct file **file) {
    struct file *from = file_get(current_process()->files, descriptor);
    int error;

    if (from == NULL)
        return descriptor == AT_FDCWD ? -EACCES : -EBADF;
    error = open_described(from, file);
    file_release(from);
    return error;
}

static int32_t open_descriptor(uint32_t directory, uint32_t path, uint32_t flags, uint32_t mode) {
    struct file *file;
    char *buffer;
    int error = path_copy_in(path, &buffer);

    flags &= ~(uint32_t)O_EXECUTE;
    if (error == 0)
        error = open_buffer((int)directory, buffer, flags, mode, &file);
    return error != 0 ? error : install_or_release(file, flags);
}

FILE_CALL_3(open, path, flags, mode) {
    return open_descriptor((uint32_t)AT_FDCWD, path, flags, mode);
}

FILE_CALL_4(openat, directory, path, flags, mode) {
    return open_descriptor(directory, path, flags, mode);
}

FILE_CALL_2(creat, path, mode) {
    return open_descriptor((uint32_t)AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}
