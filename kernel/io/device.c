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
#include "kernel/domain/tenant.h"
#include "kernel/io/cost.h"
#include "kernel/io/verify.h"
#include "kernel/log/log.h"

#include <stddef.h>
#include <string.h>

#define LINE_MOST 8u /* queues that io_next_waiting() looks at */
#define BINDINGS_MOST                                                                              \
    (TENANT_MAX * CONFIGURATION_DISKS + 1) /* the operator's console is one more */

struct io_device io_devices[IO_DEVICES];
uint32_t io_device_count;
static const struct io_class *classes[DEVICE_NETWORK + 1];
static struct heap_node *places[IO_DEVICES][4][BINDINGS_MOST + 1];

/* Until it is described: only what it says of one request beside another is of use. */
static const struct device_model unknown_model = {
    .cost = {.base = {{100000, 50000}, {100000, 50000}}, .per_megabyte = {5000000, 5000000}}};

_Static_assert(IO_DEVICES >= DRIVER_MAX, "each driver has one");

void io_set_class(enum device_class class, const struct io_class *functions) {
    classes[class] = functions;
}

uint32_t latency_bucket(uint64_t nanoseconds) {
    bool is_short = nanoseconds >> 32 == 0; /* nearly always, and much cheaper to divide */
    uint64_t microseconds = is_short ? (uint32_t)nanoseconds / 1000 : nanoseconds / 1000;
    if (microseconds >> 31 != 0)
        return LATENCY_BUCKETS - 1;
    return microseconds == 0 ? 0 : 31u - (uint32_t)__builtin_clz((uint32_t)microseconds);
}

void slot_set_state(struct io_device *device, struct io_slot *slot, enum slot_state state) {
    device->count[slot->state]--;
    device->count[state]++;
    device->cost_out -= slot->state == SLOT_SENT ? slot->cost : 0;
    device->cost_out += state == SLOT_SENT ? slot->cost : 0;
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

static void make_schedule(struct io_device *device) {
    struct heap_node *(*room)[BINDINGS_MOST + 1] = places[device - io_devices];
    device->model = device->own != NULL ? *device->own->model : unknown_model;
    device->schedule = (struct schedule){
        .due = {room[0], 0},
        .ready = {room[1], 0},
        .held = {room[2], 0},
        .anticipated = {room[3], 0},
        .reference = cost_of_reference(&device->model.cost),
    };
}

struct io_device *io_device_make(struct driver *driver) {
    struct io_device *device = &io_devices[io_device_count++];
    device->driver = driver;
    device->class = driver->manifest.class;
    device->own = classes[device->class];
    device->stopped_at = clock_now();
    device->count[SLOT_FREE] = DRIVER_DEPTH;
    make_schedule(device);
    device->usable = device->own == NULL || device->own->make(device);
    verify_adopt(device);
    if (device->class == DEVICE_CONSOLE && io_device_find(driver->manifest.device) == NULL) {
        memcpy(device->name, driver->manifest.device, sizeof device->name);
        set_name(device);
    }
    return device;
}

bool io_device_is_usable(const struct io_device *device) {
    return device->usable;
}

static bool unnamed; /* some device has come up and may have no name */

static void name_device(struct io_device *device) {
    char name[2 * DRIVER_NAME];
    for (uint32_t number = 0; device->name[0] == '\0'; number++) {
        format_text(name, sizeof name, "%s%u", device->driver->manifest.device, number);
        if (io_device_find(name) == NULL)
            memcpy(device->name, name, sizeof device->name - 1);
    }
    set_name(device);
    if (device->own != NULL)
        log_line("driver %s: %s, %u frames at once", device->driver->manifest.name, device->name,
                 device->depth);
    else
        log_line("driver %s: %s, %u MiB, %u requests at once", device->driver->manifest.name,
                 device->name, (uint32_t)(device->description.bytes >> 20), device->depth);
    verify_tell(device);
}

void io_name_devices(void) {
    for (uint32_t n = 0; unnamed && n < io_device_count; n++)
        if (io_devices[n].known && io_devices[n].name[0] == '\0')
            name_device(&io_devices[n]);
    unnamed = false;
}

/* ---- Up ---- */

enum status io_check_description(struct driver *driver,
                                 const struct device_description *description) {
    const struct io_device *device = driver->device;
    bool is_block = device->class == DEVICE_BLOCK;
    uint32_t segments = device->own != NULL ? 1 : IO_SEGMENTS;
    if (description->depth == 0 || description->depth > DRIVER_DEPTH)
        return STATUS_BAD_ARGUMENT;
    if (is_block ? description->bytes < IO_BLOCK_SIZE : description->depth < 2)
        return STATUS_BAD_ARGUMENT;
    if (driver->manifest.dma && description->segment_limit < segments)
        return STATUS_UNSUPPORTED;
    if (device->known && description->bytes != device->description.bytes)
        return STATUS_BAD_ARGUMENT; /* another disk: its data is not what tenants were given */
    return STATUS_OK;
}

static uint32_t at_most(uint32_t value, uint32_t most) {
    return value < most ? value : most;
}

static void set_depth(struct io_device *device) {
    uint32_t most = device->driver->manifest.dma ? DRIVER_DEPTH : DRIVER_BOUNCE_DEPTH;
    if (device->model.depth != 0)
        most = at_most(most, device->model.depth);
    device->depth = at_most(device->description.depth, most);
}

uint32_t io_driver_ready(struct driver *driver, const struct device_description *description) {
    struct io_device *device = driver->device;
    device->description = *description;
    set_depth(device);
    device->stopped_total += clock_now() - device->stopped_at;
    unnamed |= !device->known;
    device->up = device->known = true;
    choice_slot_is_free(device, NULL, clock_now());
    if (device->own != NULL)
        device->own->is_ready(device);
    return device->count[SLOT_KEPT];
}

/* ---- What it costs ---- */

static bool is_known(const struct cost_model *cost) {
    return cost->base[0][0] != 0 || cost->per_megabyte[0] != 0;
}

static bool is_model(const struct device_model *model) {
    const struct cost_model *cost = &model->cost;
    for (uint32_t writes = 0; writes < 2; writes++)
        if (cost->base[writes][0] > COST_MAX || cost->base[writes][1] > COST_MAX ||
            cost->per_megabyte[writes] > COST_MAX)
            return false;
    return is_known(cost);
}

enum status io_set_model(struct driver *driver, const struct device_model *model,
                         uint32_t reserved) {
    struct io_device *device = driver->device;
    if (device->class == DEVICE_CONSOLE || !is_model(model))
        return STATUS_BAD_ARGUMENT;
    if (device->class == DEVICE_NETWORK && reserved != 0)
        return STATUS_BUSY; /* what is reserved there was counted by the old one */
    if (cost_capacity(&model->cost) < reserved)
        return STATUS_NO_MEMORY;
    device->model = *model;
    device->is_modelled = true;
    device->schedule.reference = cost_of_reference(&model->cost);
    if (device->class == DEVICE_BLOCK)
        set_depth(device);
    driver_post(driver, 0);
    return STATUS_OK;
}

uint64_t io_device_bytes(const char *name) {
    const struct io_device *device = io_device_find(name);
    return device != NULL && device->class == DEVICE_BLOCK ? device->description.bytes : 0;
}

uint32_t io_capacity(const char *name) {
    const struct io_device *device = io_device_find(name);
    return device != NULL && (device->is_modelled || device->own != NULL)
               ? cost_capacity(&device->model.cost)
               : 0;
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
    if (device->own != NULL && device->own->survives(device, slot))
        return;
    if (slot->request.binding == NULL) {
        device->frames_lost += device->own != NULL && slot->request.operation == IO_WRITE;
        slot_finish(device, slot, STATUS_IO_ERROR, 0, clock_now());
    } else if (is_console && slot->request.operation == IO_WRITE) {
        device->bytes_lost += slot->request.bytes;
        log_line("device %s: up to %u bytes of output lost", device->name, slot->request.bytes);
        slot_finish(device, slot, STATUS_OK, slot->request.bytes, clock_now());
    } else if (!is_console && slot->crashes >= CRASHES_GIVEN_UP) {
        log_line("device %s: a request that was in flight at %u crashes is given up", device->name,
                 slot->crashes);
        slot_finish(device, slot, STATUS_IO_ERROR, 0, clock_now());
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
        bool may_wait = device->class != DEVICE_BLOCK && slot->request.operation == IO_READ;
        if (slot->state == SLOT_SENT && !may_wait && (found == NULL || slot->sent < found->sent))
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

/* Half of the places are of those whose reservation may be due, half of the others; a heap's first are the first. */
static struct tenant *waiting_in_line(const struct io_device *device, uint32_t place) {
    const struct schedule *schedule = &device->schedule;
    const struct heap *heap = place % 2 == 0 ? &schedule->due : &schedule->ready;
    if (place / 2 >= heap->count)
        return NULL;
    const struct heap_node *node = heap->nodes[1 + place / 2];
    const struct flow *flow = place % 2 == 0 ? HEAP_OWNER(node, const struct flow, by_due)
                                             : HEAP_OWNER(node, const struct flow, by_turn);
    return HEAP_OWNER(flow, const struct io_binding, flow)->tenant;
}

/* What is in a network card's slots is the core's: it names nobody who waits. */
static bool slots_name_tenants(const struct io_device *device) {
    return device->count[SLOT_FREE] != DRIVER_DEPTH &&
           device->driver->manifest.class != DEVICE_NETWORK;
}

struct tenant *io_next_waiting(const struct driver *driver, uint32_t *at) {
    const struct io_device *device = driver->device;
    if (*at < DRIVER_DEPTH && !slots_name_tenants(device))
        *at = DRIVER_DEPTH;
    if (device->schedule.due.count + device->schedule.ready.count == 0 && *at >= DRIVER_DEPTH)
        return NULL;
    while (*at < DRIVER_DEPTH) {
        const struct io_slot *slot = &device->slots[(*at)++];
        if (slot->state != SLOT_FREE && slot->request.binding != NULL)
            return slot->request.binding->tenant;
    }
    while (*at < DRIVER_DEPTH + LINE_MOST) {
        struct tenant *tenant = waiting_in_line(device, (*at)++ - DRIVER_DEPTH);
        if (tenant != NULL)
            return tenant;
    }
    return NULL;
}

void io_fill_driver_status(struct driver *driver, struct driver_status *status) {
    const struct io_device *device = driver->device;
    status->bytes = device->description.bytes;
    status->in_flight = device->count[SLOT_SENT] + device->count[SLOT_KEPT];
    status->queued = device->queued;
    status->served = device->served;
    status->bytes_moved = device->bytes_moved;
    status->depth = device->depth;
    status->capacity = io_capacity(device->name);
    status->reserved = tenants_reserved_at(device->name, NULL);
    status->model = device->model;
    status->frames_lost = device->frames_lost;
    memcpy(status->latency, device->latency, sizeof device->latency);
}
