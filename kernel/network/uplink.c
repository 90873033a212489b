// SPDX-License-Identifier: MIT
#include "kernel/network/uplink.h"

#include "kernel/defence.h"
#include "kernel/dev/clock.h"
#include "kernel/domain/driver_restart.h"
#include "kernel/mem/table.h"
#include "kernel/mem/window.h"
#include "kernel/network/bind.h"
#include "kernel/network/internet_checksum.h"
#include "kernel/network/switch.h"
#include "kernel/sched/scheduler.h"

#include <stddef.h>
#include <string.h>

#define BUFFERS_A_PAGE (PAGE_SIZE / NETWORK_BUFFER_BYTES)
#define SLOT_PAGES     (DRIVER_DEPTH / BUFFERS_A_PAGE)

/* ---- Its memory ---- */

/* Memory for its frames, and a switch. */
static bool make(struct io_device *device) {
    account_t account = (account_t)(ACCOUNT_DRIVER + device->driver->number);
    if (!device->driver->manifest.dma)
        return false;
    frame_t first = frame_take_contiguous(SLOT_PAGES + 1, account, FRAME_DRIVER);
    if (first == NO_FRAME_T)
        return false;
    device->shadow = first;
    return switch_make(device) != NULL;
}

static uint64_t bus_address(const struct io_device *device, uint32_t slot) {
    return PTE_PAGE(device->shadow) + slot * NETWORK_BUFFER_BYTES;
}

static uint8_t *buffer_of(const struct io_device *device, uint32_t slot) {
    uint8_t *page = window_map(WINDOW_SHADOW, device->shadow + slot / BUFFERS_A_PAGE);
    return page + slot % BUFFERS_A_PAGE * NETWORK_BUFFER_BYTES;
}

frame_t uplink_spare_frame(const struct io_device *device) {
    return device->shadow + SLOT_PAGES;
}

static uint32_t id_of(const struct io_device *device, const struct io_slot *slot) {
    return (uint32_t)(slot - device->slots);
}

/* ---- Sending ---- */

static struct io_slot *free_transmit_slot(struct io_device *device) {
    for (uint32_t id = UPLINK_RECEIVES; id < DRIVER_DEPTH; id++)
        if (device->slots[id].state == SLOT_FREE)
            return &device->slots[id];
    return NULL;
}

bool uplink_is_up(const struct io_device *device) {
    return device->up;
}

bool uplink_has_room(const struct io_device *device) {
    return device->up && free_transmit_slot((struct io_device *)device) != NULL;
}

static void set_request(struct io_device *device, struct io_slot *slot, enum io_operation operation,
                        uint32_t bytes) {
    slot->request = (struct io_request){.operation = operation, .bytes = bytes};
    slot->transfer = transfer_of(&slot->request);
    slot->order = device->next_order++;
    slot->cost = 0;
    slot->crashes = 0;
}

void uplink_send(struct io_device *device, struct tenant *sender, const uint8_t *header,
                 const uint8_t *data, uint32_t bytes) {
    struct io_slot *slot = free_transmit_slot(device);
    uint32_t copied = bytes < HEADER_BYTES ? bytes : HEADER_BYTES;
    uint8_t *buffer = buffer_of(device, id_of(device, slot));
    memcpy(buffer, header, copied);
    memcpy(buffer + copied, data + copied, bytes - copied);
    internet_checksum_complete(buffer, bytes);
    set_request(device, slot, IO_WRITE, bytes);
    slot->sender = sender;
    slot->sent = 0;
    slot_set_state(device, slot, SLOT_KEPT);
    driver_post(device->driver, 0);
}

void uplink_forget_sender(struct io_device *device, const struct tenant *sender) {
    for (uint32_t id = 0; id < DRIVER_DEPTH; id++)
        if (device->slots[id].sender == sender)
            device->slots[id].sender = NULL;
}

/* ---- Requests out ---- */

static bool is_receive(const struct io_device *device, const struct io_slot *slot) {
    return id_of(device, slot) < UPLINK_RECEIVES;
}

/* A receive buffer leaves half of the driver's places to frames that go out. */
static const struct io_slot *next_receive(const struct io_device *device) {
    for (uint32_t id = 0; id < UPLINK_RECEIVES && id < device->depth / 2; id++)
        if (device->slots[id].state == SLOT_FREE)
            return &device->slots[id];
    return NULL;
}

static const struct io_slot *next_transmit(const struct io_device *device) {
    const struct io_slot *first = NULL;
    for (uint32_t id = UPLINK_RECEIVES; id < DRIVER_DEPTH; id++) {
        const struct io_slot *slot = &device->slots[id];
        if (slot->state == SLOT_KEPT &&
            (first == NULL || (int32_t)(slot->order - first->order) < 0))
            first = slot;
    }
    return first;
}

static struct io_slot *next_request(const struct io_device *device) {
    if (!device->up || device->count[SLOT_SENT] >= device->depth)
        return NULL;
    const struct io_slot *slot = next_transmit(device);
    return (struct io_slot *)(slot != NULL ? slot : next_receive(device));
}

static bool may_fetch(const struct io_device *device) {
    return next_request(device) != NULL;
}

static void charge_to(struct io_device *device, struct tenant *tenant) {
    scheduler_account();
    device->driver->serving = tenant;
    budget_progress(device->driver);
}

static enum status fetch(struct io_device *device, struct driver_request *told) {
    struct io_slot *slot = next_request(device);
    if (slot == NULL)
        return STATUS_AGAIN;
    if (is_receive(device, slot)) {
        set_request(device, slot, IO_READ, NETWORK_FRAME_MOST);
        slot->sender = NULL;
    }
    slot_set_state(device, slot, SLOT_SENT);
    slot->sent = clock_now();
    slot->served_before = device->served;
    told->id = id_of(device, slot);
    told->operation = slot->request.operation;
    told->position = 0;
    told->bytes = slot->request.bytes;
    told->segment_count = 1;
    told->segments[0] =
        (struct driver_segment){.bus_address = bus_address(device, told->id), .bytes = told->bytes};
    told->more = may_fetch(device);
    charge_to(device, slot->sender);
    return STATUS_OK;
}

/* ---- Completions in ---- */

static bool is_plausible(const struct io_device *device, const struct io_slot *slot,
                         uint32_t status, uint32_t bytes) {
    if (status == STATUS_IO_ERROR)
        return true;
    if (status != STATUS_OK)
        return false;
    if (is_receive(device, slot))
        return bytes >= NETWORK_FRAME_LEAST && bytes <= NETWORK_FRAME_MOST;
    return bytes == slot->request.bytes;
}

static void take_frame(struct io_device *device, struct io_slot *slot) {
    struct tenant *owner;
    const uint8_t *data = buffer_of(device, id_of(device, slot));
    bool is_gone = switch_receive(switch_of(device), data, slot->request.bytes, &owner);
    slot_set_state(device, slot, is_gone ? SLOT_FREE : SLOT_KEPT);
    charge_to(device, owner);
}

bool uplink_take_waiting(struct io_device *device) {
    bool took = false;
    for (uint32_t id = 0; id < UPLINK_RECEIVES && device->up; id++) {
        struct io_slot *slot = &device->slots[id];
        if (slot->state != SLOT_KEPT)
            continue;
        if (took)
            return true;
        took = true;
        take_frame(device, slot);
    }
    if (took)
        driver_post(device->driver, 0);
    return false;
}

static enum status complete(struct io_device *device, uint32_t id, uint32_t status,
                            uint32_t bytes) {
    struct io_slot *slot = id < DRIVER_DEPTH ? &device->slots[id] : NULL;
    if (DEFENCE_COMPLETION_CHECK &&
        (slot == NULL || slot->state != SLOT_SENT || !is_plausible(device, slot, status, bytes)))
        return STATUS_BAD_ARGUMENT;
    device->driver->completed_since_start = true;
    device->served++;
    device->latency[latency_bucket(clock_now() - slot->sent)]++;
    if (status != STATUS_OK) {
        device->frames_lost++;
        slot_set_state(device, slot, SLOT_FREE);
        return STATUS_OK;
    }
    device->bytes_moved += bytes;
    if (is_receive(device, slot)) {
        slot->request.bytes = bytes;
        take_frame(device, slot);
        return STATUS_OK;
    }
    slot_set_state(device, slot, SLOT_FREE);
    charge_to(device, slot->sender);
    switch_wire_is_free(switch_of(device));
    return STATUS_OK;
}

static void is_ready(struct io_device *device) {
    switch_wire_is_free(switch_of(device));
}

/* A frame that the driver never had goes to the next one. */
static bool survives(const struct io_device *device, const struct io_slot *slot) {
    return !is_receive(device, slot) && slot->sent == 0;
}

static uint32_t submit(struct io_binding *binding) {
    return switch_submit(binding->port);
}

/* Until it is described: a gigabit a second. */
static const struct device_model gigabit = {
    .cost = {.base = {{200, 200}, {200, 200}}, .per_megabyte = {8388608, 8388608}}};

void uplink_initialise(void) {
    static const struct io_class functions = {
        .make = make,
        .attached = network_attached,
        .detached = network_detached,
        .unbind = network_unbind,
        .submit = submit,
        .may_fetch = may_fetch,
        .fetch = fetch,
        .complete = complete,
        .is_ready = is_ready,
        .survives = survives,
        .model = &gigabit,
    };
    io_set_class(DEVICE_NETWORK, &functions);
}
