// SPDX-License-Identifier: MIT
/*
 * Whose request goes next.
 *
 * Replays go before everything else, in the order in which they were first sent. One that was in flight at
 * two crashes goes alone, so that the third crash shows who did it, and so does one that writes a block back
 * (repair.h). New requests: round robin among the
 * bindings whose limit has room and whose queue has a request that may go.
 *
 * Within one queue order is kept, with two rules: a flush waits until no request of its binding is in flight,
 * so that it covers them, in a replay too; and a console's reads, which may wait for ever, are sent one at a
 * time, let writes pass, and leave one place at the driver to them.
 */
#include "kernel/io/binding.h"

#include "kernel/abi/gate.h"
#include "kernel/dev/clock.h"
#include "kernel/domain/driver.h"

#include <stddef.h>

static uint64_t look_at = DEADLINE_NEVER; /* the first time at which a limit lets somebody go */

static bool in_flight(const struct io_device *device, const struct io_binding *binding) {
    for (uint32_t n = 0; n < DRIVER_DEPTH; n++) {
        const struct io_slot *slot = &device->slots[n];
        if (slot->state == SLOT_SENT && slot->request.binding == binding)
            return true;
    }
    return false;
}

/* Reads of this binding, or of all (NULL), that the driver has or will get again. */
static uint32_t reads_out(const struct io_device *device, const struct io_binding *binding) {
    uint32_t count = 0;
    for (uint32_t n = 0; n < DRIVER_DEPTH; n++)
        if (device->slots[n].state != SLOT_FREE && device->slots[n].request.operation == IO_READ &&
            (binding == NULL || device->slots[n].request.binding == binding))
            count++;
    return count;
}

/* ---- Replays ---- */

static struct io_slot *first_kept(struct io_device *device) {
    struct io_slot *first = NULL;
    for (uint32_t n = 0; n < DRIVER_DEPTH; n++) {
        struct io_slot *slot = &device->slots[n];
        if (slot->state == SLOT_KEPT &&
            (first == NULL || (int32_t)(slot->order - first->order) < 0))
            first = slot;
    }
    return first;
}

/* The first replay, if it may go; `must_wait`: nothing else may go either. */
struct io_slot *choose_replay(struct io_device *device, bool *must_wait) {
    *must_wait = device->count[SLOT_KEPT] != 0 || device->alone != NULL;
    if (device->count[SLOT_KEPT] == 0 || device->alone != NULL)
        return NULL;
    struct io_slot *slot = first_kept(device);
    if (slot_goes_alone(slot) && device->count[SLOT_SENT] != 0)
        return NULL;
    return device->count[SLOT_SENT] < device->depth ? slot : NULL;
}

/* ---- New requests ---- */

static bool may_go(const struct io_device *device, const struct io_binding *binding,
                   const struct io_request *request) {
    if (device->class == DEVICE_CONSOLE && request->operation == IO_READ)
        return reads_out(device, binding) == 0 && reads_out(device, NULL) + 1 < device->depth;
    return request->operation != IO_FLUSH || !in_flight(device, binding);
}

/* The place of the first request in the queue that may go; the queue's count if there is none. */
static uint32_t first_that_may_go(const struct io_device *device,
                                  const struct io_binding *binding) {
    uint32_t place = 0;
    while (place < binding->queue->count &&
           !may_go(device, binding, queue_at(binding->queue, place))) {
        if (device->class != DEVICE_CONSOLE)
            return binding->queue->count;
        place++;
    }
    return place;
}

static bool has_room(struct io_binding *binding, uint64_t now) {
    const struct io_device *device = binding->device;
    uint64_t ready_at = limit_ready_at(&binding->limit);
    if (ready_at <= device_clock(device, now))
        return true;
    if (binding->throttled_since == 0)
        binding->throttled_since = device_clock(device, now);
    if (ready_at + device->stopped_total < look_at)
        look_at = ready_at + device->stopped_total;
    return false;
}

struct io_binding *choose_request(struct io_device *device, uint64_t now, uint32_t *place) {
    if (device->count[SLOT_SENT] >= device->depth)
        return NULL;
    for (struct io_binding *binding = device->first; binding != NULL; binding = binding->next) {
        *place = first_that_may_go(device, binding);
        if (*place < binding->queue->count && has_room(binding, now))
            return binding;
    }
    return NULL;
}

static bool something_may_go(struct io_device *device, uint64_t now) {
    bool must_wait;
    uint32_t place;
    if (!device->up)
        return false;
    if (choose_replay(device, &must_wait) != NULL)
        return true;
    return !must_wait && choose_request(device, now, &place) != NULL;
}

bool io_may_fetch(struct driver *driver) {
    return something_may_go(driver->device, clock_now());
}

uint64_t io_work(uint64_t now) {
    if (now < look_at)
        return look_at;
    look_at = DEADLINE_NEVER;
    for (uint32_t n = 0; n < io_device_count; n++)
        if (io_devices[n].driver->waiting && something_may_go(&io_devices[n], now))
            driver_post(io_devices[n].driver, 0);
    return look_at;
}
