// SPDX-License-Identifier: MIT
/*
 * Reader of uncompressed EROFS images (the format of mkfs.erofs 1.5, block size 4096). Pure: it
 * sees a byte range and answers questions about it, and allocates nothing.
 *
 *   0     1024          meta                                     data blocks
 *   ├──────┬──────────┬───────┬─────────────────────────────┬──────────┬──────
 *   │      │superblock│  …    │ inode slots, 32 bytes each  │ file data, directory blocks …
 *   └──────┴──────────┴───────┴─────────────────────────────┴──────────┴──────
 *                             inode number nid lies at meta + nid * 32
 *
 * The image may be hostile: whatever it says, no call reads outside the range; what makes no sense
 * is -EUCLEAN, what this reader does not speak (compression, chunks) is -EOPNOTSUPP.
 */
#ifndef DOMAINS_LINUX_FS_EROFS_H
#define DOMAINS_LINUX_FS_EROFS_H

#include <stdint.h>

#define EROFS_BLOCK 4096u

struct erofs {
    const uint8_t *bytes; /* borrowed */
    uint32_t length;
    uint32_t meta; /* byte offset of the inode slots */
    uint32_t root; /* nid */
    uint64_t inodes;
    int64_t build_seconds;
    uint32_t build_nanoseconds;
};

struct erofs_node {
    uint32_t nid;
    uint32_t number; /* for st_ino */
    uint32_t mode, links, uid, gid;
    uint64_t size;
    uint32_t device; /* of a device node, major << 8 | minor */
    int64_t seconds; /* of the last modification */
    uint32_t nanoseconds;
    uint32_t data;  /* byte offset of the blocks that are stored whole */
    uint32_t whole; /* bytes stored there; the rest, the tail, is inline */
    uint32_t tail;  /* byte offset of the tail */
};

struct erofs_entry {
    uint32_t nid;
    uint8_t type; /* as DT_* */
    uint8_t length;
    const char *name; /* in the image, no NUL */
};

/* Checks the superblock and its checksum. 0, -EINVAL (no EROFS), -EOPNOTSUPP or -EUCLEAN. */
int erofs_open(struct erofs *image, const void *bytes, uint32_t length);
/* Reads and checks an inode: afterwards all its data is known to lie in the image. */
int erofs_node(const struct erofs *image, uint32_t nid, struct erofs_node *node);
/* Finds a name in a directory: 0 or -ENOENT. */
int erofs_lookup(const struct erofs *image, const struct erofs_node *directory, const char *name,
                 uint32_t length, uint32_t *nid);
/* The entry at `*position` (0 first) of a directory; moves the position on. 1, 0 at the end. */
int erofs_list(const struct erofs *image, const struct erofs_node *directory, uint32_t *position,
               struct erofs_entry *entry);
/* The file's bytes from `offset` on, as far as they are contiguous; returns their count, 0 at the
 * end. */
uint32_t erofs_data(const struct erofs *image, const struct erofs_node *node, uint64_t offset,
                    const uint8_t **bytes);
/* Page of the image that holds page `page` of the file; -ENODATA if no whole image page does. */
int erofs_page(const struct erofs *image, const struct erofs_node *node, uint64_t page,
               uint32_t *image_page);

#endif
