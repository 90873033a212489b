// SPDX-License-Identifier: MIT
/*
 * See virtqueue.h. The fences keep an entry before the index that publishes it. On x86 they stop
 * only the compiler, but for the full one before the device is notified.
 */
#include "drivers/lib/virtio/virtqueue.h"

#include <stdatomic.h>

uint32_t virtqueue_available_offset(uint32_t size) {
    return size * (uint32_t)sizeof(struct virtqueue_descriptor);
}

uint32_t virtqueue_used_offset(uint32_t size) {
    /* flags, index, ring and used_event, two bytes each */
    uint32_t end = virtqueue_available_offset(size) + 2 * (3 + size);
    return (end + VIRTQUEUE_ALIGNMENT - 1) & ~(VIRTQUEUE_ALIGNMENT - 1);
}

uint32_t virtqueue_bytes(uint32_t size) {
    return virtqueue_used_offset(size) + 6 + 8 * size;
}

void virtqueue_initialise(struct virtqueue *queue, uint32_t size, uint32_t chain, void *memory) {
    uint8_t *bytes = memory;
    *queue = (struct virtqueue){
        .size = size,
        .chain = chain,
        .descriptors = memory,
        .available = (void *)(bytes + virtqueue_available_offset(size)),
        .used = (void *)(bytes + virtqueue_used_offset(size)),
    };
}

void virtqueue_want_interrupts(struct virtqueue *queue, bool wanted) {
    queue->available->flags = (uint16_t)(wanted ? 0 : AVAILABLE_NO_INTERRUPT);
    atomic_thread_fence(memory_order_seq_cst);
}

void virtqueue_describe(struct virtqueue *queue, uint32_t slot, uint32_t index, uint64_t address,
                        uint32_t bytes, bool device_writes, bool last) {
    uint32_t place = slot * queue->chain + index;
    volatile struct virtqueue_descriptor *descriptor = &queue->descriptors[place];
    descriptor->address = address;
    descriptor->bytes = bytes;
    descriptor->flags =
        (uint16_t)((device_writes ? DESCRIPTOR_WRITE : 0) | (last ? 0 : DESCRIPTOR_NEXT));
    descriptor->next = (uint16_t)(last ? 0 : place + 1);
}

void virtqueue_offer(struct virtqueue *queue, uint32_t slot) {
    uint16_t index = queue->available->index;
    queue->available->ring[index % queue->size] = (uint16_t)(slot * queue->chain);
    atomic_thread_fence(memory_order_release);
    queue->available->index = (uint16_t)(index + 1);
    atomic_thread_fence(memory_order_seq_cst);
}

bool virtqueue_is_used(const struct virtqueue *queue) {
    return queue->used->index != queue->used_seen;
}

enum virtqueue_answer virtqueue_take(struct virtqueue *queue, uint32_t *slot, uint32_t *bytes) {
    if (!virtqueue_is_used(queue))
        return VIRTQUEUE_EMPTY;
    atomic_thread_fence(memory_order_acquire);
    uint32_t head = queue->used->ring[queue->used_seen % queue->size].id;
    *bytes = queue->used->ring[queue->used_seen % queue->size].bytes;
    queue->used_seen++;
    *slot = head / queue->chain;
    bool is_head = head % queue->chain == 0 && head < queue->size;
    return is_head ? VIRTQUEUE_DONE : VIRTQUEUE_NONSENSE;
}
