// SPDX-License-Identifier: MIT
/*
 * A request between a tenant's ring and a driver, and the bounded queue in which it waits. Pure
 * logic.
 *
 * The queue keeps order, but lets go of any member: a console's writes may pass its reads.
 */
#ifndef KERNEL_IO_REQUEST_H
#define KERNEL_IO_REQUEST_H

#include "kernel/abi/io.h"
#include "kernel/abi/status.h"
#include "kernel/mem/frame.h"

#include <stdbool.h>
#include <stdint.h>

#define IO_QUEUE_ENTRIES IO_RING_ENTRIES

struct io_binding;

struct io_request {
    struct io_binding *binding; /* NULL: its tenant died while it was in flight */
    uint32_t tag;
    uint16_t operation; /* enum io_operation */
    uint16_t offset;    /* of the first byte in frames[0] */
    uint64_t position;  /* on the device */
    uint64_t accepted;  /* when, in nanoseconds since boot */
    uint32_t bytes;
    uint32_t frame_count;
    frame_t frames[IO_SEGMENTS]; /* pinned */
};

struct io_queue {
    uint32_t count, used; /* used: a bit for each of requests[] */
    uint8_t order[IO_QUEUE_ENTRIES];
    struct io_request requests[IO_QUEUE_ENTRIES];
};

_Static_assert(sizeof(struct io_queue) <= 4000, "a core object");

/* A copy, with no more frames than it has. */
void request_copy(struct io_request *to, const struct io_request *from);

/* Where the next request is to be made, with whatever was there before; NULL: full. Then queue_push() adds it. */
struct io_request *queue_room(struct io_queue *queue);
void queue_push(struct io_queue *queue);
/* The request at `place`, 0 the oldest; place < count. */
struct io_request *queue_at(struct io_queue *queue, uint32_t place);
void queue_remove(struct io_queue *queue, uint32_t place);

/* Judges an entry that was copied from a ring, for a volume (or console: volume_bytes is ignored).
 * STATUS_OK and how many of its frames it uses, or STATUS_BAD_ARGUMENT. Frames are checked
 * elsewhere. */
enum status submission_check(const struct io_submission *entry, uint32_t device_class,
                             uint64_t volume_bytes, uint32_t *frame_count);

#endif
