// SPDX-License-Identifier: MIT
/*
 * Frames come when a byte is put where there is none, and go when the ring is empty: an idle pipe keeps one at most.
 * `used` changes only after bytes were copied: copying releases the manager's lock, and the other side may look meanwhile.
 */
#include "domains/linux/fs/pipe_ring.h"

#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"

#define PAGES_DEFAULT 16u

static uint32_t minimum(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

static void set_no_frames(struct pipe_ring *ring) {
    for (uint32_t i = 0; i < ring->pages; i++)
        ring->frames[i] = NO_FRAME;
}

bool pipe_ring_make(struct pipe_ring *ring) {
    *ring = (struct pipe_ring){.pages = PAGES_DEFAULT};
    ring->frames = heap_allocate(PAGES_DEFAULT * sizeof *ring->frames);
    if (ring->frames != NULL)
        set_no_frames(ring);
    return ring->frames != NULL;
}

static void drop_frames(struct pipe_ring *ring) {
    for (uint32_t i = 0; i < ring->pages; i++) {
        if (ring->frames[i] != NO_FRAME) {
            frame_release(ring->frames[i]);
            ring->frames[i] = NO_FRAME;
        }
    }
    ring->held = 0;
}

void pipe_ring_end(struct pipe_ring *ring) {
    while (ring->packets.count > 0)
        pipe_packets_drop(&ring->packets);
    drop_frames(ring);
    heap_free(ring->frames);
}

uint32_t pipe_ring_room(const struct pipe_ring *ring) {
    return ring->pages * PAGE_BYTES - ring->used;
}

/* ---- Taking ---------------------------------------------------------------------------------- */

static void skip(struct pipe_ring *ring, uint32_t count) {
    ring->head += count;
    ring->used -= count;
}

/* At most `most` bytes, which lie there. */
static int take_bytes(struct pipe_ring *ring, struct transfer *to, uint32_t most) {
    int total = 0;

    while (to->total > 0 && (uint32_t)total < most) {
        uint32_t within = ring->head % PAGE_BYTES;
        uint32_t slot = ring->head / PAGE_BYTES % ring->pages;
        uint32_t count = minimum(minimum(to->total, most - (uint32_t)total), PAGE_BYTES - within);
        int moved = transfer_put(to, (char *)frame_pointer(ring->frames[slot]) + within, count);

        if (moved <= 0)
            return total > 0 ? total : moved;
        skip(ring, (uint32_t)moved);
        total += moved;
    }
    return total;
}

int pipe_ring_take(struct pipe_ring *ring, struct transfer *to) {
    int total = 0;
    bool is_packet = false;

    while (!is_packet && to->total > 0 && ring->used > 0) {
        uint32_t length = pipe_ring_next(ring, &is_packet);
        int moved = take_bytes(ring, to, length);

        if (moved <= 0)
            return total > 0 ? total : moved;
        if (is_packet) {
            skip(ring, length - (uint32_t)moved);
            pipe_packets_drop(&ring->packets);
        }
        total += moved;
    }
    return total;
}

uint32_t pipe_ring_next(const struct pipe_ring *ring, bool *is_packet) {
    return pipe_packets_next(&ring->packets, ring->head, ring->used, is_packet);
}

uint32_t pipe_ring_peek(const struct pipe_ring *ring, char *bytes, uint32_t most) {
    uint32_t total = minimum(most, ring->used);

    for (uint32_t done = 0, count; done < total; done += count) {
        uint32_t within = (ring->head + done) % PAGE_BYTES;
        uint32_t slot = (ring->head + done) / PAGE_BYTES % ring->pages;

        count = minimum(total - done, PAGE_BYTES - within);
        memcpy(bytes + done, (const char *)frame_pointer(ring->frames[slot]) + within, count);
    }
    return total;
}

void pipe_ring_skip(struct pipe_ring *ring, uint32_t count) {
    while (count > 0) {
        bool is_packet;
        uint32_t piece = minimum(count, pipe_ring_next(ring, &is_packet));

        skip(ring, piece);
        if (is_packet)
            pipe_packets_take(&ring->packets, ring->head);
        count -= piece;
    }
}

void pipe_ring_shrink(struct pipe_ring *ring) {
    if (ring->held > 1 || ring->frames[0] == NO_FRAME) {
        uint32_t kept = ring->frames[0];

        ring->frames[0] = NO_FRAME;
        drop_frames(ring);
        ring->frames[0] = kept;
        ring->held = kept != NO_FRAME;
    }
    ring->head = 0;
}

/* ---- Putting --------------------------------------------------------------------------------- */

static bool make_frame(struct pipe_ring *ring, uint32_t slot) {
    uint32_t frame = frame_allocate_unzeroed();

    if (frame == NO_FRAME)
        return false;
    ring->frames[slot] = frame;
    ring->held++;
    return true;
}

/* Copies what fits in the frame under `position`, which is made if it is missing. Bytes, or a negative errno. */
static int put_piece(struct pipe_ring *ring, struct transfer *from, uint32_t position,
                     uint32_t most) {
    uint32_t within = position % PAGE_BYTES, slot = position / PAGE_BYTES % ring->pages;

    if (ring->frames[slot] == NO_FRAME && !make_frame(ring, slot))
        return -ENOMEM;
    return transfer_take(from, (char *)frame_pointer(ring->frames[slot]) + within,
                         minimum(most, PAGE_BYTES - within));
}

bool pipe_ring_reserve(struct pipe_ring *ring, uint32_t count) {
    uint32_t end = ring->head + ring->used;

    for (uint32_t done = 0; done < count; done += PAGE_BYTES - (end + done) % PAGE_BYTES) {
        uint32_t slot = (end + done) / PAGE_BYTES % ring->pages;

        if (ring->frames[slot] == NO_FRAME && !make_frame(ring, slot))
            return false;
    }
    return true;
}

int pipe_ring_put(struct pipe_ring *ring, struct transfer *from) {
    int total = 0;

    while (from->total > 0 && pipe_ring_room(ring) > 0) {
        int moved = put_piece(ring, from, ring->head + ring->used,
                              minimum(from->total, pipe_ring_room(ring)));

        if (moved <= 0)
            return total > 0 ? total : moved;
        ring->used += (uint32_t)moved;
        total += moved;
    }
    return total;
}

int pipe_ring_put_packet(struct pipe_ring *ring, struct transfer *from, uint32_t length) {
    struct pipe_packet *packet = heap_allocate(sizeof *packet);
    uint32_t start = ring->head + ring->used, done = 0;
    int moved = -ENOMEM;

    while (packet != NULL && done < length) {
        moved = put_piece(ring, from, start + done, length - done);
        if (moved <= 0)
            break;
        done += (uint32_t)moved;
    }
    if (done == 0) {
        heap_free(packet);
        return moved;
    }
    pipe_packets_add(&ring->packets, packet, start, start + done);
    ring->used += done;
    return (int)done;
}

int pipe_ring_resize(struct pipe_ring *ring, uint32_t pages) {
    uint32_t used_pages = (ring->head % PAGE_BYTES + ring->used + PAGE_BYTES - 1) / PAGE_BYTES;
    uint32_t *frames;

    if (used_pages > pages || ring->packets.count > pages)
        return -EBUSY;
    frames = heap_allocate(pages * sizeof *frames);
    if (frames == NULL)
        return -ENOMEM;
    for (uint32_t i = 0; i < pages; i++) {
        uint32_t slot = (ring->head / PAGE_BYTES + i) % ring->pages;

        frames[i] = i < used_pages ? ring->frames[slot] : NO_FRAME;
        if (i < used_pages)
            ring->frames[slot] = NO_FRAME;
    }
    drop_frames(ring);
    heap_free(ring->frames);
    ring->frames = frames;
    ring->held = used_pages;
    ring->pages = pages;
    pipe_packets_shift(&ring->packets, ring->head - ring->head % PAGE_BYTES);
    ring->head %= PAGE_BYTES;
    return 0;
}
