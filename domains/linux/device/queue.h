// SPDX-License-Identifier: MIT
/*
 * Requests to a granted device: queued, submitted, waited for.
 *
 *   request ──io_begin(), io_perform()──> in the ring, or behind it if the ring is full ──completion──> done
 *
 * A request belongs to its maker, who keeps it in place until it is done, and so do the frames in
 * it. A refused doorbell (FULL) loses nothing: it is rung again at the next event.
 */
#ifndef DOMAINS_LINUX_DEVICE_QUEUE_H
#define DOMAINS_LINUX_DEVICE_QUEUE_H

#include "domains/lib/lock.h"
#include "domains/linux/device/event.h"
#include "domains/linux/device/ring.h"
#include "kernel/abi/status.h"

struct io_request {
    struct io_submission submission; /* the tag is filled in by the ring */
    /* Runs under the lock in the thread that takes completions out; may not sleep. NULL: somebody waits. */
    void (*completed)(struct io_request *request);
    void *context;
    enum status status; /* these three once done */
    uint32_t moved;
    bool done;
    struct io_request *next;
};

struct io_queue {
    uint32_t device;
    struct ring ring;
    struct io_request *first_waiting, *last_waiting; /* no tag was free */
    struct wait_queue completion;
    bool is_watched; /* a thread sleeps on the ring itself: it takes out what is there for all */
    struct event_watcher watcher;
};

/* Attaches the device with a frame for its ring. 0, -ENOMEM or -EIO. */
int io_queue_start(struct io_queue *queue, uint32_t device);
void io_begin(struct io_queue *queue, struct io_request *request);
/* The same, and sleeps until it is done; not ended by signals. The first to sleep is woken by the core itself, the others by
 * whoever takes completions out. */
enum status io_perform(struct io_queue *queue, struct io_request *request);

#endif
