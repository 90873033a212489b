// SPDX-License-Identifier: MIT
// sources: domains/linux/fs/erofs.c
/*
 * EROFS images: every inode, its data, its pages; every directory listed and searched. AddressSanitizer watches
 * the image's end. The checksum of the superblock is turned off, so that a lie gets past it.
 */
#include "domains/linux/fs/erofs.h"
#include "tests/fuzz/fuzz.h"

#define SUPERBLOCK 1024u
#define NODES_MOST 4096u
#define NAMES_MOST 600u /* of a directory: more than a block holds */

static void read_file(const struct erofs *image, const struct erofs_node *node) {
    const uint64_t offsets[] = {0, 1, 4095, 4096, node->size - 1, node->size, UINT64_MAX};

    for (uint32_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
        const uint8_t *bytes;
        uint32_t page, count = erofs_data(image, node, offsets[i], &bytes);

        PROMISE(count == 0 || offsets[i] < node->size);
        PROMISE(count <= node->size);
        touch(bytes, count == 0 ? 0 : 1);
        touch(bytes + count - 1, count == 0 ? 0 : 1);
        if (erofs_page(image, node, offsets[i] / EROFS_BLOCK, &page) == 0)
            PROMISE(((uint64_t)page + 1) * EROFS_BLOCK <= image->length);
    }
}

static void read_directory(const struct erofs *image, const struct erofs_node *node) {
    uint32_t position = 0, found;
    struct erofs_entry entry;

    for (uint32_t n = 0; n < NAMES_MOST; n++) {
        if (erofs_list(image, node, &position, &entry) != 1)
            break;
        PROMISE(entry.length > 0);
        touch(entry.name, entry.length);
        erofs_lookup(image, node, entry.name, entry.length, &found);
    }
    erofs_lookup(image, node, "busybox", 7, &found);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    uint8_t *copy = malloc(size);
    struct erofs image;

    memcpy(copy, data, size);
    if (size > SUPERBLOCK + 8)
        copy[SUPERBLOCK + 8] &= 0xFE;
    if (erofs_open(&image, copy, (uint32_t)size) == 0) {
        for (uint32_t nid = 0; nid < NODES_MOST; nid++) {
            struct erofs_node node;

            if (erofs_node(&image, nid, &node) != 0)
                continue;
            read_file(&image, &node);
            if ((node.mode & 0170000) == 0040000)
                read_directory(&image, &node);
        }
    }
    free(copy);
    return 0;
}
