// SPDX-License-Identifier: MIT
/*
 * Mounts that move: MS_MOVE takes one to another place; pivot_root(2) makes one the root, and the root one below it.
 *
 *     root ── … ── new ── … ── old        new ── … ── old
 *       └── …                      ──>                └── root ── …
 *
 * What is mounted below a mount goes with it. A mount is never moved below itself, so the way up from every mount that is
 * attached ends at the tenant's root.
 */
#include "domains/linux/file/mount_move.h"

#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/file/mount.h"
#include "domains/linux/file/mount_peers.h"

static bool is_directory(const struct path *place) {
    return MODE_IS(place->inode->mode, S_IFDIR);
}

/* What peers and followers of the mount around it would have to repeat. */
static bool is_repeated(const struct mount *mount) {
    return mount->parent != NULL && mount->parent->group != 0;
}

static int check_move(const struct path *from, const struct path *to) {
    if (!is_mount_root(from) || !mount_is_attached(from->mount) || !mount_is_attached(to->mount) ||
        is_directory(from) != is_directory(to))
        return -EINVAL;
    if (is_repeated(from->mount))
        return -EINVAL;
    if (to->mount->group != 0 && (from->mount->unbindable || mount_holds_others(from->mount, NULL)))
        return -EINVAL;
    return mount_is_below(to, from->mount) ? -ELOOP : 0;
}

static int move(struct mount *mount, const struct path *place) {
    struct path before = {mount->parent, mount->point};
    int error;

    path_hold(&before);
    mount_move(mount, place);
    error = mount_repeat(mount);
    if (error != 0)
        mount_move(mount, &before);
    path_release(&before);
    return error;
}

int mount_move_from(char *source, const struct path *place) {
    struct path from;
    int error;

    if (source[0] == 0) {
        path_buffer_free(source);
        return -EINVAL;
    }
    error = path_resolve_buffer(AT_FDCWD, source, 0, &from);
    if (error != 0)
        return error;
    error = check_move(&from, place);
    if (error == 0)
        error = move(from.mount, place);
    path_release(&from);
    return error;
}

/* ---- pivot_root ---------------------------------------------------------------------------------- */

static int check_pivot(const struct path *root, const struct path *new, const struct path *old) {
    if (!mount_is_attached(root->mount) || !mount_is_attached(new->mount) ||
        !mount_is_attached(old->mount))
        return -EINVAL;
    if (new->inode->links == 0)
        return -ENOENT;
    if (new->mount == root->mount || old->mount == root->mount)
        return -EBUSY;
    if (is_repeated(root->mount) || is_repeated(new->mount) || old->mount->group != 0)
        return -EINVAL;
    bool are_mounts = is_mount_root(root) && is_mount_root(new) && new->mount->parent != NULL;
    return are_mounts && mount_is_below(old, new->mount) && mount_is_below(new, root->mount)
               ? 0
               : -EINVAL;
}

/* Whoever had the old root as its root or working directory has the new one then. */
static void pivot(const struct path *root, const struct path *new, const struct path *old) {
    struct path place = {root->mount->parent, root->mount->point};

    path_hold(&place);
    mount_move(root->mount, old);
    mount_move(new->mount, place.mount != NULL ? &place : NULL);
    path_release(&place);
    path_contexts_move(root, new);
}

static int pivot_at(const struct path *new, const struct path *old) {
    struct path root = current_process()->paths->root;
    int error = -ENOTDIR;

    path_hold(&root);
    if (is_directory(new) && is_directory(old))
        error = check_pivot(&root, new, old);
    if (error == 0)
        pivot(&root, new, old);
    path_release(&root);
    return error;
}

FILE_CALL_2(pivot_root, new_root, put_old) {
    struct path new, old;
    int error = -EPERM;

    if (current_process()->euid == 0)
        error = path_resolve(AT_FDCWD, new_root, 0, &new);
    if (error != 0)
        return error;
    error = path_resolve(AT_FDCWD, put_old, 0, &old);
    if (error == 0) {
        error = pivot_at(&new, &old);
        path_release(&old);
    }
    path_release(&new);
    return error;
}
