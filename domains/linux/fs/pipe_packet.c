// SPDX-License-Identifier: MIT
/*
 * A queue: packets come at the end of the ring and go at its head.
 */
#include "domains/linux/fs/pipe_packet.h"

#include "domains/lib/heap.h"

void pipe_packets_add(struct pipe_packets *packets, struct pipe_packet *packet, uint32_t start,
                      uint32_t end) {
    *packet = (struct pipe_packet){.start = start, .end = end};
    if (packets->last == NULL)
        packets->first = packet;
    else
        packets->last->next = packet;
    packets->last = packet;
    packets->count++;
}

uint32_t pipe_packets_next(const struct pipe_packets *packets, uint32_t head, uint32_t used,
                           bool *is_packet) {
    const struct pipe_packet *first = packets->first;

    *is_packet = first != NULL && first->start == head;
    if (first == NULL)
        return used;
    return (*is_packet ? first->end : first->start) - head;
}

void pipe_packets_take(struct pipe_packets *packets, uint32_t head) {
    if (packets->first->end == head)
        pipe_packets_drop(packets);
    else
        packets->first->start = head;
}

void pipe_packets_drop(struct pipe_packets *packets) {
    struct pipe_packet *gone = packets->first;

    packets->first = gone->next;
    if (packets->first == NULL)
        packets->last = NULL;
    packets->count--;
    heap_free(gone);
}

void pipe_packets_shift(struct pipe_packets *packets, uint32_t by) {
    for (struct pipe_packet *packet = packets->first; packet != NULL; packet = packet->next) {
        packet->start -= by;
        packet->end -= by;
    }
}
