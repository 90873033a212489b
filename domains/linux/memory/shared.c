// SPDX-License-Identifier: MIT
/*
 * A shared object is a shadow of its own, indexed by offset. It owns one reference to each of its
 * frames, and each mapping one more. It keeps the size that it was made with: a mapping may grow
 * beyond that, but nothing is there.
 */
#include "domains/linux/memory/shared.h"

#include "domains/lib/heap.h"
#include "domains/linux/memory/shadow.h"

#include <stddef.h>

#define PAGE_BITS 12

struct shared_pages {
    uint32_t references;
    uint32_t count;
    struct shadow frames;
};

struct shared_pages *shared_pages_make(uint32_t count) {
    struct shared_pages *pages = heap_allocate(sizeof(*pages));
    if (pages == NULL)
        return NULL;
    pages->references = 1;
    pages->count = count;
    return pages;
}

void shared_pages_hold(struct shared_pages *pages) {
    pages->references++;
}

void shared_pages_release(struct shared_pages *pages) {
    if (--pages->references > 0)
        return;
    shadow_clear(&pages->frames, 0, SHADOW_BYTES);
    heap_free(pages);
}

bool shared_pages_has(const struct shared_pages *pages, uint32_t page) {
    return page < pages->count;
}

uint32_t shared_pages_frame(struct shared_pages *pages, uint32_t page) {
    uint32_t offset = page << PAGE_BITS;
    uint32_t entry = shadow_get(&pages->frames, offset);
    if (entry == 0) {
        if (!shadow_prepare(&pages->frames, offset))
            return NO_FRAME;
        uint32_t frame = frame_allocate();
        if (frame == NO_FRAME)
            return NO_FRAME;
        entry = frame << PAGE_BITS | SHADOW_FRAME;
        shadow_set(&pages->frames, offset, entry);
    }
    frame_hold(shadow_frame(entry));
    return shadow_frame(entry);
}
