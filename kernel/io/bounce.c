// SPDX-License-Identifier: MIT
#include "kernel/io/bounce.h"

#include "kernel/abi/layout.h"
#include "kernel/domain/driver.h"
#include "kernel/mem/table.h"
#include "kernel/mem/window.h"

#include <string.h>

#define SLOT_PAGES (DRIVER_BOUNCE_SIZE / PAGE_SIZE)
#define SHADOW_PAGES                                                                               \
    ((DRIVER_DEPTH + 1) * SLOT_PAGES) /* the last is for a device that is told too long a length */

static uint32_t smaller(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

static uint32_t id_of(const struct io_device *device, const struct io_slot *slot) {
    return (uint32_t)(slot - device->slots);
}

bool bounce_make_shadow(struct io_device *device) {
    account_t account = (account_t)(ACCOUNT_DRIVER + device->driver->number);
    frame_t first = frame_take_contiguous(SHADOW_PAGES, account, FRAME_DRIVER);
    if (first == NO_FRAME_T)
        return false;
    device->shadow = first;
    return true;
}

bool bounce_is_shadow(const struct io_device *device) {
    return device->shadow != 0;
}

bool bounce_is_used(const struct io_device *device) {
    return !device->driver->manifest.dma || bounce_is_shadow(device);
}

uint64_t bounce_bus_address(const struct io_device *device, const struct io_slot *slot) {
    return PTE_PAGE(device->shadow + id_of(device, slot) * SLOT_PAGES);
}

uint8_t *bounce_at(const struct io_device *device, const struct io_slot *slot, uint32_t offset) {
    uint32_t start = id_of(device, slot) * DRIVER_BOUNCE_SIZE + offset;
    if (!bounce_is_shadow(device))
        return (uint8_t *)(uintptr_t)(device->driver->slot + DRIVER_BOUNCE + start);
    uint8_t *page = window_map(WINDOW_SHADOW, device->shadow + start / PAGE_SIZE);
    return page + start % PAGE_SIZE;
}

typedef void chunk_function(uint8_t *in_frame, uint8_t *in_bounce, uint32_t bytes);

static void copy_out(uint8_t *in_frame, uint8_t *in_bounce, uint32_t bytes) {
    memcpy(in_bounce, in_frame, bytes);
}

static void copy_back(uint8_t *in_frame, uint8_t *in_bounce, uint32_t bytes) {
    memcpy(in_frame, in_bounce, bytes);
}

/* Both sides of `bytes` bytes of the request, in pieces that lie within a page on both. */
static void each_chunk(const struct io_device *device, const struct io_slot *slot, uint32_t bytes,
                       chunk_function *function) {
    for (uint32_t done = 0, chunk; done < bytes; done += chunk) {
        uint32_t at = slot->request.offset + done;
        chunk = smaller(PAGE_SIZE - at % PAGE_SIZE, PAGE_SIZE - done % PAGE_SIZE);
        chunk = smaller(chunk, bytes - done);
        uint8_t *page = window_map(WINDOW_BOUNCE, slot->request.frames[at / PAGE_SIZE]);
        function(page + at % PAGE_SIZE, bounce_at(device, slot, done), chunk);
    }
}

void bounce_fill(const struct io_device *device, const struct io_slot *slot) {
    each_chunk(device, slot, slot->request.bytes, copy_out);
}

void bounce_empty(const struct io_device *device, const struct io_slot *slot, uint32_t bytes) {
    each_chunk(device, slot, bytes, copy_back);
}
