// SPDX-License-Identifier: MIT
/*
 * Whose request goes next.
 *
 * Replays go before everything else, in the order in which they were first sent. One that was in flight at
 * two crashes goes alone, so that the third crash shows who did it, and so does one that writes a block back
 * (repair.h). New requests: as their bindings' flows have their turn (schedule.h); a binding whose queue has no
 * request that may go rests.
 *
 * Within one queue order is kept, with two rules: a flush waits until no request of its binding is in flight,
 * so that it covers them, in a replay too; and a console's reads, which may wait for ever, are sent one at a
 * time, let writes pass, and leave one place at the driver to them.
 */
#include "kernel/io/binding.h"

#include "kernel/abi/gate.h"
#include "kernel/dev/clock.h"
#include "kernel/domain/driver.h"
#include "kernel/io/cost.h"
#include "kernel/io/pace.h"

#include <stddef.h>

static uint64_t look_at = DEADLINE_NEVER; /* the first time at which a limit lets somebody go */

/* The driver has it, or will get it again. */
static bool in_flight(const struct io_device *device, const struct io_binding *binding) {
    for (uint32_t n = 0; n < DRIVER_DEPTH; n++)
        if (device->slots[n].state != SLOT_FREE && device->slots[n].request.binding == binding)
            return true;
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

static void join_blocked(struct io_binding *binding) {
    struct io_device *device = binding->device;
    binding->is_blocked = true;
    binding->previous = NULL;
    binding->next = device->blocked;
    if (device->blocked != NULL)
        device->blocked->previous = binding;
    device->blocked = binding;
}

static void leave_blocked(struct io_binding *binding) {
    binding->is_blocked = false;
    if (binding->next != NULL)
        binding->next->previous = binding->previous;
    *(binding->previous != NULL ? &binding->previous->next : &binding->device->blocked) =
        binding->next;
}

/* Somebody may be able to go at this time of the device's clock. */
static void note_time(const struct io_device *device, uint64_t until) {
    if (until + device->stopped_total < look_at)
        look_at = until + device->stopped_total;
}

/* If the time has come already there is nothing to wait for: the driver is at work, and fetches before it waits. */
static void note_held(const struct io_device *device, uint64_t now) {
    uint64_t until = schedule_held_until(&device->schedule);
    if (until != UINT64_MAX && until > device_clock(device, now))
        note_time(device, until);
}

void binding_look(struct io_binding *binding, uint64_t now) {
    struct io_device *device = binding->device;
    uint32_t count = binding->queue != NULL ? binding->queue->count : 0;
    bool may = count != 0 && first_that_may_go(device, binding) < count;
    bool blocked = count != 0 && !may;
    if (blocked != binding->is_blocked)
        (blocked ? join_blocked : leave_blocked)(binding);
    if (may)
        schedule_wants(&device->schedule, &binding->flow, device_clock(device, now));
    else
        schedule_rests(&device->schedule, &binding->flow, device_clock(device, now));
    note_held(device, now);
}

/* A flush waits for requests of its own binding; a console's reads for those of all, and that are few. */
void choice_slot_is_free(struct io_device *device, struct io_binding *binding, uint64_t now) {
    if (binding != NULL)
        binding_look(binding, now);
    if (binding != NULL && binding->outstanding == 0)
        schedule_answered(&device->schedule, &binding->flow, device_clock(device, now));
    struct io_binding *next;
    for (struct io_binding *one = device->blocked; one != NULL && device->class == DEVICE_CONSOLE;
         one = next) {
        next = one->next;
        binding_look(one, now);
    }
}

static uint32_t cost_of_request(const struct io_binding *binding,
                                const struct io_request *request) {
    return cost_of(&binding->device->model.cost, request->operation != IO_READ,
                   request->position == binding->last_end, request->bytes);
}

/* No queue hides inside the device: what is in flight costs no more than its latency target, or is one request. */
static bool device_has_room(const struct io_device *device, uint32_t cost) {
    return device->count[SLOT_SENT] == 0 || device->model.latency_target == 0 ||
           device->cost_out + cost <= device->model.latency_target;
}

/* Whoever cannot use its turn, since another's read has taken a console's last place, has to wait for another look. */
static struct io_binding *next_binding(struct io_device *device, uint64_t now, uint32_t *place) {
    struct flow *flow;
    while ((flow = schedule_next(&device->schedule, device_clock(device, now))) != NULL) {
        struct io_binding *binding = HEAP_OWNER(flow, struct io_binding, flow);
        *place = first_that_may_go(device, binding);
        if (*place < binding->queue->count)
            return binding;
        binding_look(binding, now);
    }
    note_held(device, now);
    return NULL;
}

struct io_binding *choose_request(struct io_device *device, uint64_t now, uint32_t *place,
                                  uint32_t *cost) {
    if (device->count[SLOT_SENT] >= device->depth)
        return NULL;
    struct io_binding *binding = next_binding(device, now, place);
    if (binding == NULL)
        return NULL;
    *cost = cost_of_request(binding, queue_at(binding->queue, *place));
    if (!device_has_room(device, *cost))
        return NULL;
    uint64_t clock = device_clock(device, now);
    if (schedule_is_due(&device->schedule, &binding->flow, clock))
        return binding;
    uint64_t until = schedule_anticipates(&device->schedule, clock, *cost);
    if (until == 0)
        until = pace_until(device, *cost, clock);
    if (until == 0)
        return binding;
    note_time(device, until);
    return NULL;
}

void choice_charge(struct io_binding *binding, uint64_t now, const struct io_request *request,
                   uint32_t cost) {
    struct io_device *device = binding->device;
    pace_charge(device, cost, device_clock(device, now));
    schedule_charge(&device->schedule, &binding->flow, device_clock(device, now), cost,
                    request->bytes);
    if (request->bytes != 0) /* a flush is nowhere */
        binding->last_end = request->position + request->bytes;
    binding_look(binding, now);
}

static bool something_may_go(struct io_device *device, uint64_t now) {
    bool must_wait;
    uint32_t place, cost;
    if (!device->up || !device_has_requests(device))
        return false;
    if (choose_replay(device, &must_wait) != NULL)
        return true;
    return !must_wait && choose_request(device, now, &place, &cost) != NULL;
}

bool io_may_fetch(struct driver *driver, uint64_t now) {
    if (driver->device->own != NULL)
        return driver->device->own->may_fetch(driver->device);
    return something_may_go(driver->device, now);
}

bool io_is_done(const struct driver *driver) {
    const struct io_device *device = driver->device;
    return device->class == DEVICE_BLOCK && device->count[SLOT_SENT] == 0 &&
           !device_has_requests(device);
}

uint64_t io_next(void) {
    return look_at;
}

uint64_t io_work(uint64_t now) {
    if (now < look_at)
        return look_at;
    look_at = DEADLINE_NEVER;
    for (uint32_t n = 0; n < io_device_count; n++) {
        struct io_device *device = &io_devices[n];
        if (device->own != NULL)
            continue; /* it has work of its own: switches_work() */
        if (device->up && device->driver->waiting && something_may_go(device, now))
            driver_post(device->driver, 0);
        if (device->up)
            note_held(device, now);
    }
    return look_at;
}
