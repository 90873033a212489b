// SPDX-License-Identifier: MIT
/*
 * The calls that add names: mkdir, mknod, link, symlink.
 *
 * All paths are copied in first; what follows never sleeps, so what was checked still holds when
 * the file system acts. remove.c and rename.c keep to the same.
 */
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/file/mount.h"
#include "domains/linux/file/notify.h"
#include "domains/linux/file/open.h"
#include "domains/linux/file/permission.h"

#define CWD ((uint32_t)AT_FDCWD)

/* The last component must not exist, and may be made. */
static int check_new(struct walk *walk, bool directory_wanted) {
    struct path found;
    int error;

    if (walk_ends_in_dots(walk))
        return -EEXIST;
    error = walk_look(walk, &found);
    if (error == 0) {
        path_release(&found);
        return -EEXIST;
    }
    if (error != -ENOENT)
        return error;
    if (walk->slash && !directory_wanted)
        return -ENOENT;
    return may_change_directory(walk);
}

/* Takes `buffer` over; `made` is held for the caller. */
static int make_in(uint32_t directory, char *buffer, uint32_t mode, uint32_t device,
                   struct path *made) {
    struct walk walk;
    int error = walk_start_to_parent(&walk, (int)directory, buffer);

    if (error != 0)
        return error;
    error = check_new(&walk, MODE_IS(mode, S_IFDIR));
    if (error == 0)
        error = create_node(&walk, mode, device, &made->inode);
    if (error == 0) {
        made->mount = walk.at.mount;
        mount_hold(made->mount);
        notify_name(&walk, mode, IN_CREATE);
    }
    walk_end(&walk);
    return error;
}

static int32_t make_node(uint32_t directory, uint32_t path, uint32_t mode, uint32_t device) {
    struct path made;
    char *buffer;
    int error = path_copy_in(path, &buffer);

    if (error == 0)
        error = make_in(directory, buffer, mode, device, &made);
    if (error == 0)
        path_release(&made);
    return error;
}

int make_socket_node(const char *path, uint32_t permissions, struct path *made) {
    char *buffer = path_buffer();

    if (buffer == NULL)
        return -ENOMEM;
    memcpy(buffer, path, strlen(path) + 1);
    return make_in(CWD, buffer, S_IFSOCK | permissions, 0, made);
}

static int32_t make_special(uint32_t directory, uint32_t path, uint32_t mode, uint32_t device) {
    switch (mode & S_IFMT) {
    case 0:
        return make_node(directory, path, S_IFREG | mode, 0);
    case S_IFREG:
    case S_IFIFO:
    case S_IFSOCK:
        return make_node(directory, path, mode, 0);
    case S_IFCHR:
    case S_IFBLK:
        return current_process()->euid == 0 ? make_node(directory, path, mode, device) : -EPERM;
    default:
        return MODE_IS(mode, S_IFDIR) ? -EPERM : -EINVAL;
    }
}

FILE_CALL_3(mknod, path, mode, device) {
    return make_special(CWD, path, mode, device);
}

FILE_CALL_4(mknodat, directory, path, mode, device) {
    return make_special(directory, path, mode, device);
}

FILE_CALL_2(mkdir, path, mode) {
    return make_node(CWD, path, S_IFDIR | (mode & (0777 | S_ISVTX)), 0);
}

FILE_CALL_3(mkdirat, directory, path, mode) {
    return make_node(directory, path, S_IFDIR | (mode & (0777 | S_ISVTX)), 0);
}

/* ---- Links ----------------------------------------------------------------------------------- */

static int make_link_text(struct walk *walk, const char *text) {
    struct inode *directory = walk->at.inode;
    struct credentials who = current_credentials();
    struct path made;
    int error = check_new(walk, false);

    if (error != 0)
        return error;
    if (directory->operations->symlink == NULL)
        return -EPERM;
    error = directory->operations->symlink(directory, walk->name, walk->length, text);
    if (error == 0 && walk_look(walk, &made) == 0) {
        made.inode->uid = who.uid;
        made.inode->gid = (directory->mode & S_ISGID) != 0 ? directory->gid : who.gid;
        notify_name(walk, S_IFLNK, IN_CREATE);
        path_release(&made);
    }
    return error;
}

static int32_t make_symlink(uint32_t user_text, uint32_t directory, uint32_t path) {
    struct walk walk;
    char *text, *buffer;
    int error = path_copy_in(user_text, &text);

    if (error != 0)
        return error;
    error = text[0] == 0 ? -ENOENT : path_copy_in(path, &buffer);
    if (error == 0)
        error = walk_start_to_parent(&walk, (int)directory, buffer);
    if (error == 0) {
        error = make_link_text(&walk, text);
        walk_end(&walk);
    }
    path_buffer_free(text);
    return error;
}

FILE_CALL_2(symlink, text, path) {
    return make_symlink(text, CWD, path);
}

FILE_CALL_3(symlinkat, text, directory, path) {
    return make_symlink(text, directory, path);
}

static int link_to(struct walk *walk, const struct path *target) {
    struct inode *directory = walk->at.inode;
    int error = check_new(walk, false);

    if (error != 0)
        return error;
    if (target->mount != walk->at.mount)
        return -EXDEV;
    if (MODE_IS(target->inode->mode, S_IFDIR) || directory->operations->link == NULL)
        return -EPERM;
    error = directory->operations->link(directory, walk->name, walk->length, target->inode);
    if (error == 0) {
        notify_inode(target->inode, IN_ATTRIB);
        notify_name(walk, target->inode->mode, IN_CREATE);
    }
    return error;
}

static int32_t make_hard_link(uint32_t old_directory, uint32_t old_path, uint32_t directory,
                              uint32_t path, uint32_t flags) {
    uint32_t resolve_flags = (flags & AT_SYMLINK_FOLLOW) != 0 ? 0 : AT_SYMLINK_NOFOLLOW;
    char *old_buffer, *buffer;
    struct path target;
    struct walk walk;
    int error;

    if ((flags & ~(uint32_t)(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH)) != 0)
        return -EINVAL;
    error = path_copy_in(path, &buffer);
    if (error != 0)
        return error;
    error = path_copy_in(old_path, &old_buffer);
    if (error == 0) {
        error = path_resolve_buffer((int)old_directory, old_buffer,
                                    resolve_flags | (flags & AT_EMPTY_PATH), &target);
    }
    if (error != 0) {
        path_buffer_free(buffer);
        return error;
    }
    error = walk_start_to_parent(&walk, (int)directory, buffer);
    if (error == 0) {
        error = link_to(&walk, &target);
        walk_end(&walk);
    }
    path_release(&target);
    return error;
}

FILE_CALL_2(link, old_path, path) {
    return make_hard_link(CWD, old_path, CWD, path, 0);
}

FILE_CALL_5(linkat, old_directory, old_path, directory, path, flags) {
    return make_hard_link(old_directory, old_path, directory, path, flags);
}
