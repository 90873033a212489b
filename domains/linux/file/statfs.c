// SPDX-License-Identifier: MIT
/*
 * statfs: how large a file system is and how much of it is free, as df shows it.
 */
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/file/mount.h"

#define PACKED          __attribute__((packed))
#define PIPEFS_MAGIC    0x50495045u
#define STATFS_VALID    0x20u
#define STATFS_RELATIME 0x1000u

struct statfs32 {
    uint32_t type, block_size, blocks, blocks_free, blocks_available, files, files_free;
    uint32_t identity[2], name_length, fragment_size, flags, unused[4];
} PACKED;

struct statfs64 {
    uint32_t type, block_size;
    uint64_t blocks, blocks_free, blocks_available, files, files_free;
    uint32_t identity[2], name_length, fragment_size, flags, unused[4];
} PACKED;

_Static_assert(sizeof(struct statfs32) == 64, "Linux i386's struct statfs");
_Static_assert(sizeof(struct statfs64) == 84, "Linux i386's struct statfs64");

static struct statfs64 describe(const struct path *path) {
    struct file_system *system = path->mount == NULL ? NULL : path->mount->system;
    struct file_system_statistics statistics = {0};

    if (system != NULL && system->statistics != NULL)
        system->statistics(system, &statistics);
    return (struct statfs64){
        .type = system == NULL ? PIPEFS_MAGIC : system->magic,
        .block_size = 4096,
        .blocks = statistics.blocks,
        .blocks_free = statistics.blocks_free,
        .blocks_available = statistics.blocks_free,
        .files = statistics.files,
        .files_free = statistics.files_free,
        .identity = {system == NULL ? 0 : system->device, 0},
        .name_length = NAME_BYTES,
        .fragment_size = 4096,
        .flags = STATFS_VALID | STATFS_RELATIME | (path->mount == NULL ? 0 : path->mount->flags),
    };
}

static int32_t put_statfs64(uint32_t user, const struct path *path) {
    struct statfs64 result = describe(path);

    return copy_out(user, &result, sizeof result);
}

static int32_t put_statfs32(uint32_t user, const struct path *path) {
    struct statfs64 wide = describe(path);
    struct statfs32 result = {
        .type = wide.type,
        .block_size = wide.block_size,
        .blocks = (uint32_t)wide.blocks,
        .blocks_free = (uint32_t)wide.blocks_free,
        .blocks_available = (uint32_t)wide.blocks_available,
        .files = (uint32_t)wide.files,
        .files_free = (uint32_t)wide.files_free,
        .identity = {wide.identity[0], wide.identity[1]},
        .name_length = wide.name_length,
        .fragment_size = wide.fragment_size,
        .flags = wide.flags,
    };

    return copy_out(user, &result, sizeof result);
}

typedef int32_t put_layout(uint32_t user, const struct path *path);

static int32_t of_path(uint32_t path, put_layout *put, uint32_t user) {
    struct path found;
    int32_t error = path_resolve(AT_FDCWD, path, 0, &found);

    if (error == 0) {
        error = put(user, &found);
        path_release(&found);
    }
    return error;
}

static int32_t of_descriptor(uint32_t descriptor, put_layout *put, uint32_t user) {
    struct file *file = descriptor_file(descriptor);
    int32_t error;

    if (file == NULL)
        return -EBADF;
    error = put(user, &(struct path){file->mount, file->inode});
    file_release(file);
    return error;
}

FILE_CALL_2(statfs, path, user) {
    return of_path(path, put_statfs32, user);
}

FILE_CALL_2(fstatfs, descriptor, user) {
    return of_descriptor(descriptor, put_statfs32, user);
}

/* The caller says how large it takes the structure to be: 84, or 88 where it is padded. */
FILE_CALL_3(statfs64, path, bytes, user) {
    if (bytes != sizeof(struct statfs64) && bytes != sizeof(struct statfs64) + 4)
        return -EINVAL;
    return of_path(path, put_statfs64, user);
}

FILE_CALL_3(fstatfs64, descriptor, bytes, user) {
    if (bytes != sizeof(struct statfs64) && bytes != sizeof(struct statfs64) + 4)
        return -EINVAL;
    return of_descriptor(descriptor, put_statfs64, user);
}
