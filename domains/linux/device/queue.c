// SPDX-License-Identifier: MIT
/*
 * Everything here runs under the lock. Whoever begins a request rings the doorbell. Completions are taken out by the
 * thread that watches the ring while it waits for its own; if none does, by the event service.
 */
#include "domains/linux/device/queue.h"

#include "domains/lib/gate.h"
#include "domains/lib/heap.h"
#include "domains/linux/errno.h"

#include <stddef.h>

static void ring_doorbell(struct io_queue *queue, enum io_haste haste) {
    while (ring_has_unaccepted(&queue->ring) && io_submit(queue->device, haste).status == STATUS_OK)
        continue;
}

static void submit_waiting(struct io_queue *queue, enum io_haste haste) {
    while (queue->first_waiting &&
           ring_put(&queue->ring, &queue->first_waiting->submission, queue->first_waiting)) {
        queue->first_waiting = queue->first_waiting->next;
        if (!queue->first_waiting)
            queue->last_waiting = NULL;
    }
    ring_doorbell(queue, haste);
}

static void take_completions(void *context) {
    struct io_queue *queue = context;
    struct io_completion completion;
    struct io_request *request;
    bool wake = false;
    while ((request = ring_take(&queue->ring, &completion)) != NULL) {
        request->status = (enum status)completion.status;
        request->moved = completion.bytes;
        request->done = true;
        if (request->completed)
            request->completed(request);
        else
            wake = true;
    }
    submit_waiting(queue, IO_NOW);
    if (wake)
        wait_wake(&queue->completion);
}

int io_queue_start(struct io_queue *queue, uint32_t device) {
    uint32_t frame = frame_allocate();
    if (frame == NO_FRAME)
        return -ENOMEM;
    *queue = (struct io_queue){.device = device};
    ring_start(&queue->ring, frame_pointer(frame));
    if (io_attach(device, frame) != STATUS_OK) {
        frame_release(frame);
        return -EIO;
    }
    queue->watcher = (struct event_watcher){.changed = take_completions, .context = queue};
    event_watch(&queue->watcher);
    return 0;
}

static void begin(struct io_queue *queue, struct io_request *request, enum io_haste haste) {
    request->done = false;
    request->next = NULL;
    if (queue->last_waiting)
        queue->last_waiting->next = request;
    else
        queue->first_waiting = request;
    queue->last_waiting = request;
    submit_waiting(queue, haste);
}

void io_begin(struct io_queue *queue, struct io_request *request) {
    begin(queue, request, IO_NOW);
}

static void watch(struct io_queue *queue) {
    queue->is_watched = true;
    wait_for_core(ring_tail(&queue->ring), queue->ring.complete_head);
    queue->is_watched = false;
    take_completions(queue);
}

enum status io_perform(struct io_queue *queue, struct io_request *request) {
    begin(queue, request, IO_WHEN_I_WAIT);
    while (!request->done)
        if (queue->is_watched)
            wait_uninterrupted(&queue->completion, DEADLINE_NEVER);
        else
            watch(queue);
    return request->status;
}
