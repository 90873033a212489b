// SPDX-License-Identifier: MIT
/*
 * The ring's size is a power of two, so that the counters may wrap.
 */
#include "kernel/channel/stream.h"

_Static_assert((CHANNEL_STREAM_BYTES & (CHANNEL_STREAM_BYTES - 1)) == 0, "counters wrap");

static uint32_t smaller(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

uint32_t stream_read_span(const struct stream *stream, const uint8_t **from) {
    uint32_t place = stream->head % CHANNEL_STREAM_BYTES;
    *from = stream->bytes + place;
    return smaller(stream_used(stream), CHANNEL_STREAM_BYTES - place);
}

void stream_consume(struct stream *stream, uint32_t bytes) {
    stream->head += bytes;
}

uint32_t stream_write_span(const struct stream *stream, uint8_t **to) {
    uint32_t place = stream->tail % CHANNEL_STREAM_BYTES;
    *to = stream->bytes + place;
    return smaller(stream_room(stream), CHANNEL_STREAM_BYTES - place);
}

void stream_produce(struct stream *stream, uint32_t bytes) {
    stream->tail += bytes;
}
