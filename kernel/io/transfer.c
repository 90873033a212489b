// SPDX-License-Identifier: MIT
/*
 * What passes between the core and a driver: requests out, completions in.
 *
 * A driver with DMA gets bus addresses of the pinned frames, neighbours merged. For one without, the core
 * copies through the bounce buffer of the request's id, which lies in the driver's slot: into it before the
 * driver hears of a write, out of it after a read.
 */
#include "kernel/io/binding.h"

#include "kernel/defence.h"
#include "kernel/dev/clock.h"
#include "kernel/domain/driver_restart.h"
#include "kernel/domain/tenant.h"
#include "kernel/mem/table.h"
#include "kernel/mem/window.h"
#include "kernel/sched/scheduler.h"

#include <stddef.h>
#include <string.h>

static uint32_t smaller(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

/* ---- The data ---- */

typedef void chunk_function(uint8_t *in_frame, uint8_t *in_bounce, uint32_t bytes);

static void copy_out(uint8_t *in_frame, uint8_t *in_bounce, uint32_t bytes) {
    memcpy(in_bounce, in_frame, bytes);
}

static void copy_back(uint8_t *in_frame, uint8_t *in_bounce, uint32_t bytes) {
    memcpy(in_frame, in_bounce, bytes);
}

/* Both sides of `bytes` bytes of the request, frame by frame. */
static void each_chunk(const struct driver *driver, const struct io_slot *slot, uint32_t bytes,
                       chunk_function *function) {
    uint32_t id = (uint32_t)(slot - driver->device->slots), offset = slot->request.offset;
    uint8_t *bounce =
        (uint8_t *)(uintptr_t)(driver->slot + DRIVER_BOUNCE + id * DRIVER_BOUNCE_SIZE);
    for (uint32_t n = 0, done = 0; done < bytes; n++) {
        uint32_t chunk = smaller(PAGE_SIZE - offset, bytes - done);
        uint8_t *page = window_map(WINDOW_BOUNCE, slot->request.frames[n]);
        function(page + offset, bounce + done, chunk);
        done += chunk;
        offset = 0;
    }
}

static void add_segment(struct driver_request *told, uint64_t address, uint32_t bytes) {
    struct driver_segment *last = &told->segments[told->segment_count - 1];
    if (told->segment_count != 0 && last->bus_address + last->bytes == address)
        last->bytes += bytes;
    else
        told->segments[told->segment_count++] =
            (struct driver_segment){.bus_address = address, .bytes = bytes};
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

/* Its binding had its turn: it goes to the end of the line, if it has more. */
static void remove_from_queue(struct io_binding *binding, uint32_t place) {
    queue_remove(binding->queue, place);
    binding_leaves(binding);
    if (binding->queue->count != 0)
        binding_joins(binding);
}

static void charge(struct io_binding *binding, uint64_t clock, uint32_t bytes) {
    limit_charge(&binding->limit, clock, bytes);
    if (binding->throttled_since != 0)
        binding->throttled_total += clock - binding->throttled_since;
    binding->throttled_since = 0;
}

/* Moves the request whose turn it is into a free slot, and charges it. */
static struct io_slot *take_from_queue(struct io_device *device, uint64_t now) {
    uint32_t place, id = 0;
    struct io_binding *binding = choose_request(device, now, &place);
    if (binding == NULL)
        return NULL;
    while (device->slots[id].state != SLOT_FREE)
        id++;
    struct io_slot *slot = &device->slots[id];
    slot->request = *queue_at(binding->queue, place);
    slot->account = binding->tenant->account;
    slot->order = device->next_order++;
    slot->crashes = 0;
    remove_from_queue(binding, place);
    charge(binding, device_clock(device, now), slot->request.bytes);
    return slot;
}

static struct tenant *owner_of(const struct io_request *request) {
    return request->binding != NULL ? request->binding->tenant : NULL;
}

static void describe(struct driver *driver, struct io_slot *slot, struct driver_request *told) {
    const struct io_request *request = &slot->request;
    told->id = (uint32_t)(slot - driver->device->slots);
    told->operation = request->operation;
    told->position = request->position;
    told->bytes = request->bytes;
    told->segment_count = 0;
    if (driver->manifest.dma)
        describe_segments(request, told);
    else if (request->operation == IO_WRITE)
        each_chunk(driver, slot, request->bytes, copy_out);
}

enum status io_fetch(struct driver *driver, struct driver_request *told) {
    struct io_device *device = driver->device;
    uint64_t now = clock_now();
    bool must_wait;
    if (!device->up)
        return STATUS_AGAIN;
    struct io_slot *slot = choose_replay(device, &must_wait);
    if (slot == NULL && !must_wait)
        slot = take_from_queue(device, now);
    if (slot == NULL)
        return STATUS_AGAIN;
    slot_set_state(device, slot, SLOT_SENT);
    slot->sent = now;
    slot->served_before = device->served;
    if (slot->crashes >= CRASHES_ALONE)
        device->suspect = slot;
    describe(driver, slot, told);
    scheduler_account();
    driver->serving = owner_of(&slot->request);
    budget_progress(driver);
    return STATUS_OK;
}

/* ---- Completions ---- */

static bool is_plausible(const struct io_device *device, const struct io_request *request,
                         uint32_t status, uint32_t bytes) {
    if (status == STATUS_IO_ERROR || status == STATUS_UNSUPPORTED)
        return bytes <= request->bytes;
    if (status != STATUS_OK)
        return false;
    if (device->class == DEVICE_BLOCK)
        return bytes == request->bytes;
    return bytes >= 1 && bytes <= request->bytes;
}

enum status io_complete(struct driver *driver, uint32_t id, uint32_t status, uint32_t bytes) {
    struct io_device *device = driver->device;
    struct io_slot *slot = id < DRIVER_DEPTH ? &device->slots[id] : NULL;
    bool is_good = slot != NULL && slot->state == SLOT_SENT &&
                   is_plausible(device, &slot->request, status, bytes);
    if (DEFENCE_COMPLETION_CHECK && !is_good)
        return STATUS_BAD_ARGUMENT;
    if (status != STATUS_OK)
        bytes = 0;
    if (!driver->manifest.dma && slot->request.operation == IO_READ && owner_of(&slot->request))
        each_chunk(driver, slot, bytes, copy_back);
    scheduler_account();
    driver->serving = owner_of(&slot->request);
    driver->completed_since_start = true;
    budget_progress(driver);
    device->served++;
    device->bytes_moved += bytes;
    device->latency[latency_bucket(clock_now() - slot->sent)]++;
    slot_finish(device, slot, (enum status)status, bytes);
    return STATUS_OK;
}
