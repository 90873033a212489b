// SPDX-License-Identifier: MIT
/*
 * A submission is judged whole, after it was copied: what is in the ring may change meanwhile.
 */
#include "kernel/io/request.h"

#include "kernel/abi/layout.h"
#include "kernel/defence.h"

#include <stddef.h>
#include <string.h>

void request_copy(struct io_request *to, const struct io_request *from) {
    memcpy(to, from,
           offsetof(struct io_request, frames) + from->frame_count * sizeof *from->frames);
}

static uint32_t free_slot(const struct io_queue *queue) {
    return (uint32_t)__builtin_ctz(~queue->used);
}

struct io_request *queue_room(struct io_queue *queue) {
    return queue->count < IO_QUEUE_ENTRIES ? &queue->requests[free_slot(queue)] : NULL;
}

void queue_push(struct io_queue *queue) {
    uint32_t slot = free_slot(queue);
    queue->used |= 1u << slot;
    queue->order[queue->count++] = (uint8_t)slot;
}

struct io_request *queue_at(struct io_queue *queue, uint32_t place) {
    return &queue->requests[queue->order[place]];
}

void queue_remove(struct io_queue *queue, uint32_t place) {
    queue->used &= ~(1u << queue->order[place]);
    queue->count--;
    for (uint32_t n = place; n < queue->count; n++)
        queue->order[n] = queue->order[n + 1];
}

static bool is_block_range(const struct io_submission *entry, uint64_t volume_bytes) {
    return (!DEFENCE_IO_ALIGNED ||
            (entry->position | entry->bytes | entry->offset) % IO_BLOCK_SIZE == 0) &&
           (!DEFENCE_VOLUME_BOUND ||
            (entry->position <= volume_bytes && entry->bytes <= volume_bytes - entry->position));
}

static enum status check_flush(const struct io_submission *entry, uint32_t device_class) {
    bool good = device_class == DEVICE_BLOCK && entry->position == 0 && entry->bytes == 0 &&
                entry->offset == 0;
    return good ? STATUS_OK : STATUS_BAD_ARGUMENT;
}

enum status submission_check(const struct io_submission *entry, uint32_t device_class,
                             uint64_t volume_bytes, uint32_t *frame_count) {
    *frame_count = 0;
    if (entry->reserved != 0 || entry->operation >= IO_OPERATION_COUNT)
        return STATUS_BAD_ARGUMENT;
    if (entry->operation == IO_FLUSH)
        return check_flush(entry, device_class);
    if (DEFENCE_IO_LENGTH && (entry->bytes == 0 || entry->bytes > IO_BYTES_MAX))
        return STATUS_BAD_ARGUMENT;
    if (DEFENCE_IO_OFFSET && entry->offset >= PAGE_SIZE)
        return STATUS_BAD_ARGUMENT;
    if (DEFENCE_IO_LENGTH && entry->offset + entry->bytes > IO_SEGMENTS * PAGE_SIZE)
        return STATUS_BAD_ARGUMENT;
    if (device_class == DEVICE_BLOCK && !is_block_range(entry, volume_bytes))
        return STATUS_BAD_ARGUMENT;
    *frame_count = (entry->offset + entry->bytes + PAGE_SIZE - 1) / PAGE_SIZE;
    return STATUS_OK;
}
