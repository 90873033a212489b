// SPDX-License-Identifier: MIT
/*
 * getdents: the entries are collected in a buffer of the manager first, because listing must not be
 * interrupted by a copy to the app; the buffer goes out at the end.
 */
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/file/notify.h"

#define HEAD_64 19u /* inode:8 offset:8 length:2 type:1, then the name and its NUL */
#define HEAD_32                                                                                    \
    10u /* inode:4 offset:4 length:2, then the name, its NUL, and the type in the last byte */

struct listing {
    char *buffer;
    uint32_t room, used;
    bool wide; /* getdents64 */
    bool too_small;
    uint64_t next; /* offset behind the last entry taken */
};

static void put(char *at, uint64_t value, uint32_t bytes) {
    memcpy(at, &value, bytes);
}

static bool take_entry(void *context, const struct directory_entry *entry, uint64_t next) {
    struct listing *listing = context;
    uint32_t head = listing->wide ? HEAD_64 : HEAD_32;
    uint32_t align = listing->wide ? 8 : 4;
    uint32_t bytes = head + entry->length + (listing->wide ? 1u : 2u);
    char *at = listing->buffer + listing->used;

    bytes = (bytes + align - 1) & ~(align - 1);
    if (bytes > listing->room - listing->used) {
        listing->too_small = listing->used == 0;
        return false;
    }
    memset(at, 0, bytes);
    if (listing->wide) {
        put(at, entry->inode, 8);
        put(at + 8, next, 8);
        put(at + 16, bytes, 2);
        put(at + 18, entry->type, 1);
    } else {
        put(at, entry->inode, 4);
        put(at + 4, next, 4);
        put(at + 8, bytes, 2);
        put(at + bytes - 1, entry->type, 1);
    }
    memcpy(at + head, entry->name, entry->length);
    listing->used += bytes;
    listing->next = next;
    return true;
}

static int32_t list(struct file *file, struct listing *listing, uint32_t user) {
    int error;

    if ((file->flags & O_PATH) != 0)
        return -EBADF;
    if (file->operations->list == NULL)
        return -ENOTDIR;
    if (file->inode->links == 0)
        return -ENOENT; /* removed */
    error = file->operations->list(file, file->offset, take_entry, listing);
    if (error != 0)
        return error;
    notify_file(file, IN_ACCESS);
    if (listing->too_small)
        return -EINVAL;
    if (copy_out(user, listing->buffer, listing->used) != 0)
        return -EFAULT;
    if (listing->used > 0)
        file->offset = listing->next;
    return (int32_t)listing->used;
}

static int32_t list_descriptor(uint32_t descriptor, uint32_t user, uint32_t room, bool wide) {
    struct listing listing = {.room = room < PATH_BYTES ? room : PATH_BYTES, .wide = wide};
    struct file *file = descriptor_file(descriptor);
    int32_t result = -ENOMEM;

    if (file == NULL)
        return -EBADF;
    listing.buffer = path_buffer();
    if (listing.buffer != NULL)
        result = list(file, &listing, user);
    path_buffer_free(listing.buffer);
    file_release(file);
    return result;
}

FILE_CALL_3(getdents, descriptor, user, room) {
    return list_descriptor(descriptor, user, room, false);
}

FILE_CALL_3(getdents64, descriptor, user, room) {
    return list_descriptor(descriptor, user, room, true);
}
