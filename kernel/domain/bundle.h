// SPDX-License-Identifier: MIT
/*
 * Bundles: the boot modules. A header, entries, page-aligned payloads (tools/bundle writes them). The parser
 * is pure and trusts nothing; the store behind it maps all modules read-only at CORE_MODULES. A later bundle's
 * entry replaces an earlier one of the same kind and name.
 */
#ifndef KERNEL_DOMAIN_BUNDLE_H
#define KERNEL_DOMAIN_BUNDLE_H

#include "kernel/mem/frame.h"

#include <stdbool.h>
#include <stdint.h>

enum bundle_kind { BUNDLE_DRIVER = 1, BUNDLE_MANAGER, BUNDLE_IMAGE, BUNDLE_FILE };

/* The file, as tools/bundle writes it: little-endian, payloads in order, each on pages of its own. */
struct bundle_entry {
    uint32_t kind, offset, size, reserved;
    char name[48];
};

struct bundle_header {
    char magic[8]; /* "RFBNDL1" */
    uint32_t entry_count, total_size;
    struct bundle_entry entries[];
};

/* Checks a whole bundle of `bytes`: NULL if good, else what is wrong. */
const char *bundle_check(const void *bundle, uint32_t bytes);

struct bundle_item { /* one payload, wherever its module lies */
    uint32_t kind;
    char name[48];
    const uint8_t *data; /* in the core's read-only mapping */
    frame_t first_frame;
    uint32_t bytes;
};

#define BUNDLE_ITEMS 64
void bundles_initialise(
    void); /* maps and checks all modules; bad ones are refused with a message */
const struct bundle_item *bundle_find(uint32_t kind, const char *name);
const struct bundle_item *bundle_item(uint32_t index); /* NULL past the last */
/* Images are named by their index here: MAP_IMAGE frame = index << 20 | page. */
frame_t bundle_image_frame(uint32_t image, uint32_t page); /* NO_FRAME_T if there is no such page */

#endif
