// SPDX-License-Identifier: MIT
/*
 * lwIP 2.1.3 reads some headers and options before it looks at the length (ip6_input(), nd6_input()): a frame that is cut
 * short would have it read what lies behind, which is another packet's. So a frame is padded to the least that Ethernet
 * has, as a card does, and behind it there are zeros that belong to it but are not counted.
 */
#include "domains/linux/network/frame.h"

#include "domains/lib/memory.h"
#include "kernel/abi/network.h"

#include <lwip/pbuf.h>

#include <stdbool.h>

#define LEAST 60u
#define SLACK 64u

_Static_assert(FRAME_ROOM == NETWORK_FRAME_MOST + SLACK, "");

static bool is_frame(uint32_t count) {
    return count >= NETWORK_FRAME_LEAST && count <= NETWORK_FRAME_MOST;
}

/* What it counts with its padding; zeros come behind it. */
static u16_t pad(uint8_t *bytes, uint32_t count) {
    uint32_t padded = count < LEAST ? LEAST : count;
    memset(bytes + count, 0, padded + SLACK - count);
    return (u16_t)padded;
}

struct pbuf *frame_copy(const void *bytes, uint32_t count) {
    uint32_t room = (count < LEAST ? LEAST : count) + SLACK;
    struct pbuf *frame = is_frame(count) ? pbuf_alloc(PBUF_RAW, (u16_t)room, PBUF_RAM) : NULL;
    if (frame == NULL)
        return NULL;
    memcpy(frame->payload, bytes, count);
    pbuf_realloc(frame, pad(frame->payload, count));
    return frame;
}

struct pbuf *frame_lend(struct pbuf_custom *lent, void *bytes, uint32_t count) {
    if (!is_frame(count))
        return NULL;
    u16_t padded = pad(bytes, count);
    return pbuf_alloced_custom(PBUF_RAW, padded, PBUF_REF, lent, bytes, padded);
}
