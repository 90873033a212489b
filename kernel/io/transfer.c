// SPDX-License-Identifier: MIT
/*
 * What passes between the core and a driver: requests out, completions in.
 *
 * A driver with DMA gets bus addresses of the pinned frames, neighbours merged. Where data passes through the core
 * (bounce.h), it is copied before the driver hears of a write, and after a read was found good.
 */
#include "kernel/io/binding.h"

#include "kernel/defence.h"
#include "kernel/dev/clock.h"
#include "kernel/domain/driver_restart.h"
#include "kernel/domain/tenant.h"
#include "kernel/io/bounce.h"
#include "kernel/io/repair.h"
#include "kernel/io/verify.h"
#include "kernel/mem/table.h"
#include "kernel/sched/scheduler.h"

#include <stddef.h>

static uint32_t smaller(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

/* ---- The data ---- */

static void add_segment(struct driver_request *told, uint64_t address, uint32_t bytes) {
    struct driver_segment *next = &told->segments[told->segment_count];
    if (told->segment_count != 0 && next[-1].bus_address + next[-1].bytes == address) {
        next[-1].bytes += bytes;
        return;
    }
    *next = (struct driver_segment){.bus_address = address, .bytes = bytes};
    told->segment_count++;
}

static void describe_segments(const struct io_request *request, struct driver_request *told) {
    uint32_t offset = request->offset, left = request->bytes;
    for (uint32_t n = 0; left > 0; n++) {
        uint32_t bytes = smaller(PAGE_SIZE - offset, left);
        add_segment(told, PTE_PAGE(request->frames[n]) + offset, bytes);
        left -= bytes;
        offset = 0;
    }
}

/* ---- Sending ---- */

/* Moves the request whose turn it is into a free slot, and charges it. */
static struct io_slot *take_from_queue(struct io_device *device, uint64_t now) {
    uint32_t place, cost, id = 0;
    struct io_binding *binding = choose_request(device, now, &place, &cost);
    if (binding == NULL)
        return NULL;
    while (device->slots[id].state != SLOT_FREE)
        id++;
    struct io_slot *slot = &device->slots[id];
    request_copy(&slot->request, queue_at(binding->queue, place));
    slot->transfer = transfer_of(&slot->request);
    slot->account = binding->tenant->account;
    slot->order = device->next_order++;
    slot->cost = cost;
    slot->crashes = 0;
    slot->doubts = 0;
    slot->doubted = NULL;
    slot->races = false;
    slot->repairing = slot->repaired = 0;
    queue_remove(binding->queue, place);
    device->queued--;
    choice_charge(binding, now, &slot->request, cost);
    return slot;
}

static struct tenant *owner_of(const struct io_request *request) {
    return request->binding != NULL ? request->binding->tenant : NULL;
}

static void charge_owner(struct driver *driver, struct tenant *owner) {
    if (driver->serving != owner)
        scheduler_account(); /* what it did so far was for another one */
    driver->serving = owner;
    budget_progress(driver);
}

static void fill_bounce(const struct io_device *device, const struct io_slot *slot) {
    if (repair_is_under_way(slot))
        repair_fill(device, slot);
    else
        bounce_fill(device, slot);
}

static void describe_data(struct io_device *device, struct io_slot *slot,
                          struct driver_request *told) {
    const struct io_transfer *transfer = &slot->transfer;
    if (bounce_is_used(device) && transfer->operation == IO_WRITE)
        fill_bounce(device, slot);
    if (bounce_is_shadow(device) && transfer->bytes != 0)
        add_segment(told, bounce_bus_address(device, slot), transfer->bytes);
    else if (!bounce_is_used(device))
        describe_segments(&slot->request, told);
}

static void describe(struct io_device *device, struct io_slot *slot, struct driver_request *told) {
    told->id = (uint32_t)(slot - device->slots);
    told->operation = slot->transfer.operation;
    told->position = slot->transfer.position;
    told->bytes = slot->transfer.bytes;
    told->segment_count = 0;
    describe_data(device, slot, told);
    verify_sends(device, slot);
}

enum status io_fetch(struct driver *driver, struct driver_request *told) {
    struct io_device *device = driver->device;
    bool must_wait;
    if (device->own != NULL)
        return device->own->fetch(device, told);
    if (!device->up || !device_has_requests(device))
        return STATUS_AGAIN;
    uint64_t now = clock_now();
    struct io_slot *slot = choose_replay(device, &must_wait);
    if (slot == NULL && !must_wait)
        slot = take_from_queue(device, now);
    if (slot == NULL)
        return STATUS_AGAIN;
    repair_look(device, slot);
    slot_set_state(device, slot, SLOT_SENT);
    slot->sent = now;
    slot->served_before = device->served;
    if (slot_goes_alone(slot))
        device->alone = slot;
    charge_owner(driver, owner_of(&slot->request));
    describe(device, slot, told);
    told->more = device_has_requests(device);
    return STATUS_OK;
}

/* ---- Completions ---- */

static bool is_plausible(const struct io_device *device, const struct io_transfer *transfer,
                         uint32_t status, uint32_t bytes) {
    if (status == STATUS_IO_ERROR || status == STATUS_UNSUPPORTED)
        return bytes <= transfer->bytes;
    if (status != STATUS_OK)
        return false;
    if (device->class == DEVICE_BLOCK)
        return bytes == transfer->bytes;
    return bytes >= 1 && bytes <= transfer->bytes;
}

/* A bad answer is not believed at once: kernel/io/doubt.h. */
static bool is_doubted(struct io_device *device, struct io_slot *slot, enum doubt_kind kind) {
    struct doubt *doubt = &device->doubts[kind];
    if (device->class != DEVICE_BLOCK || (slot->doubts & 1u << kind) != 0 ||
        !doubt_may(doubt, clock_now()))
        return false;
    slot->doubts |= (uint8_t)(1u << kind);
    slot->doubted = doubt;
    return true;
}

/* Damage that was put right says nothing of the next answer: who has found some must not have to believe it. */
static void end_doubt(const struct io_slot *slot, bool is_good, uint64_t now) {
    if (slot->doubted == NULL || (is_good && slot->repaired != 0))
        return;
    if (is_good)
        doubt_refuted(slot->doubted);
    else
        doubt_confirmed(slot->doubted, now);
}

static void charge_completion(struct io_device *device, const struct io_slot *slot) {
    charge_owner(device->driver, owner_of(&slot->request));
    device->driver->completed_since_start = true;
}

static void count(struct io_device *device, const struct io_slot *slot, uint32_t bytes,
                  uint64_t now) {
    device->served++;
    device->bytes_moved += bytes;
    device->latency[latency_bucket(now - slot->sent)]++;
}

static void accept(struct io_device *device, struct io_slot *slot, enum status status,
                   uint32_t bytes) {
    uint64_t now = clock_now();
    charge_completion(device, slot);
    end_doubt(slot, status == STATUS_OK, now);
    if (status == STATUS_OK)
        verify_written(device, slot);
    else
        bytes = 0;
    if (bounce_is_used(device) && slot->request.operation == IO_READ && owner_of(&slot->request))
        bounce_empty(device, slot, bytes);
    count(device, slot, bytes, now);
    slot_finish(device, slot, status, bytes, now);
}

/* It is not finished yet: its next transfer goes to the driver, with the replays. */
static enum status go_on(struct io_device *device, struct io_slot *slot) {
    charge_completion(device, slot);
    slot_set_state(device, slot, SLOT_KEPT);
    return STATUS_OK;
}

/* It was put right, the driver has said, and is still wrong: a fresh copy may do better. */
static bool repair_is_doubted(struct io_device *device, struct io_slot *slot) {
    if (slot->repaired == 0 || !is_doubted(device, slot, DOUBT_OF_REPAIRS))
        return false;
    slot->repaired = 0;
    return true;
}

/* The driver says that all went well, and is believed if the data shows it. */
static enum status judge_data(struct io_device *device, struct io_slot *slot, uint32_t bytes) {
    enum verify_answer answer = verify_read(device, slot);
    if (answer == VERIFY_WRONG && is_doubted(device, slot, DOUBT_OF_DATA))
        return STATUS_IO_ERROR;
    if (answer == VERIFY_WRONG && repair_begin(device, slot))
        return go_on(device, slot);
    if (answer == VERIFY_WRONG && repair_is_doubted(device, slot))
        return STATUS_IO_ERROR;
    if (answer == VERIFY_WRONG)
        verify_give_up(device, slot);
    accept(device, slot, answer == VERIFY_GOOD ? STATUS_OK : STATUS_IO_ERROR, bytes);
    return STATUS_OK;
}

enum status io_complete(struct driver *driver, uint32_t id, uint32_t status, uint32_t bytes) {
    struct io_device *device = driver->device;
    if (device->own != NULL)
        return device->own->complete(device, id, status, bytes);
    struct io_slot *slot = id < DRIVER_DEPTH ? &device->slots[id] : NULL;
    bool is_good = slot != NULL && slot->state == SLOT_SENT &&
                   is_plausible(device, &slot->transfer, status, bytes);
    if (DEFENCE_COMPLETION_CHECK && !is_good)
        return STATUS_BAD_ARGUMENT;
    if (status != STATUS_OK && is_doubted(device, slot, DOUBT_OF_ERRORS))
        return STATUS_AGAIN;
    if (status != STATUS_OK) {
        accept(device, slot, (enum status)status, 0);
        return STATUS_OK;
    }
    if (!repair_is_under_way(slot))
        return judge_data(device, slot, bytes);
    repair_end(slot);
    return go_on(device, slot);
}
