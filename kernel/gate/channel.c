// SPDX-License-Identifier: MIT
/*
 * Byte channels (kernel/abi/channel.h), and links (kernel/abi/link.h). A channel's bytes go straight between the stream's page and the caller's memory,
 * in at most two spans; what was copied counts, so a bad address in the middle loses nothing.
 */
#include "kernel/channel/channel.h"

#include "kernel/cpu/cpu.h"
#include "kernel/gate/gate.h"
#include "kernel/link/link.h"
#include "kernel/sched/thread.h"

#include <stddef.h>

static struct tenant *caller(void) {
    return this_cpu()->current->tenant;
}

static uint32_t smaller(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

static uint32_t accept(struct gate_frame *frame) {
    return channel_accept(caller(), &frame->edx);
}

static uint32_t describe(struct gate_frame *frame) {
    struct channel_description description;
    enum status status = channel_describe(caller(), frame->ebx, &description);
    return status != STATUS_OK ? status
                               : gate_copy_out(frame->ecx, &description, sizeof description);
}

/* Moves up to `bytes` out of the stream; how many is in *done. */
static enum status read_spans(struct stream *stream, uint32_t to, uint32_t bytes, uint32_t *done) {
    const uint8_t *from;
    uint32_t span;
    for (*done = 0; *done < bytes && (span = stream_read_span(stream, &from)) != 0;) {
        span = smaller(span, bytes - *done);
        enum status status = gate_copy_out(to + *done, from, span);
        if (status != STATUS_OK)
            return *done != 0 ? STATUS_OK : status;
        stream_consume(stream, span);
        *done += span;
    }
    return STATUS_OK;
}

static enum status write_spans(struct stream *stream, uint32_t from, uint32_t bytes,
                               uint32_t *done) {
    uint8_t *to;
    uint32_t span;
    for (*done = 0; *done < bytes && (span = stream_write_span(stream, &to)) != 0;) {
        span = smaller(span, bytes - *done);
        enum status status = gate_copy_in(to, from + *done, span);
        if (status != STATUS_OK)
            return *done != 0 ? STATUS_OK : status;
        stream_produce(stream, span);
        *done += span;
    }
    return STATUS_OK;
}

static uint32_t read(struct gate_frame *frame) {
    struct stream *stream;
    uint32_t done, bytes = frame->esi;
    enum status status = channel_reads(caller(), frame->ebx, frame->ecx, &stream);
    if (status == STATUS_OK)
        status = read_spans(stream, frame->edx, bytes, &done);
    if (status != STATUS_OK)
        return status;
    if (done == 0 && bytes != 0)
        return stream->writer_done ? STATUS_GONE : STATUS_AGAIN;
    if (done != 0)
        channel_moved(caller(), frame->ebx);
    frame->edx = done;
    return STATUS_OK;
}

static uint32_t write(struct gate_frame *frame) {
    struct stream *stream;
    uint32_t done, bytes = frame->esi;
    enum status status = channel_writes(caller(), frame->ebx, frame->ecx, &stream);
    if (status == STATUS_OK)
        status = write_spans(stream, frame->edx, bytes, &done);
    if (status != STATUS_OK)
        return status;
    if (done == 0 && bytes != 0)
        return STATUS_AGAIN;
    if (done != 0)
        channel_moved(caller(), frame->ebx);
    frame->edx = done;
    return STATUS_OK;
}

static uint32_t shut(struct gate_frame *frame) {
    return channel_shut(caller(), frame->ebx, frame->ecx);
}

static uint32_t set_window(struct gate_frame *frame) {
    return channel_set_window(caller(), frame->ebx, frame->ecx);
}

static uint32_t exit_command(struct gate_frame *frame) {
    return channel_exit(caller(), frame->ebx, frame->ecx);
}

static uint32_t close(struct gate_frame *frame) {
    return channel_close(caller(), frame->ebx);
}

/* ---- Links ---- */

static uint32_t offer_link(struct gate_frame *frame) {
    return link_offer(caller(), frame->ebx, frame->ecx, frame->edx, &frame->edx);
}

static uint32_t accept_link(struct gate_frame *frame) {
    return link_accept(caller(), &frame->edx);
}

static uint32_t describe_link(struct gate_frame *frame) {
    struct link_description description;
    enum status status = link_describe(caller(), frame->ebx, &description);
    return status != STATUS_OK ? status
                               : gate_copy_out(frame->ecx, &description, sizeof description);
}

static uint32_t ring_link(struct gate_frame *frame) {
    return link_ring(caller(), frame->ebx);
}

static uint32_t close_link(struct gate_frame *frame) {
    return link_close(caller(), frame->ebx);
}

gate_handler *const channel_gate[CHANNEL_CALL_COUNT] = {
    [CHANNEL_ACCEPT] = accept,       [CHANNEL_DESCRIBE] = describe,
    [CHANNEL_READ] = read,           [CHANNEL_WRITE] = write,
    [CHANNEL_SHUT] = shut,           [CHANNEL_SET_WINDOW] = set_window,
    [CHANNEL_EXIT] = exit_command,   [CHANNEL_CLOSE] = close,
    [LINK_OFFER] = offer_link,       [LINK_ACCEPT] = accept_link,
    [LINK_DESCRIBE] = describe_link, [LINK_RING] = ring_link,
    [LINK_CLOSE] = close_link,
};
