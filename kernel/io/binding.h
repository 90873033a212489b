// SPDX-License-Identifier: MIT
/*
 * The inside of kernel/io: a device with its slots in flight, and a tenant's binding to it.
 *
 *   slot:  free ──chosen, or first of the replays──> sent ──DRIVER_COMPLETE──> free
 *                                                     │ crash
 *                                                     v
 *                       (to be sent again) <──────  kept ──reset seen: orphan, third crash──> free
 *
 * What must hold: binding->outstanding = its queued requests + its slots, and outstanding + completions
 * that the tenant has not taken <= IO_RING_ENTRIES. So a completion always has its place in the ring.
 */
#ifndef KERNEL_IO_BINDING_H
#define KERNEL_IO_BINDING_H

#include "kernel/io/device.h"
#include "kernel/io/doubt.h"
#include "kernel/io/request.h"
#include "kernel/io/schedule.h"

#define IO_DEVICES       16
#define CRASHES_ALONE    2 /* in flight at so many crashes: replayed alone */
#define CRASHES_GIVEN_UP 3

/* What a driver is asked for. */
struct io_transfer {
    uint64_t position; /* on the device */
    uint32_t bytes;
    uint32_t operation; /* enum io_operation */
};

enum slot_state { SLOT_FREE, SLOT_SENT, SLOT_KEPT, SLOT_STATES };

struct io_slot {
    struct io_request request;
    struct io_transfer transfer; /* the request's own, or one that repairs a block: repair.h */
    uint32_t account;            /* of the owner, also when it is dead */
    struct tenant *sender;       /* of a frame on its way out; NULL: not known, or dead */
    uint32_t order;              /* of its first sending: replays keep it */
    uint64_t sent;               /* when, last */
    uint64_t served_before;      /* what its device had completed then */
    uint32_t cost;               /* cost.h */
    uint8_t state, crashes;
    uint8_t doubts;             /* a bit for each kind that one of its answers has met */
    struct doubt *doubted;      /* the last of them; NULL: none */
    bool races;                 /* with another one that touches the same blocks: verify.h */
    uint32_t sums[IO_SEGMENTS]; /* of what it writes, a block each, with verify=on */
    uint32_t repairing;         /* this block of it, from 1, is written back; 0: none */
    uint32_t repaired;          /* a bit for each block that was */
};

/* A class of devices whose requests are not its tenants' own: network cards (kernel/network). What it does itself; each
 * as kernel/io/device.h says of the function of that name. */
struct io_class {
    bool (*make)(struct io_device *device); /* false: it cannot work */
    void (*attached)(struct io_binding *binding);
    void (*detached)(struct io_binding *binding);
    void (*unbind)(struct io_binding *binding);
    uint32_t (*submit)(struct io_binding *binding);
    bool (*may_fetch)(const struct io_device *device);
    enum status (*fetch)(struct io_device *device, struct driver_request *request);
    enum status (*complete)(struct io_device *device, uint32_t id, uint32_t status, uint32_t bytes);
    void (*is_ready)(struct io_device *device);
    bool (*survives)(const struct io_device *device, const struct io_slot *slot); /* a crash */
    const struct device_model *model; /* until it is described */
};

struct io_device {
    char name[DRIVER_NAME]; /* empty until named */
    struct driver *driver;
    uint32_t class;
    const struct io_class *own; /* NULL: a block device or a console */
    bool usable;
    bool up, known; /* known: it was up once, so `description` holds */
    struct device_description description;
    struct device_model model;
    bool is_modelled;           /* it was described: reservations may be given */
    uint32_t depth;             /* requests that it gets at once */
    uint32_t queued;            /* requests of all bindings */
    struct schedule schedule;   /* of the bindings' flows */
    struct io_binding *blocked; /* the first of those whose requests wait for requests in flight */
    struct io_slot slots[DRIVER_DEPTH];
    uint32_t count[SLOT_STATES]; /* of slots in each state */
    uint64_t cost_out;           /* of what is SENT */
    uint64_t busy_until;         /* on its clock, if its requests take what they cost */
    struct io_slot *alone;       /* sent alone, see choice.c; NULL: none is out */
    uint32_t next_order;
    uint64_t stopped_at, stopped_total; /* its clock stands still while it is down */
    struct doubt doubts[DOUBT_KINDS];   /* in its driver */
    bool verified;
    frame_t shadow; /* first frame of the data's way through the core; 0: none */
    uint64_t served, bytes_moved, bytes_lost, frames_lost;
    uint32_t latency[LATENCY_BUCKETS]; /* from sending to completion */
};

struct io_binding {
    struct tenant *tenant;
    struct io_device *device;
    struct port *port; /* of a network device: kernel/network/port.h; else NULL */
    struct flow flow;
    bool is_blocked;
    struct io_binding *next, *previous; /* among the blocked */
    uint64_t start, bytes;              /* the volume */
    uint64_t last_end;                  /* on the device, of its last request: cost.h */
    struct io_queue *queue;             /* NULL: no ring is attached */
    frame_t ring;
    uint32_t ring_index; /* the tenant's name for that frame */
    uint32_t submit_head, complete_tail, outstanding;
    uint64_t reads, writes, bytes_read, bytes_written;
    uint32_t latency[LATENCY_BUCKETS]; /* from acceptance to completion */
};

extern struct io_device io_devices[IO_DEVICES];
extern uint32_t io_device_count;

static inline uint64_t device_clock(const struct io_device *device, uint64_t now) {
    return (device->up ? now : device->stopped_at) - device->stopped_total;
}

static inline struct io_transfer transfer_of(const struct io_request *request) {
    return (struct io_transfer){request->position, request->bytes, request->operation};
}

/* While it is out, nothing else is. */
/* Ones that the driver does not have: new or kept. */
static inline bool device_has_requests(const struct io_device *device) {
    return device->queued != 0 || device->count[SLOT_KEPT] != 0;
}

static inline bool slot_goes_alone(const struct io_slot *slot) {
    return slot->crashes >= CRASHES_ALONE || slot->repairing != 0;
}

uint32_t latency_bucket(uint64_t nanoseconds);
void slot_set_state(struct io_device *device, struct io_slot *slot, enum slot_state state);
struct io_binding *binding_find(struct tenant *tenant, uint32_t device); /* NULL: no such grant */

/* At boot, before the drivers: who looks after devices of this class. */
void io_set_class(enum device_class class, const struct io_class *functions);

/* ring.c */
void ring_complete(struct io_binding *binding, uint32_t tag, enum status status, uint32_t bytes);
void request_unpin(const struct io_request *request);
/* Ends a request of a slot: unpins, answers its owner if it lives, frees the slot. */
void slot_finish(struct io_device *device, struct io_slot *slot, enum status status, uint32_t bytes,
                 uint64_t now);

/* choice.c */
struct io_slot *choose_replay(struct io_device *device, bool *must_wait);
/* Its queue, or what it has in flight, has changed: does it have a request that may go? */
void binding_look(struct io_binding *binding, uint64_t now);
/* A slot of the device is free, `binding`'s; NULL: of one that is gone. */
void choice_slot_is_free(struct io_device *device, struct io_binding *binding, uint64_t now);
/* Whose request goes next: its binding, its place in the queue and its cost; NULL if none may go now. */
struct io_binding *choose_request(struct io_device *device, uint64_t now, uint32_t *place,
                                  uint32_t *cost);
/* It goes, and has left the queue. */
void choice_charge(struct io_binding *binding, uint64_t now, const struct io_request *request,
                   uint32_t cost);

#endif
