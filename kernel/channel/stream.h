// SPDX-License-Identifier: MIT
/*
 * One direction of a channel: a bounded ring of bytes in a page. Pure logic.
 *
 * head and tail run freely; a span is a run that does not wrap, so that a caller copies straight between
 * the page and a domain's memory and says afterwards how much it did.
 */
#ifndef KERNEL_CHANNEL_STREAM_H
#define KERNEL_CHANNEL_STREAM_H

#include "kernel/abi/channel.h"

#include <stdbool.h>
#include <stdint.h>

struct stream {
    uint8_t *bytes; /* CHANNEL_STREAM_BYTES of them */
    uint32_t head, tail;
    bool writer_done, reader_done;
};

static inline uint32_t stream_used(const struct stream *stream) {
    return stream->tail - stream->head;
}

static inline uint32_t stream_room(const struct stream *stream) {
    return CHANNEL_STREAM_BYTES - stream_used(stream);
}

/* The next bytes to read, at *from; 0: none. */
uint32_t stream_read_span(const struct stream *stream, const uint8_t **from);
void stream_consume(struct stream *stream, uint32_t bytes); /* at most the span */
/* Where the next bytes go, at *to; 0: full. */
uint32_t stream_write_span(const struct stream *stream, uint8_t **to);
void stream_produce(struct stream *stream, uint32_t bytes);

#endif
