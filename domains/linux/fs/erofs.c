// SPDX-License-Identifier: MIT
/*
 * An inode's data comes in two layouts. "Flat plain": consecutive whole blocks. "Flat inline": the
 * same, but the last, partial block follows the inode itself:
 *
 *   inode (32 or 64 bytes) │ extended attributes │ tail
 *
 * A directory's data is cut into blocks; each block starts with its dirents, then come their names:
 *
 *   ┌────────────┬────────────┬─────┬───────┬───────┬───┐
 *   │ dirent 0   │ dirent 1   │  …  │ name0 │ name1 │ … │   dirent: nid:8 name offset:2 type:1 –:1
 *   └────────────┴────────────┴─────┴───────┴───────┴───┘
 *
 * so the first dirent's name offset gives the number of dirents. Names are sorted by byte, over the
 * whole directory.
 *
 * erofs_node() checks once that all data lies in the image; from then on only offsets within the
 * data have to be checked.
 */
#include "domains/linux/fs/erofs.h"

#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/flags.h"

#include <stdbool.h>

#define SUPERBLOCK_OFFSET 1024u
#define SUPERBLOCK_BYTES  128u
#define MAGIC             0xE0F5E1E2u
#define SLOT_BYTES        32u
#define DIRENT_BYTES      12u
#define ENTRIES_PER_BLOCK                                                                          \
    512u /* more than EROFS_BLOCK / DIRENT_BYTES: positions are block * this + n */

#define COMPATIBLE_CHECKSUM      0x1u
#define INCOMPATIBLE_LZ4_PADDING 0x1u /* says nothing about images without compressed files */

enum layout { FLAT_PLAIN = 0, FLAT_INLINE = 2 };

static uint32_t read16(const uint8_t *at) {
    return (uint32_t)at[0] | (uint32_t)at[1] << 8;
}

static uint32_t read32(const uint8_t *at) {
    return read16(at) | read16(at + 2) << 16;
}

static uint64_t read64(const uint8_t *at) {
    return read32(at) | (uint64_t)read32(at + 4) << 32;
}

static uint32_t minimum(uint64_t a, uint64_t b) {
    return (uint32_t)(a < b ? a : b);
}

/* CRC-32C, four bits a step, without the final inversion, as EROFS keeps it. */
static uint32_t checksum(const uint8_t *bytes, uint32_t count, uint32_t value) {
    static const uint32_t table[16] = {
        0x00000000, 0x105EC76F, 0x20BD8EDE, 0x30E349B1, 0x417B1DBC, 0x5125DAD3,
        0x61C69362, 0x7198540D, 0x82F63B78, 0x92A8FC17, 0xA24BB5A6, 0xB21572C9,
        0xC38D26C4, 0xD3D3E1AB, 0xE330A81A, 0xF36E6F75,
    };

    for (uint32_t i = 0; i < count; i++) {
        value ^= bytes[i];
        value = value >> 4 ^ table[value & 15];
        value = value >> 4 ^ table[value & 15];
    }
    return value;
}

static bool checksum_is_right(const uint8_t *superblock) {
    static const uint8_t zeros[4];
    uint32_t value = checksum(superblock, 4, ~0u);

    value = checksum(zeros, 4, value); /* the field itself counts as zero */
    value = checksum(superblock + 8, EROFS_BLOCK - SUPERBLOCK_OFFSET - 8, value);
    return value == read32(superblock + 4);
}

int erofs_open(struct erofs *image, const void *bytes, uint32_t length) {
    const uint8_t *superblock = (const uint8_t *)bytes + SUPERBLOCK_OFFSET;
    uint64_t meta;
    struct erofs_node root;
    int error;

    if (length < EROFS_BLOCK || read32(superblock) != MAGIC)
        return -EINVAL;
    if (superblock[12] != 12 || (read32(superblock + 80) & ~INCOMPATIBLE_LZ4_PADDING) != 0 ||
        read16(superblock + 86) != 0)
        return -EOPNOTSUPP; /* other block sizes, later features, further devices */
    if ((read32(superblock + 8) & COMPATIBLE_CHECKSUM) != 0 && !checksum_is_right(superblock))
        return -EUCLEAN;
    meta = (uint64_t)read32(superblock + 40) * EROFS_BLOCK;
    if ((uint64_t)read32(superblock + 36) * EROFS_BLOCK > length || meta >= length)
        return -EUCLEAN; /* cut off */
    *image = (struct erofs){
        .bytes = bytes,
        .length = length,
        .meta = (uint32_t)meta,
        .root = read16(superblock + 14),
        .inodes = read64(superblock + 16),
        .build_seconds = (int64_t)read64(superblock + 24),
        .build_nanoseconds = read32(superblock + 32),
    };
    error = erofs_node(image, image->root, &root);
    if (error != 0)
        return error;
    return MODE_IS(root.mode, S_IFDIR) ? 0 : -EUCLEAN;
}

static void decode_compact(const struct erofs *image, const uint8_t *slot,
                           struct erofs_node *node) {
    node->links = read16(slot + 6);
    node->size = read32(slot + 8);
    node->uid = read16(slot + 24);
    node->gid = read16(slot + 26);
    node->seconds = image->build_seconds;
    node->nanoseconds = image->build_nanoseconds;
}

static void decode_extended(const uint8_t *slot, struct erofs_node *node) {
    node->links = read32(slot + 44);
    node->size = read64(slot + 8);
    node->uid = read32(slot + 24);
    node->gid = read32(slot + 28);
    node->seconds = (int64_t)read64(slot + 32);
    node->nanoseconds = read32(slot + 40);
}

/* Where the data lies, and that it lies in the image. `after` is the first byte behind the inode.
 */
static int locate_data(const struct erofs *image, struct erofs_node *node, uint32_t layout,
                       uint32_t first_block, uint64_t after) {
    uint64_t data = (uint64_t)first_block * EROFS_BLOCK;
    uint32_t tail_bytes;

    if (node->size > image->length)
        return -EUCLEAN;
    tail_bytes = layout == FLAT_INLINE ? (uint32_t)node->size % EROFS_BLOCK : 0;
    node->whole = (uint32_t)node->size - tail_bytes;
    if (node->whole != 0) {
        if (data + node->whole > image->length)
            return -EUCLEAN;
        node->data = (uint32_t)data;
    }
    if (tail_bytes != 0) {
        if (after + tail_bytes > image->length ||
            after / EROFS_BLOCK != (after + tail_bytes - 1) / EROFS_BLOCK)
            return -EUCLEAN;
        node->tail = (uint32_t)after;
    }
    return 0;
}

static bool has_data(uint32_t mode) {
    return MODE_IS(mode, S_IFREG) || MODE_IS(mode, S_IFDIR) || MODE_IS(mode, S_IFLNK);
}

static bool is_known_type(uint32_t mode) {
    return has_data(mode) || MODE_IS(mode, S_IFCHR) || MODE_IS(mode, S_IFBLK) ||
           MODE_IS(mode, S_IFIFO) || MODE_IS(mode, S_IFSOCK);
}

int erofs_node(const struct erofs *image, uint32_t nid, struct erofs_node *node) {
    uint64_t offset = image->meta + (uint64_t)nid * SLOT_BYTES;
    const uint8_t *slot;
    uint32_t format, bytes, attributes;

    if (offset + SLOT_BYTES > image->length)
        return -EUCLEAN;
    slot = image->bytes + offset;
    format = read16(slot);
    bytes = (format & 1) != 0 ? 2 * SLOT_BYTES : SLOT_BYTES;
    if (offset + bytes > image->length)
        return -EUCLEAN;
    *node = (struct erofs_node){.nid = nid, .number = read32(slot + 20), .mode = read16(slot + 4)};
    if ((format & 1) != 0)
        decode_extended(slot, node);
    else
        decode_compact(image, slot, node);
    if (!is_known_type(node->mode) || node->nanoseconds >= 1000000000u)
        return -EUCLEAN;
    if (!has_data(node->mode)) {
        node->size = 0;
        node->device = read32(slot + 16);
        return 0;
    }
    if (format >> 1 != FLAT_PLAIN && format >> 1 != FLAT_INLINE)
        return -EOPNOTSUPP;
    attributes = read16(slot + 2);
    return locate_data(image, node, format >> 1, read32(slot + 16),
                       offset + bytes + (attributes == 0 ? 0 : 12 + 4 * (attributes - 1)));
}

uint32_t erofs_data(const struct erofs *image, const struct erofs_node *node, uint64_t offset,
                    const uint8_t **bytes) {
    if (offset < node->whole) {
        *bytes = image->bytes + node->data + offset;
        return node->whole - (uint32_t)offset;
    }
    if (offset < node->size) {
        *bytes = image->bytes + node->tail + (offset - node->whole);
        return (uint32_t)(node->size - offset);
    }
    return 0;
}

int erofs_page(const struct erofs *image, const struct erofs_node *node, uint64_t page,
               uint32_t *image_page) {
    uint64_t offset = page * EROFS_BLOCK;
    uint64_t position = node->data + offset;

    /* The last page may be partial; in the image it is a whole block, filled with zeros. */
    if (page >= image->length / EROFS_BLOCK || offset >= node->whole ||
        position + EROFS_BLOCK > image->length)
        return -ENODATA;
    *image_page = (uint32_t)(position / EROFS_BLOCK);
    return 0;
}

/* ---- Directories --------------------------------------------------------------------------------
 */

struct block {
    const uint8_t *bytes;
    uint32_t length;
    uint32_t count; /* of dirents */
};

/* Block `index` of the directory: 1, 0 past the end, or -EUCLEAN. */
static int open_block(const struct erofs *image, const struct erofs_node *directory, uint32_t index,
                      struct block *block) {
    uint64_t offset = (uint64_t)index * EROFS_BLOCK;
    uint32_t names;

    if (offset >= directory->size)
        return 0;
    block->length = minimum(erofs_data(image, directory, offset, &block->bytes), EROFS_BLOCK);
    if (block->length < DIRENT_BYTES)
        return -EUCLEAN;
    names = read16(block->bytes + 8);
    block->count = names / DIRENT_BYTES;
    return names % DIRENT_BYTES == 0 && names != 0 && names <= block->length ? 1 : -EUCLEAN;
}

/* The n-th name of a block. The last one ends at a NUL or with the block. */
static int decode_entry(const struct block *block, uint32_t n, struct erofs_entry *entry) {
    const uint8_t *dirent = block->bytes + n * DIRENT_BYTES;
    uint32_t start = read16(dirent + 8);
    uint32_t end = n + 1 < block->count ? read16(dirent + DIRENT_BYTES + 8) : block->length;
    uint64_t nid = read64(dirent);
    uint32_t length = 0;

    if (start >= end || end > block->length || nid > UINT32_MAX)
        return -EUCLEAN;
    while (length < end - start && block->bytes[start + length] != 0)
        length++;
    if (length == 0 || length > NAME_BYTES || memchr(block->bytes + start, '/', length) != NULL)
        return -EUCLEAN;
    *entry = (struct erofs_entry){
        .nid = (uint32_t)nid,
        .type = 0,
        .length = (uint8_t)length,
        .name = (const char *)block->bytes + start,
    };
    return 0;
}

/* EROFS numbers the types 1..7; DT_* are the file type bits of the mode. */
static uint8_t entry_type(const struct block *block, uint32_t n) {
    static const uint8_t types[] = {0, 8, 4, 2, 6, 1, 12, 10};
    uint8_t type = block->bytes[n * DIRENT_BYTES + 10];

    return type < sizeof types ? types[type] : 0;
}

int erofs_list(const struct erofs *image, const struct erofs_node *directory, uint32_t *position,
               struct erofs_entry *entry) {
    uint32_t index = *position / ENTRIES_PER_BLOCK, n = *position % ENTRIES_PER_BLOCK;
    struct block block;
    int result = open_block(image, directory, index, &block);

    if (result == 1 && n >= block.count) {
        index++;
        n = 0;
        result = open_block(image, directory, index, &block);
    }
    if (result != 1)
        return result;
    result = decode_entry(&block, n, entry);
    if (result != 0)
        return result;
    entry->type = entry_type(&block, n);
    *position = index * ENTRIES_PER_BLOCK + n + 1;
    return 1;
}

static int compare_names(const char *name, uint32_t length, const struct erofs_entry *entry) {
    int difference = memcmp(name, entry->name, minimum(length, entry->length));

    return difference != 0 ? difference : (int)length - (int)entry->length;
}

/* Binary search in one block: 0 found, -ENOENT. `*order` tells on which side of the block the name
 * lies. */
static int search_block(const struct block *block, const char *name, uint32_t length, uint32_t *nid,
                        int *order) {
    uint32_t low = 0, high = block->count;

    while (low < high) {
        uint32_t middle = (low + high) / 2;
        struct erofs_entry entry;
        int difference, error = decode_entry(block, middle, &entry);

        if (error != 0)
            return error;
        difference = compare_names(name, length, &entry);
        if (difference == 0) {
            *nid = entry.nid;
            return 0;
        }
        if (difference < 0)
            high = middle;
        else
            low = middle + 1;
    }
    *order = low == 0 ? -1 : low == block->count ? 1 : 0;
    return -ENOENT;
}

int erofs_lookup(const struct erofs *image, const struct erofs_node *directory, const char *name,
                 uint32_t length, uint32_t *nid) {
    uint32_t low = 0, high = (uint32_t)((directory->size + EROFS_BLOCK - 1) / EROFS_BLOCK);

    while (low < high) {
        uint32_t middle = (low + high) / 2;
        struct block block;
        int order = 0, result = open_block(image, directory, middle, &block);

        if (result != 1)
            return result == 0 ? -EUCLEAN : result;
        result = search_block(&block, name, length, nid, &order);
        if (result != -ENOENT || order == 0)
            return result;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return -ENOENT;
}
