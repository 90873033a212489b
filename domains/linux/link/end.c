// SPDX-License-Identifier: MIT
/*
 * A counter and what it announces lie in one line of the cache. A reader that announces `seen` and then finds nothing new
 * sleeps; a writer that has moved `produced` and then finds no `seen` does not ring. So each puts a fence between its
 * store and its load: one of the two must see the other's.
 */
#include "domains/linux/link/end.h"

#include <stddef.h>

static void fence(void) {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static uint32_t smaller(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

void link_end_begin(struct link_end *end, void *memory, enum link_side side) {
    enum link_side other = LINK_SIDES - 1 - side;
    uint8_t *bytes = (uint8_t *)memory + PAGE_SIZE;
    *end = (struct link_end){.page = memory};
    end->input = &end->page->streams[side];
    end->output = &end->page->streams[other];
    end->input_bytes = bytes + (side == LINK_ACCEPTOR ? 0 : LINK_BYTES);
    end->output_bytes = bytes + (other == LINK_ACCEPTOR ? 0 : LINK_BYTES);
}

enum link_state link_end_state(const struct link_end *end) {
    return (enum link_state)end->page->state;
}

/* ---- Reading ---- */

uint32_t link_readable(const struct link_end *end) {
    uint32_t bytes = end->input->produced - end->consumed;
    return bytes <= LINK_BYTES ? bytes : LINK_BROKEN;
}

const uint8_t *link_read_span(const struct link_end *end, uint32_t *bytes) {
    uint32_t offset = end->consumed % LINK_BYTES, readable = link_readable(end);
    *bytes = readable == LINK_BROKEN ? 0 : smaller(readable, LINK_BYTES - offset);
    return end->input_bytes + offset;
}

bool link_consumed(struct link_end *end, uint32_t bytes) {
    uint32_t before = end->consumed;
    end->consumed += bytes;
    __atomic_store_n(&end->input->consumed, end->consumed, __ATOMIC_RELEASE);
    fence();
    return end->input->full_at == before;
}

bool link_await_bytes(struct link_end *end) {
    end->input->seen = end->consumed;
    fence();
    return link_readable(end) != 0 || end->input->finished != 0;
}

bool link_at_end(struct link_end *end, bool *must_ring) {
    bool is_end = end->input->finished != 0 && end->input->produced == end->consumed;
    *must_ring = is_end && !end->has_seen_end;
    if (*must_ring)
        link_refuse(end);
    end->has_seen_end |= is_end;
    return end->has_seen_end;
}

/* ---- Writing ---- */

uint32_t link_room(const struct link_end *end) {
    uint32_t used = end->produced - end->output->consumed;
    return used <= LINK_BYTES ? LINK_BYTES - used : LINK_BROKEN;
}

uint8_t *link_write_span(const struct link_end *end, uint32_t *bytes) {
    uint32_t offset = end->produced % LINK_BYTES, room = link_room(end);
    *bytes = room == LINK_BROKEN ? 0 : smaller(room, LINK_BYTES - offset);
    return end->output_bytes + offset;
}

bool link_produced(struct link_end *end, uint32_t bytes) {
    uint32_t before = end->produced;
    end->produced += bytes;
    end->output->full_at = end->produced;
    __atomic_store_n(&end->output->produced, end->produced, __ATOMIC_RELEASE);
    fence();
    return end->output->seen == before;
}

bool link_await_room(struct link_end *end) {
    end->output->full_at = end->output->consumed;
    fence();
    return link_room(end) != 0 || link_is_refused(end);
}

bool link_is_refused(const struct link_end *end) {
    return end->output->refused != 0;
}

void link_finish(struct link_end *end) {
    end->output->finished = 1;
}

void link_refuse(struct link_end *end) {
    end->input->refused = 1;
}
