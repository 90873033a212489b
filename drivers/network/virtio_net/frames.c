// SPDX-License-Identifier: MIT
#include "drivers/network/virtio_net/frames.h"

#include "drivers/lib/information.h"
#include "drivers/lib/log.h"
#include "drivers/lib/network.h"
#include "drivers/lib/virtio/virtqueue.h"

enum { RECEIVE, SEND, QUEUE_COUNT };

#define CHAIN         2u   /* header, frame */
#define QUEUE_SIZE    256u /* where it can be chosen: enough for DRIVER_DEPTH chains */
#define HEADER_ROOM   16u
#define HEADER_LEGACY 10u
#define HEADER_MODERN 12u /* with the count of buffers, which is not used */

static struct virtqueue queues[QUEUE_COUNT];
static uint32_t busy[QUEUE_COUNT]; /* bit per id */
static uint32_t send_bytes[DRIVER_DEPTH];
static uint32_t headers, header_bytes; /* where the headers begin, in DMA memory */

static uint32_t bytes_of_queue(uint32_t size) {
    return (virtqueue_bytes(size) + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
}

static uint32_t size_of(const struct transport *transport, uint32_t queue) {
    uint32_t size = transport->queue_size(queue);
    return transport == &transport_modern && size > QUEUE_SIZE ? QUEUE_SIZE : size;
}

static bool set_queue(const struct transport *transport, uint32_t queue, uint32_t size,
                      uint32_t offset) {
    virtqueue_initialise(&queues[queue], size, CHAIN, (void *)(DRIVER_DMA + offset));
    return transport->set_queue(queue, size, driver_information()->dma_bus_address + offset);
}

bool frames_lay_out(const struct transport *transport, uint64_t features) {
    uint32_t receive = size_of(transport, RECEIVE), send = size_of(transport, SEND);
    uint32_t least = DRIVER_DEPTH * CHAIN;
    headers = bytes_of_queue(receive) + bytes_of_queue(send);
    if (receive < least || send < least ||
        headers + DRIVER_DEPTH * HEADER_ROOM > DMA_FRAMES * PAGE_SIZE)
        return false;
    __builtin_memset((void *)DRIVER_DMA, 0, DMA_FRAMES * PAGE_SIZE);
    header_bytes = features & FEATURE_VERSION_1 ? HEADER_MODERN : HEADER_LEGACY;
    return set_queue(transport, RECEIVE, receive, 0) &&
           set_queue(transport, SEND, send, bytes_of_queue(receive));
}

static void offer(const struct transport *transport, uint32_t queue,
                  const struct driver_request *request) {
    uint32_t id = request->id;
    uint64_t header = driver_information()->dma_bus_address + headers + id * HEADER_ROOM;
    virtqueue_describe(&queues[queue], id, 0, header, header_bytes, queue == RECEIVE, false);
    virtqueue_describe(&queues[queue], id, 1, request->segments[0].bus_address, request->bytes,
                       queue == RECEIVE, true);
    busy[queue] |= 1u << id;
    virtqueue_offer(&queues[queue], id);
    transport->notify(queue);
}

void frame_receive(const struct transport *transport, const struct driver_request *request) {
    offer(transport, RECEIVE, request);
}

void frame_send(const struct transport *transport, const struct driver_request *request) {
    send_bytes[request->id] = request->bytes;
    offer(transport, SEND, request);
}

bool frames_go_out(void) {
    return busy[SEND] != 0;
}

static void finish(uint32_t queue, uint32_t id, uint32_t written) {
    busy[queue] &= ~(1u << id);
    if (queue == SEND)
        loop_complete(id, STATUS_OK, send_bytes[id]);
    else
        network_received(id, written > header_bytes ? written - header_bytes : 0);
}

static void collect(uint32_t queue) {
    uint32_t id, written;
    enum virtqueue_answer answer;
    while (queues[queue].size != 0 &&
           (answer = virtqueue_take(&queues[queue], &id, &written)) != VIRTQUEUE_EMPTY) {
        if (answer == VIRTQUEUE_DONE && id < DRIVER_DEPTH && (busy[queue] & 1u << id))
            finish(queue, id, written);
        else
            driver_log("the device ended a request that it does not have");
    }
}

void frames_collect(void) {
    collect(SEND);
    collect(RECEIVE);
}
