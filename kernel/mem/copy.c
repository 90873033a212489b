// SPDX-License-Identifier: MIT
/*
 * A range is a first piece up to a page's end, whole pages, and a last piece. Nothing of the domain
 * runs between the check and the copy, so what was looked up once may be looked up again. memcpy() is a call into a file
 * that is not optimised with this one: what was copied is what is judged, whatever the compiler knows of it.
 */
#include "kernel/mem/copy.h"

#include "kernel/abi/layout.h"
#include "kernel/defence.h"
#include "kernel/mem/window.h"

#include <string.h>

static uint32_t piece_of(uint32_t address, uint32_t bytes) {
    uint32_t rest = PAGE_SIZE - address % PAGE_SIZE;

    return rest < bytes ? rest : bytes;
}

static bool is_within_page(uint32_t address, uint32_t bytes) {
    return bytes <= PAGE_SIZE - address % PAGE_SIZE;
}

static bool is_there(page_lookup *lookup, const void *domain, uint32_t address, uint32_t bytes,
                     bool write) {
    while (bytes > 0) {
        uint32_t piece = piece_of(address, bytes);

        if (lookup(domain, address, write) == NO_FRAME_T)
            return false;
        address += piece;
        bytes -= piece;
    }
    return true;
}

static uint8_t *window_at(enum window_slot slot, frame_t frame, uint32_t address) {
    return (uint8_t *)window_map(slot, frame) + address % PAGE_SIZE;
}

enum status copy_from_pages(page_lookup *lookup, const void *domain, void *to, uint32_t from,
                            uint32_t bytes) {
    uint8_t *target = to;

    if (DEFENCE_COPY_WHOLE && !is_within_page(from, bytes) &&
        !is_there(lookup, domain, from, bytes, false))
        return STATUS_BAD_ADDRESS;
    while (bytes > 0) {
        uint32_t piece = piece_of(from, bytes);
        frame_t frame = lookup(domain, from, false);

        if (frame == NO_FRAME_T)
            return STATUS_BAD_ADDRESS;
        memcpy(target, window_at(WINDOW_SOURCE, frame, from), piece);
        target += piece;
        from += piece;
        bytes -= piece;
    }
    return STATUS_OK;
}

enum status copy_to_pages(page_lookup *lookup, const void *domain, uint32_t to, const void *from,
                          uint32_t bytes) {
    const uint8_t *source = from;

    if (DEFENCE_COPY_WHOLE && !is_within_page(to, bytes) &&
        !is_there(lookup, domain, to, bytes, true))
        return STATUS_BAD_ADDRESS;
    while (bytes > 0) {
        uint32_t piece = piece_of(to, bytes);
        frame_t frame = lookup(domain, to, true);

        if (frame == NO_FRAME_T)
            return STATUS_BAD_ADDRESS;
        memcpy(window_at(WINDOW_TARGET, frame, to), source, piece);
        source += piece;
        to += piece;
        bytes -= piece;
    }
    return STATUS_OK;
}
