// SPDX-License-Identifier: MIT
/*
 * The calls that give something another name: rename, renameat2. What had that name before is removed in the same step, or gets the
 * old one in exchange.
 */
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/file/mount.h"
#include "domains/linux/file/notify.h"
#include "domains/linux/file/open.h"
#include "domains/linux/file/permission.h"

#define CWD ((uint32_t)AT_FDCWD)

/* A directory that moves to another parent has its ".." changed. */
static int check_parent_change(const struct walk *from, const struct walk *to,
                               const struct inode *moved) {
    if (!MODE_IS(moved->mode, S_IFDIR) || same_inode(from->at.inode, to->at.inode))
        return 0;
    return permission_check(moved, MAY_WRITE);
}

/* What the flags and slashes ask of both ends; `new` is empty if nothing has that name. */
static int check_ends(const struct walk *from, const struct walk *to, const struct path *old,
                      const struct path *new, uint32_t flags) {
    bool exchange = (flags & RENAME_EXCHANGE) != 0;

    if ((flags & RENAME_NOREPLACE) != 0 && new->inode != NULL)
        return -EEXIST;
    if (exchange && new->inode == NULL)
        return -ENOENT;
    if (exchange && to->slash && !MODE_IS(new->inode->mode, S_IFDIR))
        return -ENOTDIR;
    if (MODE_IS(old->inode->mode, S_IFDIR))
        return 0;
    return from->slash || (to->slash && !exchange) ? -ENOTDIR : 0;
}

static int check_rename_permissions(const struct walk *from, const struct walk *to,
                                    const struct path *old, const struct path *new) {
    int error = may_remove_name(from, old);

    if (error == 0)
        error = check_parent_change(from, to, old->inode);
    if (error != 0)
        return error;
    return new->inode == NULL ? may_change_directory(to) : may_remove_name(to, new);
}

static int rename_found(struct walk *from, struct walk *to, const struct path *old,
                        const struct path *new, uint32_t flags) {
    struct inode *directory = from->at.inode;
    int error = check_ends(from, to, old, new, flags);

    if (error != 0 || (new->inode != NULL &&same_inode(old->inode, new->inode)))
        return error;
    error = check_rename_permissions(from, to, old, new);
    if (error == 0 && directory->operations->rename == NULL)
        error = -EPERM;
    if (error == 0)
        error = directory->operations->rename(directory, from->name, from->length, to->at.inode,
                                              to->name, to->length, flags);
    if (error != 0)
        return error;
    file_names_moved(old->inode, from, to);
    if ((flags & RENAME_EXCHANGE) != 0) {
        file_names_moved(new->inode, to, from);
        notify_rename(from, to, old->inode, NULL);
        notify_rename(to, from, new->inode, NULL);
    } else {
        notify_rename(from, to, old->inode, new->inode);
    }
    return 0;
}

static int rename_walks(struct walk *from, struct walk *to, uint32_t flags) {
    struct path old = {0}, new = {0};
    int error;

    if (from->at.mount != to->at.mount)
        return -EXDEV;
    if (walk_ends_in_dots(from))
        return -EBUSY;
    if (walk_ends_in_dots(to))
        return (flags & RENAME_NOREPLACE) != 0 ? -EEXIST : -EBUSY;
    error = walk_look(from, &old);
    if (error == 0) {
        error = walk_look(to, &new);
        error = error == -ENOENT ? 0 : error;
    }
    if (error == 0)
        error = rename_found(from, to, &old, &new, flags);
    path_release(&old);
    path_release(&new);
    return error;
}

static int32_t rename_paths(uint32_t old_directory, uint32_t old_path, uint32_t directory,
                            uint32_t path, uint32_t flags) {
    char *old_buffer, *buffer;
    struct walk from, to;
    int error;

    if ((flags & ~(uint32_t)(RENAME_NOREPLACE | RENAME_EXCHANGE)) != 0 ||
        flags == (RENAME_NOREPLACE | RENAME_EXCHANGE))
        return -EINVAL;
    error = path_copy_in(old_path, &old_buffer);
    if (error != 0)
        return error;
    error = path_copy_in(path, &buffer);
    if (error != 0) {
        path_buffer_free(old_buffer);
        return error;
    }
    error = walk_start_to_parent(&from, (int)old_directory, old_buffer);
    if (error != 0) {
        path_buffer_free(buffer);
        return error;
    }
    error = walk_start_to_parent(&to, (int)directory, buffer);
    if (error == 0) {
        error = rename_walks(&from, &to, flags);
        walk_end(&to);
    }
    walk_end(&from);
    return error;
}

FILE_CALL_2(rename, old_path, path) {
    return rename_paths(CWD, old_path, CWD, path, 0);
}

FILE_CALL_4(renameat, old_directory, old_path, directory, path) {
    return rename_paths(old_directory, old_path, directory, path, 0);
}

FILE_CALL_5(renameat2, old_directory, old_path, directory, path, flags) {
    return rename_paths(old_directory, old_path, directory, path, flags);
}
