// SPDX-License-Identifier: MIT
/*
 * Devices: names, coming up, going down, coming back.
 *
 * A crash keeps what was in flight: the frames stay pinned until the reset of the device was seen, since
 * until then it may still write to them. Then orphans go, third-time suspects are answered with an error,
 * console writes, which must not be shown twice, are taken as done and counted as lost, and the rest is
 * replayed. While the device is down its clock stands still, so that nobody's limit earns from an outage,
 * and a replay is not charged again.
 */
#include "kernel/io/binding.h"

#include "kernel/dev/clock.h"
#include "kernel/domain/driver.h"
#include "kernel/domain/driver_slot.h"
#include "kernel/io/verify.h"
#include "kernel/log/log.h"

#include <stddef.h>
#include <string.h>

#define LINE_MOST 8u /* queues that io_next_waiting() looks at */

struct io_device io_devices[IO_DEVICES];
uint32_t io_device_count;

_Static_assert(IO_DEVICES >= DRIVER_MAX, "each driver has one");

uint32_t latency_bucket(uint64_t nanoseconds) {
    uint64_t microseconds = nanoseconds / 1000;
    if (microseconds >> 31 != 0)
        return LATENCY_BUCKETS - 1;
    return microseconds == 0 ? 0 : 31u - (uint32_t)__builtin_clz((uint32_t)microseconds);
}

void slot_set_state(struct io_device *device, struct io_slot *slot, enum slot_state state) {
    device->count[slot->state]--;
    device->count[state]++;
    slot->state = (uint8_t)state;
    if (device->alone == slot && state != SLOT_SENT)
        device->alone = NULL;
}

/* ---- Names ---- */

static bool same_name(const char *a, const char *b) {
    uint32_t n = 0;
    while (n < DRIVER_NAME && a[n] == b[n] && a[n] != '\0')
        n++;
    return n == DRIVER_NAME || a[n] == b[n];
}

struct io_device *io_device_find(const char *name) {
    for (uint32_t n = 0; n < io_device_count; n++)
        if (io_devices[n].name[0] != '\0' && same_name(io_devices[n].name, name))
            return &io_devices[n];
    return NULL;
}

static void set_name(struct io_device *device) {
    memcpy(device->driver->counters.device, device->name, sizeof device->name);
}

struct io_device *io_device_make(struct driver *driver) {
    struct io_device *device = &io_devices[io_device_count++];
    device->driver = driver;
    device->class = driver->manifest.class;
    device->stopped_at = clock_now();
    device->count[SLOT_FREE] = DRIVER_DEPTH;
    verify_adopt(device);
    if (device->class == DEVICE_CONSOLE && io_device_find(driver->manifest.device) == NULL) {
        memcpy(device->name, driver->manifest.device, sizeof device->name);
        set_name(device);
    }
    return device;
}

static void name_device(struct io_device *device) {
    char name[2 * DRIVER_NAME];
    for (uint32_t number = 0; device->name[0] == '\0'; number++) {
        format_text(name, sizeof name, "%s%u", device->driver->manifest.device, number);
        if (io_device_find(name) == NULL)
            memcpy(device->name, name, sizeof device->name - 1);
    }
    set_name(device);
    log_line("driver %s: %s, %u MiB, %u requests at once", device->driver->manifest.name,
             device->name, (uint32_t)(device->description.bytes >> 20), device->depth);
}

void io_name_devices(void) {
    for (uint32_t n = 0; n < io_device_count; n++)
        if (io_devices[n].known && io_devices[n].name[0] == '\0')
            name_device(&io_devices[n]);
}

/* ---- Up ---- */

enum status io_check_description(struct driver *driver,
                                 const struct device_description *description) {
    const struct io_device *device = driver->device;
    bool is_block = device->class == DEVICE_BLOCK;
    if (description->depth == 0 || description->depth > DRIVER_DEPTH)
        return STATUS_BAD_ARGUMENT;
    if (is_block ? description->bytes < IO_BLOCK_SIZE : description->depth < 2)
        return STATUS_BAD_ARGUMENT;
    if (driver->manifest.dma && description->segment_limit < IO_SEGMENTS)
        return STATUS_UNSUPPORTED;
    if (device->known && description->bytes != device->description.bytes)
        return STATUS_BAD_ARGUMENT; /* another disk: its data is not what tenants were given */
    return STATUS_OK;
}

uint32_t io_driver_ready(struct driver *driver, const struct device_description *description) {
    struct io_device *device = driver->device;
    device->description = *description;
    device->depth = description->depth;
    if (!driver->manifest.dma && device->depth > DRIVER_BOUNCE_DEPTH)
        device->depth = DRIVER_BOUNCE_DEPTH;
    device->stopped_total += clock_now() - device->stopped_at;
    device->up = device->known = true;
    return device->count[SLOT_KEPT];
}

/* ---- Down ---- */

uint32_t io_driver_crashed(struct driver *driver, bool blame) {
    struct io_device *device = driver->device;
    uint32_t in_flight = device->count[SLOT_SENT];
    if (device->up)
        device->stopped_at = clock_now();
    device->up = false;
    for (uint32_t n = 0; n < DRIVER_DEPTH; n++) {
        if (device->slots[n].state != SLOT_SENT)
            continue;
        slot_set_state(device, &device->slots[n], SLOT_KEPT);
        if (blame && device->class == DEVICE_BLOCK)
            device->slots[n].crashes++;
    }
    return in_flight;
}

static void settle_kept(struct io_device *device, struct io_slot *slot) {
    bool is_console = device->class == DEVICE_CONSOLE;
    if (slot->request.binding == NULL) {
        slot_finish(device, slot, STATUS_IO_ERROR, 0);
    } else if (is_console && slot->request.operation == IO_WRITE) {
        device->bytes_lost += slot->request.bytes;
        log_line("device %s: up to %u bytes of output lost", device->name, slot->request.bytes);
        slot_finish(device, slot, STATUS_OK, slot->request.bytes);
    } else if (!is_console && slot->crashes >= CRASHES_GIVEN_UP) {
        log_line("device %s: a request that was in flight at %u crashes is given up", device->name,
                 slot->crashes);
        slot_finish(device, slot, STATUS_IO_ERROR, 0);
    }
}

void io_driver_reset_done(struct driver *driver) {
    struct io_device *device = driver->device;
    for (uint32_t n = 0; n < DRIVER_DEPTH; n++)
        if (device->slots[n].state == SLOT_KEPT)
            settle_kept(device, &device->slots[n]);
}

/* ---- What is in flight ---- */

static const struct io_slot *oldest(const struct io_device *device) {
    const struct io_slot *found = NULL;
    uint32_t left = device->count[SLOT_SENT];
    for (uint32_t n = 0; left > 0; n++) {
        const struct io_slot *slot = &device->slots[n];
        left -= slot->state == SLOT_SENT;
        bool waits_for_a_person =
            device->class == DEVICE_CONSOLE && slot->request.operation == IO_READ;
        if (slot->state == SLOT_SENT && !waits_for_a_person &&
            (found == NULL || slot->sent < found->sent))
            found = slot;
    }
    return found;
}

uint64_t io_oldest_sent(struct driver *driver) {
    const struct io_slot *slot = oldest(driver->device);
    return slot != NULL ? slot->sent : 0;
}

uint32_t io_oldest_overtaken(struct driver *driver) {
    const struct io_slot *slot = oldest(driver->device);
    uint64_t served = slot != NULL ? driver->device->served - slot->served_before : 0;
    return served < DRIVER_DEPTH ? 0 : (uint32_t)(served - (DRIVER_DEPTH - 1));
}

struct tenant *io_oldest_tenant(struct driver *driver) {
    const struct io_slot *slot = oldest(driver->device);
    if (slot == NULL || slot->request.binding == NULL)
        return NULL;
    return slot->request.binding->tenant;
}

static struct tenant *waiting_in_line(const struct io_device *device, uint32_t place) {
    const struct io_binding *binding = device->first;
    while (binding != NULL && place-- != 0)
        binding = binding->next;
    return binding != NULL ? binding->tenant : NULL;
}

struct tenant *io_next_waiting(const struct driver *driver, uint32_t *at) {
    const struct io_device *device = driver->device;
    while (*at < DRIVER_DEPTH) {
        const struct io_slot *slot = &device->slots[(*at)++];
        if (slot->state != SLOT_FREE && slot->request.binding != NULL)
            return slot->request.binding->tenant;
    }
    if (*at >= DRIVER_DEPTH + LINE_MOST)
        return NULL;
    return waiting_in_line(device, (*at)++ - DRIVER_DEPTH);
}

static uint32_t queued_at(const struct io_device *device) {
    uint32_t count = 0;
    for (const struct io_binding *binding = device->first; binding; binding = binding->next)
        count += binding->queue->count;
    return count;
}

void io_fill_driver_status(struct driver *driver, struct driver_status *status) {
    const struct io_device *device = driver->device;
    status->bytes = device->description.bytes;
    status->in_flight = device->count[SLOT_SENT] + device->count[SLOT_KEPT];
    status->queued = queued_at(device);
    status->served = device->served;
    status->bytes_moved = device->bytes_moved;
    memcpy(status->latency, device->latency, sizeof device->latency);
}
