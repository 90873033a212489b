// SPDX-License-Identifier: MIT
/*
 * The stat family, statfs, access and readlink: what can be asked about a path.
 *
 * One inode, three layouts: struct stat (32-bit fields), stat64, and statx, which musl asks for
 * first.
 */
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/file/mount.h"
#include "domains/linux/file/permission.h"

#define PACKED       __attribute__((packed))
#define CWD          ((uint32_t)AT_FDCWD)
#define BLOCK_BYTES  4096u
#define SECTOR_BYTES 512u

struct stat32 {
    uint32_t device, inode;
    uint16_t mode, links, uid, gid;
    uint32_t special, size, block_size, blocks;
    uint32_t accessed, accessed_nanoseconds;
    uint32_t modified, modified_nanoseconds;
    uint32_t changed, changed_nanoseconds;
    uint32_t unused[2];
} PACKED;

struct stat64 {
    uint64_t device;
    uint32_t unused_1;
    uint32_t short_inode, mode, links, uid, gid;
    uint64_t special;
    uint32_t unused_2;
    uint64_t size;
    uint32_t block_size;
    uint64_t blocks;
    uint32_t accessed, accessed_nanoseconds;
    uint32_t modified, modified_nanoseconds;
    uint32_t changed, changed_nanoseconds;
    uint64_t inode;
} PACKED;

struct statx_time {
    int64_t seconds;
    uint32_t nanoseconds, unused;
} PACKED;

struct statx {
    uint32_t mask, block_size;
    uint64_t attributes;
    uint32_t links, uid, gid;
    uint16_t mode, unused_1;
    uint64_t inode, size, blocks, attributes_mask;
    struct statx_time accessed, born, changed, modified;
    uint32_t special_major, special_minor, device_major, device_minor;
    uint64_t mount;
    uint64_t unused_2[13];
} PACKED;

_Static_assert(sizeof(struct stat32) == 64, "Linux i386's struct stat");
_Static_assert(sizeof(struct stat64) == 96, "Linux i386's struct stat64");
_Static_assert(sizeof(struct statx) == 256, "Linux's struct statx");

#define STATX_BASIC_STATS 0x7FFu
#define STATX_MOUNT       0x1000u
#define STATX_RESERVED    0x80000000u

static uint64_t blocks_of(struct inode *inode) {
    if (inode->operations->blocks != NULL)
        return inode->operations->blocks(inode);
    return (inode->size + SECTOR_BYTES - 1) / SECTOR_BYTES;
}

static uint32_t device_of(const struct inode *inode) {
    return inode->file_system == NULL ? 0 : inode->file_system->device;
}

static int32_t put_stat32(uint32_t user, const struct path *path) {
    struct inode *inode = path->inode;
    struct stat32 result = {
        .device = device_of(inode),
        .inode = inode->number,
        .mode = (uint16_t)inode->mode,
        .links = (uint16_t)inode->links,
        .uid = (uint16_t)inode->uid,
        .gid = (uint16_t)inode->gid,
        .special = inode->device,
        .size = (uint32_t)inode->size,
        .block_size = BLOCK_BYTES,
        .blocks = (uint32_t)blocks_of(inode),
        .accessed = (uint32_t)inode->accessed.seconds,
        .accessed_nanoseconds = inode->accessed.nanoseconds,
        .modified = (uint32_t)inode->modified.seconds,
        .modified_nanoseconds = inode->modified.nanoseconds,
        .changed = (uint32_t)inode->changed.seconds,
        .changed_nanoseconds = inode->changed.nanoseconds,
    };

    if (inode->size > INT32_MAX)
        return -EOVERFLOW;
    return copy_out(user, &result, sizeof result);
}

static int32_t put_stat64(uint32_t user, const struct path *path) {
    struct inode *inode = path->inode;
    struct stat64 result = {
        .device = device_of(inode),
        .short_inode = inode->number,
        .mode = inode->mode,
        .links = inode->links,
        .uid = inode->uid,
        .gid = inode->gid,
        .special = inode->device,
        .size = inode->size,
        .block_size = BLOCK_BYTES,
        .blocks = blocks_of(inode),
        .accessed = (uint32_t)inode->accessed.seconds,
        .accessed_nanoseconds = inode->accessed.nanoseconds,
        .modified = (uint32_t)inode->modified.seconds,
        .modified_nanoseconds = inode->modified.nanoseconds,
        .changed = (uint32_t)inode->changed.seconds,
        .changed_nanoseconds = inode->changed.nanoseconds,
        .inode = inode->number,
    };

    return copy_out(user, &result, sizeof result);
}

static struct statx_time statx_time(const struct timestamp *time) {
    return (struct statx_time){time->seconds, time->nanoseconds, 0};
}

static uint32_t device_major(uint32_t device) {
    return device >> 8 & 0xFFF;
}

static uint32_t device_minor(uint32_t device) {
    return (device & 0xFF) | (device >> 12 & 0xFFF00);
}

static int32_t put_statx(uint32_t user, const struct path *path) {
    struct inode *inode = path->inode;
    struct statx result = {
        .mask = STATX_BASIC_STATS | STATX_MOUNT,
        .block_size = BLOCK_BYTES,
        .links = inode->links,
        .uid = inode->uid,
        .gid = inode->gid,
        .mode = (uint16_t)inode->mode,
        .inode = inode->number,
        .size = inode->size,
        .blocks = blocks_of(inode),
        .accessed = statx_time(&inode->accessed),
        .changed = statx_time(&inode->changed),
        .modified = statx_time(&inode->modified),
        .special_major = device_major(inode->device),
        .special_minor = device_minor(inode->device),
        .device_major = device_major(device_of(inode)),
        .device_minor = device_minor(device_of(inode)),
        .mount = path->mount == NULL ? 0 : path->mount->system->device,
    };

    return copy_out(user, &result, sizeof result);
}

/* ---- The calls: find the path, then put one of the layouts ----------------------------------- */

typedef int32_t put_layout(uint32_t user, const struct path *path);

static int32_t stat_path(uint32_t directory, uint32_t path, uint32_t flags, put_layout *put,
                         uint32_t user) {
    struct path found;
    int32_t error = path_resolve((int)directory, path, flags, &found);

    if (error == 0) {
        error = put(user, &found);
        path_release(&found);
    }
    return error;
}

static int32_t stat_descriptor(uint32_t descriptor, put_layout *put, uint32_t user) {
    struct file *file = descriptor_file(descriptor);
    int32_t error;

    if (file == NULL)
        return -EBADF;
    error = put(user, &(struct path){file->mount, file->inode});
    file_release(file);
    return error;
}

FILE_CALL_2(stat, path, user) {
    return stat_path(CWD, path, 0, put_stat32, user);
}

FILE_CALL_2(lstat, path, user) {
    return stat_path(CWD, path, AT_SYMLINK_NOFOLLOW, put_stat32, user);
}

FILE_CALL_2(fstat, descriptor, user) {
    return stat_descriptor(descriptor, put_stat32, user);
}

FILE_CALL_2(stat64, path, user) {
    return stat_path(CWD, path, 0, put_stat64, user);
}

FILE_CALL_2(lstat64, path, user) {
    return stat_path(CWD, path, AT_SYMLINK_NOFOLLOW, put_stat64, user);
}

FILE_CALL_2(fstat64, descriptor, user) {
    return stat_descriptor(descriptor, put_stat64, user);
}

FILE_CALL_4(fstatat64, directory, path, user, flags) {
    if ((flags & ~(uint32_t)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT)) != 0)
        return -EINVAL;
    return stat_path(directory, path, flags, put_stat64, user);
}

FILE_CALL_5(statx, directory, path, flags, mask, user) {
    const uint32_t known = AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT |
                           AT_STATX_FORCE_SYNC | AT_STATX_DONT_SYNC;

    if ((flags & ~known) != 0 || (mask & STATX_RESERVED) != 0 ||
        (flags & (AT_STATX_FORCE_SYNC | AT_STATX_DONT_SYNC)) ==
            (AT_STATX_FORCE_SYNC | AT_STATX_DONT_SYNC))
        return -EINVAL;
    return stat_path(directory, path, flags, put_statx, user);
}

/* ---- access ---------------------------------------------------------------------------------- */

static int check_access(const struct path *path, const struct credentials *who, uint32_t may) {
    const struct inode *inode = path->inode;

    if ((may & MAY_WRITE) != 0 && path->mount != NULL &&
        (path->mount->flags & MOUNT_READ_ONLY) != 0 &&
        (MODE_IS(inode->mode, S_IFREG) || MODE_IS(inode->mode, S_IFDIR)))
        return -EROFS;
    return permission_check_as(who, inode, may);
}

/* With the real ids, unless AT_EACCESS. */
static int32_t access_path(uint32_t directory, uint32_t path, uint32_t may, uint32_t flags) {
    const struct process *process = current_process();
    struct credentials who = current_credentials();
    struct path found;
    int error;

    if ((may & ~7u) != 0 ||
        (flags & ~(uint32_t)(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) != 0)
        return -EINVAL;
    if ((flags & AT_EACCESS) == 0) {
        who.uid = process->uid;
        who.gid = process->gid;
    }
    error = path_resolve((int)directory, path, flags, &found);
    if (error == 0) {
        error = check_access(&found, &who, may);
        path_release(&found);
    }
    return error;
}

FILE_CALL_2(access, path, may) {
    return access_path(CWD, path, may, 0);
}

FILE_CALL_3(faccessat, directory, path, may) {
    return access_path(directory, path, may, 0);
}

FILE_CALL_4(faccessat2, directory, path, may, flags) {
    return access_path(directory, path, may, flags);
}

/* ---- readlink -------------------------------------------------------------------------------- */

static int32_t read_link(uint32_t directory, uint32_t path, uint32_t user, uint32_t room) {
    struct path found;
    char *text;
    bool empty;
    int32_t length;

    if ((int32_t)room <= 0)
        return -EINVAL;
    length = path_copy_in(path, &text);
    if (length != 0)
        return length;
    empty = text[0] == 0; /* the descriptor itself, opened by O_PATH | O_NOFOLLOW */
    length = path_resolve_buffer((int)directory, text, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH, &found);
    if (length != 0)
        return length;
    text = path_buffer();
    if (text == NULL)
        length = -ENOMEM;
    else if (!MODE_IS(found.inode->mode, S_IFLNK))
        length = empty ? -ENOENT : -EINVAL;
    else
        length = found.inode->operations->readlink(found.inode, text, PATH_BYTES);
    if (length > 0) {
        length = (uint32_t)length < room ? length : (int32_t)room;
        length = copy_out(user, text, (size_t)length) != 0 ? -EFAULT : length;
    }
    path_buffer_free(text);
    path_release(&found);
    return length;
}

FILE_CALL_3(readlink, path, user, room) {
    return read_link(CWD, path, user, room);
}

FILE_CALL_4(readlinkat, directory, path, user, room) {
    return read_link(directory, path, user, room);
}
