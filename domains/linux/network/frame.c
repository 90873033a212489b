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

#define LEAST 60u
#define SLACK 64u

struct pbuf *frame_copy(const void *bytes, uint32_t count) {
    if (count < NETWORK_FRAME_LEAST || count > NETWORK_FRAME_MOST)
        return NULL;
    uint32_t padded = count < LEAST ? LEAST : count;
    struct pbuf *frame = pbuf_alloc(PBUF_RAW, (u16_t)(padded + SLACK), PBUF_RAM);
    if (frame == NULL)
        return NULL;
    memcpy(frame->payload, bytes, count);
    memset((uint8_t *)frame->payload + count, 0, padded + SLACK - count);
    pbuf_realloc(frame, (u16_t)padded);
    return frame;
}
