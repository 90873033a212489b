// SPDX-License-Identifier: MIT
/*
 * The calls that add, remove and change names: mkdir, mknod, link, symlink, unlink, rmdir, rename.
 *
 * All paths are copied in first; what follows never sleeps, so what was checked still holds when
 * the file system acts.
 */
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/file/mount.h"
#include "domains/linux/file/notify.h"
#include "domains/linux/file/open.h"
#include "domains/linux/file/permission.h"

#define CWD ((uint32_t)AT_FDCWD)

/* Starts a walk at a user's path and goes to the last component. */
static int walk_user_path(struct walk *walk, uint32_t directory, char *buffer) {
    int error = walk_start(walk, (int)directory, buffer);

    if (error == 0) {
        error = walk_to_parent(walk);
        if (error != 0)
            walk_end(walk);
    }
    return error;
}

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

/* ---- Making ---------------------------------------------------------------------------------- */

/* Takes `buffer` over; `made` is held for the caller. */
static int make_in(uint32_t directory, char *buffer, uint32_t mode, uint32_t device,
                   struct path *made) {
    struct walk walk;
    int error = walk_user_path(&walk, directory, buffer);

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
        error = walk_user_path(&walk, directory, buffer);
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
    error = walk_user_path(&walk, directory, buffer);
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

/* ---- Removing -------------------------------------------------------------------------------- */

/* May `victim` lose its name in the walk's directory? */
static int check_removal(const struct walk *walk, const struct path *victim) {
    const struct inode *directory = walk->at.inode;
    int error = may_change_directory(walk);

    if (error == 0 && (directory->mode & S_ISVTX) != 0 && !is_owner(victim->inode) &&
        !is_owner(directory))
        error = -EPERM;
    if (error == 0 && (victim->mount != walk->at.mount || mount_covers_inode(victim->inode)))
        error = -EBUSY;
    return error;
}

/* Names that cannot be removed at all. */
static int check_removable_name(const struct walk *walk, bool directory_wanted) {
    if (!walk_ends_in_dots(walk))
        return 0;
    if (!directory_wanted)
        return -EISDIR;
    return walk->length == 0 ? -EBUSY : walk->length == 1 ? -EINVAL : -ENOTEMPTY;
}

/* Lets go of the victim in between: who watches it sees its end before its directory loses the name. */
static void tell_removal(const struct walk *walk, struct path *victim) {
    uint32_t mode = victim->inode->mode;

    if (!MODE_IS(mode, S_IFDIR))
        notify_inode(victim->inode, IN_ATTRIB); /* one link less */
    path_release(victim);
    notify_name(walk, mode, IN_DELETE);
}

static int remove_name(struct walk *walk, bool directory_wanted) {
    struct inode *directory = walk->at.inode;
    struct path victim;
    int error = check_removable_name(walk, directory_wanted);

    if (error == 0)
        error = walk_look(walk, &victim);
    if (error != 0)
        return error;
    if (walk->slash && !directory_wanted)
        error = MODE_IS(victim.inode->mode, S_IFDIR) ? -EISDIR : -ENOTDIR;
    else
        error = check_removal(walk, &victim);
    if (error == 0 && directory->operations->unlink == NULL)
        error = -EPERM;
    if (error == 0)
        error =
            directory->operations->unlink(directory, walk->name, walk->length, directory_wanted);
    if (error == 0)
        tell_removal(walk, &victim);
    path_release(&victim);
    return error;
}

static int32_t remove_path(uint32_t directory, uint32_t path, bool directory_wanted) {
    struct walk walk;
    char *buffer;
    int error = path_copy_in(path, &buffer);

    if (error == 0)
        error = walk_user_path(&walk, directory, buffer);
    if (error == 0) {
        error = remove_name(&walk, directory_wanted);
        walk_end(&walk);
    }
    return error;
}

FILE_CALL_1(unlink, path) {
    return remove_path(CWD, path, false);
}

FILE_CALL_1(rmdir, path) {
    return remove_path(CWD, path, true);
}

FILE_CALL_3(unlinkat, directory, path, flags) {
    if ((flags & ~(uint32_t)AT_REMOVEDIR) != 0)
        return -EINVAL;
    return remove_path(directory, path, flags != 0);
}

/* ---- Renaming -------------------------------------------------------------------------------- */

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
    int error = check_removal(from, old);

    if (error == 0)
        error = check_parent_change(from, to, old->inode);
    if (error != 0)
        return error;
    return new->inode == NULL ? may_change_directory(to) : check_removal(to, new);
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
    error = walk_user_path(&from, old_directory, old_buffer);
    if (error != 0) {
        path_buffer_free(buffer);
        return error;
    }
    error = walk_user_path(&to, directory, buffer);
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
