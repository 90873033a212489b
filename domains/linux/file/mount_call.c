// SPDX-License-Identifier: MIT
/*
 * mount(2) and umount2(2), for root: new tmpfs trees, the tenant's /proc and /dev, and binds of
 * what is already there.
 */
#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/file/mount.h"
#include "domains/linux/file/mount_move.h"
#include "domains/linux/file/mount_peers.h"
#include "domains/linux/fs/devfs.h"
#include "domains/linux/fs/procfs.h"
#include "domains/linux/fs/tree.h"

#define MS_REMOUNT    0x20u
#define MS_BIND       0x1000u
#define MS_MOVE       0x2000u
#define MS_REC        0x4000u
#define MS_SILENT     0x8000u
#define MS_MAGIC      0xC0ED0000u
#define MS_MAGIC_MASK 0xFFFF0000u
#define MOUNT_FLAGS   (MOUNT_READ_ONLY | MOUNT_NO_SUID | MOUNT_NO_DEV | MOUNT_NO_EXEC)

#define MNT_DETACH      2u
#define UMOUNT_NOFOLLOW 8u
#define UNMOUNT_FLAGS   0xFu
#define TYPE_BYTES      16u

/* A fresh tmpfs; it goes again if it cannot be attached. */
static int mount_tmpfs(const struct path *place, const char *source, uint32_t flags,
                       const char *options) {
    struct tree_options read;
    struct file_system *system;
    int error;

    if (!tree_options_read(options, frames_total(), &read))
        return -EINVAL;
    system = tree_make("tmpfs", &read);
    if (system == NULL)
        return -ENOMEM;
    system->references++;
    error = mount_attach(system, system->root, place, source, flags);
    file_system_release(system);
    return error;
}

static int mount_pts(const struct path *place, const char *source, uint32_t flags) {
    struct inode *root = devfs()->root, *pts;
    int error = root->operations->lookup(root, "pts", 3, &pts);

    if (error == 0) {
        error = mount_attach(devfs(), pts, place, source, flags);
        inode_release(pts);
    }
    return error;
}

static int mount_new(const struct path *place, const char *type, const char *source, uint32_t flags,
                     const char *options) {
    if (!MODE_IS(place->inode->mode, S_IFDIR))
        return -ENOTDIR;
    if (strcmp(type, "tmpfs") == 0 || strcmp(type, "ramfs") == 0)
        return mount_tmpfs(place, source, flags, options);
    if (strcmp(type, "proc") == 0)
        return mount_attach(procfs(), procfs()->root, place, source, flags);
    if (strcmp(type, "devtmpfs") == 0)
        return mount_attach(devfs(), devfs()->root, place, source, flags);
    if (strcmp(type, "devpts") == 0)
        return mount_pts(place, source, flags);
    return -ENODEV;
}

/* Takes over `source_buffer`. */
static int mount_bind(const struct path *place, char *source_buffer, uint32_t flags) {
    struct path source;
    int error = path_resolve_buffer(AT_FDCWD, source_buffer, 0, &source);

    if (error != 0)
        return error;
    if (source.mount == NULL || source.mount->unbindable) {
        error = -EINVAL;
    } else if (MODE_IS(source.inode->mode, S_IFDIR) != MODE_IS(place->inode->mode, S_IFDIR)) {
        error = -ENOTDIR;
    } else {
        error = mount_attach_bound(&source, place, flags);
    }
    path_release(&source);
    return error;
}

static int change_flags(const struct path *place, uint32_t flags) {
    if (!is_mount_root(place))
        return -EINVAL;
    place->mount->flags = flags & MOUNT_FLAGS;
    return 0;
}

/* What the mount, and with MS_REC each one below it, is to others. */
static int change_peers(const struct path *place, uint32_t flags) {
    uint32_t type = flags & MS_PROPAGATION;

    if (!is_mount_root(place) || (flags & ~(MS_PROPAGATION | MS_REC | MS_SILENT)) != 0 ||
        (type & (type - 1)) != 0)
        return -EINVAL;
    for (struct mount *mount = mount_table; mount != NULL; mount = mount->next)
        if (mount == place->mount ||
            ((flags & MS_REC) != 0 && mount_is_below(&(struct path){.mount = mount}, place->mount)))
            mount_change_peers(mount, type);
    return 0;
}

struct mount_request {
    char *source, *options; /* path buffers; may be NULL */
    char type[TYPE_BYTES];
    uint32_t flags;
};

static int mount_at(const struct path *place, struct mount_request *request) {
    char *source = request->source;
    uint32_t flags = request->flags & MOUNT_FLAGS;

    if ((request->flags & MS_REMOUNT) != 0)
        return change_flags(place, request->flags);
    if ((request->flags & MS_BIND) == 0 && (request->flags & MS_PROPAGATION) != 0)
        return change_peers(place, request->flags);
    if ((request->flags & (MS_BIND | MS_MOVE)) != 0)
        request->source = NULL;
    if ((request->flags & MS_BIND) != 0)
        return source == NULL ? -EFAULT : mount_bind(place, source, flags);
    if ((request->flags & MS_MOVE) != 0)
        return source == NULL ? -EINVAL : mount_move_from(source, place);
    return mount_new(place, request->type, source == NULL || source[0] == 0 ? "none" : source,
                     flags, request->options == NULL ? "" : request->options);
}

/* Each string may be absent; the type is short, or unknown. */
static int copy_request_in(struct mount_request *request, uint32_t source, uint32_t type,
                           uint32_t options) {
    int error = source == 0 ? 0 : path_copy_in(source, &request->source);

    if (error == 0 && options != 0)
        error = path_copy_in(options, &request->options);
    if (error == 0 && type != 0) {
        error = copy_in_string(request->type, type, TYPE_BYTES);
        error = error == -ENAMETOOLONG ? -ENODEV : error < 0 ? error : 0;
    }
    return error;
}

FILE_CALL_5(mount, source, target, type, flags, options) {
    struct mount_request request = {.flags = flags};
    struct path place;
    int error;

    if (current_process()->euid != 0)
        return -EPERM;
    if ((flags & MS_MAGIC_MASK) == MS_MAGIC)
        request.flags &= ~MS_MAGIC_MASK;
    error = copy_request_in(&request, source, type, options);
    if (error == 0)
        error = path_resolve(AT_FDCWD, target, 0, &place);
    if (error == 0) {
        error = mount_is_attached(place.mount) ? mount_at(&place, &request) : -EINVAL;
        path_release(&place);
    }
    path_buffer_free(request.source);
    path_buffer_free(request.options);
    return error;
}

static int32_t unmount(uint32_t target, uint32_t flags) {
    struct path place;
    struct mount *mount;
    int error;

    if (current_process()->euid != 0)
        return -EPERM;
    if ((flags & ~UNMOUNT_FLAGS) != 0)
        return -EINVAL;
    error = path_resolve(AT_FDCWD, target, (flags & UMOUNT_NOFOLLOW) != 0 ? AT_SYMLINK_NOFOLLOW : 0,
                         &place);
    if (error != 0)
        return error;
    mount = is_mount_root(&place) && mount_is_attached(place.mount) ? place.mount : NULL;
    path_release(&place); /* the table still holds the mount */
    return mount == NULL ? -EINVAL : mount_detach(mount, (flags & MNT_DETACH) != 0);
}

FILE_CALL_1(umount, target) {
    return unmount(target, 0);
}

FILE_CALL_2(umount2, target, flags) {
    return unmount(target, flags);
}
