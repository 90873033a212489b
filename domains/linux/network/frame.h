// SPDX-License-Identifier: MIT
/*
 * A frame from the wire as lwIP gets it.
 */
#ifndef DOMAINS_LINUX_NETWORK_FRAME_H
#define DOMAINS_LINUX_NETWORK_FRAME_H

#include <stdint.h>

#define FRAME_ROOM 1578u /* that a frame takes where it lies, whatever its length */

struct pbuf;
struct pbuf_custom;

/* A copy of the frame, the caller's. NULL: no memory, or it has no length that a frame has. */
struct pbuf *frame_copy(const void *bytes, uint32_t count);
/* The frame where it lies, with FRAME_ROOM bytes of the caller's; `lent` and they are lwIP's until it calls
 * custom_free_function. NULL: it has no length that a frame has. */
struct pbuf *frame_lend(struct pbuf_custom *lent, void *bytes, uint32_t count);

#endif
