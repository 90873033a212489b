// SPDX-License-Identifier: MIT
/*
 * The calls that remove names: unlink, rmdir. What had the name goes with the last of its names and users.
 */
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/file/mount.h"
#include "domains/linux/file/notify.h"
#include "domains/linux/file/open.h"
#include "domains/linux/file/permission.h"

#define CWD ((uint32_t)AT_FDCWD)

int may_remove_name(const struct walk *walk, const struct path *victim) {
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
        error = may_remove_name(walk, &victim);
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
        error = walk_start_to_parent(&walk, (int)directory, buffer);
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
