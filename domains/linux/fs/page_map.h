// SPDX-License-Identifier: MIT
/*
 * The pages of a file that lie in frames: a radix tree from page number to frame, as high as the
 * largest page number in it asks for. Holds one reference on each frame.
 */
#ifndef DOMAINS_LINUX_FS_PAGE_MAP_H
#define DOMAINS_LINUX_FS_PAGE_MAP_H

#include <stdbool.h>
#include <stdint.h>

struct page_map_node;

struct page_map {
    struct page_map_node *root; /* NULL: empty; all zero bytes are an empty map */
    uint32_t height;
    uint32_t count; /* of frames */
};

/* The frame of a page, not held for the caller; NO_FRAME if there is none. */
uint32_t page_map_get(const struct page_map *map, uint64_t page);
/* Puts a frame where none is; takes over the caller's hold. False: no memory, nothing changed. */
bool page_map_put(struct page_map *map, uint64_t page, uint32_t frame);
/* Lets go of all frames in [first, end). */
void page_map_remove(struct page_map *map, uint64_t first, uint64_t end);
/* First page at or after `page` that has a frame; UINT64_MAX if none. */
uint64_t page_map_next(const struct page_map *map, uint64_t page);

#endif
