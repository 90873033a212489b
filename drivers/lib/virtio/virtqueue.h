// SPDX-License-Identifier: MIT
/*
 * A split virtqueue (virtio 1.1, section 2.6) in memory that the device shares. Pure: it knows
 * memory, not how a device is told of it.
 *
 *   descriptors    one chain of CHAIN descriptors for each of `depth` slots, at fixed places
 *   available ring driver -> device: heads of chains to serve
 *   used ring      device -> driver: heads of chains that are done
 *
 * A request's slot names its chain, slot * CHAIN, so that nothing needs to be allocated or kept.
 * What the device writes into the used ring is checked before it is believed.
 */
#ifndef DRIVERS_LIB_VIRTIO_VIRTQUEUE_H
#define DRIVERS_LIB_VIRTIO_VIRTQUEUE_H

#include <stdbool.h>
#include <stdint.h>

#define VIRTQUEUE_ALIGNMENT                                                                        \
    4096u /* of the used ring, in the legacy layout; right for the modern one */

struct virtqueue_descriptor {
    uint64_t address; /* bus address */
    uint32_t bytes;
    uint16_t flags;
    uint16_t next;
};

#define DESCRIPTOR_NEXT  0x1u
#define DESCRIPTOR_WRITE 0x2u /* the device writes it */

struct virtqueue_available {
    uint16_t flags;
    uint16_t index;
    uint16_t ring[];
};

#define AVAILABLE_NO_INTERRUPT 0x1u

struct virtqueue_used {
    uint16_t flags;
    uint16_t index;
    struct {
        uint32_t id;
        uint32_t bytes;
    } ring[];
};

struct virtqueue {
    uint32_t size;  /* descriptors, a power of two */
    uint32_t chain; /* descriptors of one slot */
    volatile struct virtqueue_descriptor *descriptors;
    volatile struct virtqueue_available *available;
    volatile struct virtqueue_used *used;
    uint16_t used_seen; /* entries of the used ring that were taken */
};

/* Bytes that a queue of so many descriptors takes in memory. */
uint32_t virtqueue_bytes(uint32_t size);
uint32_t virtqueue_available_offset(uint32_t size);
uint32_t virtqueue_used_offset(uint32_t size);

/* Lays an empty queue out in zeroed memory. */
void virtqueue_initialise(struct virtqueue *queue, uint32_t size, uint32_t chain, void *memory);

/* Whether the device is to interrupt when it has used a chain: it may all the same, and need not for those that it has used
 * before. So who wants interrupts looks for used chains once more. */
void virtqueue_want_interrupts(struct virtqueue *queue, bool wanted);

/* Writes the `index`th descriptor of a slot's chain. `last` ends the chain. */
void virtqueue_describe(struct virtqueue *queue, uint32_t slot, uint32_t index, uint64_t address,
                        uint32_t bytes, bool device_writes, bool last);

/* Hands a slot's chain to the device, which still has to be notified. */
void virtqueue_offer(struct virtqueue *queue, uint32_t slot);

enum virtqueue_answer { VIRTQUEUE_EMPTY, VIRTQUEUE_DONE, VIRTQUEUE_NONSENSE };

bool virtqueue_is_used(const struct virtqueue *queue); /* is there a used chain to take? */

/* Takes one used chain: DONE sets *slot, and *bytes to what the device says to have written. NONSENSE: the device named
 * what is no head of a chain. */
enum virtqueue_answer virtqueue_take(struct virtqueue *queue, uint32_t *slot, uint32_t *bytes);

#endif
