// SPDX-License-Identifier: MIT
// sources: tests/unit/fake_core.c
/*
 * See fake_io.h.
 */
#include "tests/unit/fake_io.h"

#include "kernel/dev/clock.h"
#include "kernel/domain/driver_restart.h"
#include "kernel/log/log.h"
#include "kernel/mem/window.h"
#include "kernel/sched/scheduler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- The core around it ---- */

struct frame_record records[TENANTS * FRAMES];
_Alignas(4096) uint8_t memory[TENANTS * FRAMES + DEVICE_FRAMES][4096];
struct tenant *tenants[TENANT_MAX];
struct tenant people[TENANTS];
static struct tenant_information told[TENANTS];
struct driver driver;
uint32_t events;

struct frame_record *frame_records = records;
frame_t frame_records_end = TENANTS * FRAMES;

void frame_unpin(frame_t frame) {
    assert_true(frame_pins(&records[frame]) > 0);
    records[frame].link--;
}
frame_t frame_take_contiguous(uint32_t count, account_t account, enum frame_kind kind) {
    (void)account, (void)kind;
    return count <= DEVICE_FRAMES ? TENANTS * FRAMES : NO_FRAME_T;
}
void *window_map(enum window_slot slot, frame_t frame) {
    (void)slot;
    return memory[frame];
}
frame_t tenant_frame(struct tenant *tenant, uint32_t index) {
    return index < FRAMES ? tenant->number * FRAMES + index : NO_FRAME_T;
}
void tenant_event(struct tenant *tenant) {
    tenant_event_at(tenant, 0);
}
void tenant_event_at(struct tenant *tenant, uint32_t word) {
    (void)word;
    assert_int_equal(tenant->state, TENANT_RUNNING);
    events++;
}
uint32_t tenants_end(void) {
    return TENANTS;
}
void scheduler_request(void) {}

/* ---- Tenants ---- */

struct life life[TENANTS];

struct io_ring *ring_of(uint32_t n) {
    return (struct io_ring *)memory[n * FRAMES];
}

/* The next life of a tenant that has lived. */
void rebirth(uint32_t n, uint32_t limit) {
    char reason[TENANT_REASON];
    struct disk_grant grant = {.name = "vda", .device = "blk0", .offset = n * VOLUME};
    grant.bytes = VOLUME;
    grant.operations_per_second = limit;
    grant.weight = 100;
    grant.burst_milliseconds = 100;
    people[n].state = TENANT_RUNNING;
    memset(&life[n], 0, sizeof life[n]);
    assert_int_equal(io_bind(&people[n], DEVICE_BLOCK, &grant, 0, reason), STATUS_OK);
    assert_int_equal(io_attach(&people[n], 0, 0), STATUS_OK);
    assert_int_equal(io_attach(&people[n], 0, 1), STATUS_BUSY);
}

void birth(uint32_t n, uint32_t limit) {
    people[n] =
        (struct tenant){.number = n, .account = (account_t)(n + 1), .information = &told[n]};
    rebirth(n, limit);
}

void submit(uint32_t n, const struct io_submission *entry) {
    struct io_ring *ring = ring_of(n);
    uint32_t accepted, tag = life[n].next_tag++;
    struct io_submission *place = &ring->submissions[ring->submit_tail++ % IO_RING_ENTRIES];
    *place = *entry;
    place->tag = tag;
    life[n].fate[tag] = PENDING;
    assert_int_equal(io_submit(&people[n], 0, &accepted), STATUS_OK);
    assert_int_equal(accepted, 1);
}

void take_completions(uint32_t n) {
    struct io_ring *ring = ring_of(n);
    while (ring->complete_head != ring->complete_tail) {
        struct io_completion *done = &ring->completions[ring->complete_head++ % IO_RING_ENTRIES];
        assert_in_range(done->tag, 0, life[n].next_tag - 1);
        assert_int_equal(life[n].fate[done->tag], PENDING);
        life[n].fate[done->tag] = done->status == STATUS_OK ? DONE : FAILED;
        life[n].completed++;
    }
}

/* ---- The device ---- */

const struct device_description description = {
    .bytes = TENANTS * VOLUME, .depth = 4, .segment_limit = IO_SEGMENTS};

void start_io(void) {
    memset(io_devices, 0, IO_DEVICES * sizeof *io_devices);
    io_device_count = 0;
    driver = (struct driver){.manifest = {.name = "test", .device = "blk", .dma = 1}};
    driver.device = io_device_make(&driver);
    assert_null(io_device_find("blk0"));
    io_driver_ready(&driver, &description);
    io_name_devices();
    assert_ptr_equal(io_device_find("blk0"), driver.device);
}

/* ---- The end ---- */

void no_pin_is_left(void) {
    for (uint32_t n = 0; n < TENANTS * FRAMES; n++)
        assert_int_equal(frame_pins(&records[n]), 0);
}

void finish_one(uint32_t n) {
    assert_int_equal(life[n].completed, life[n].next_tag);
    assert_int_equal(io_detach(&people[n], 0), STATUS_OK);
    assert_true(io_unbind(&people[n]));
}
