// SPDX-License-Identifier: MIT
/* A bounded queue of input bytes between the devices and the requests. Pure. */
#ifndef DRIVERS_CONSOLE_QUEUE_H
#define DRIVERS_CONSOLE_QUEUE_H

#include <stdint.h>

#define QUEUE_BYTES 1024 /* a power of two */

struct byte_queue {
    uint8_t bytes[QUEUE_BYTES];
    uint32_t head, tail; /* run freely; tail - head bytes are in the queue */
    uint32_t lost;       /* bytes that found it full */
};

static inline uint32_t queue_used(const struct byte_queue *queue) {
    return queue->tail - queue->head;
}

static inline uint32_t queue_room(const struct byte_queue *queue) {
    return QUEUE_BYTES - queue_used(queue);
}

static inline void queue_put(struct byte_queue *queue, uint8_t byte) {
    if (queue_room(queue) == 0)
        queue->lost++;
    else
        queue->bytes[queue->tail++ % QUEUE_BYTES] = byte;
}

/* Moves up to `capacity` bytes out; answers how many. */
static inline uint32_t queue_take(struct byte_queue *queue, uint8_t *bytes, uint32_t capacity) {
    uint32_t count = 0;
    while (count < capacity && queue_used(queue) > 0)
        bytes[count++] = queue->bytes[queue->head++ % QUEUE_BYTES];
    return count;
}

#endif
