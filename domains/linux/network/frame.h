// SPDX-License-Identifier: MIT
/*
 * A frame from the wire as lwIP gets it.
 */
#ifndef DOMAINS_LINUX_NETWORK_FRAME_H
#define DOMAINS_LINUX_NETWORK_FRAME_H

#include <stdint.h>

struct pbuf;

/* A copy of the frame, the caller's. NULL: no memory, or it has no length that a frame has. */
struct pbuf *frame_copy(const void *bytes, uint32_t count);

#endif
