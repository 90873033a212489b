// SPDX-License-Identifier: MIT
// sources: tests/unit/fake_core.c
// sources: kernel/io/binding.c kernel/io/choice.c kernel/io/pace.c kernel/io/device.c kernel/io/limit.c
// sources: kernel/io/request.c kernel/io/ring.c kernel/io/transfer.c
// sources: kernel/io/schedule.c kernel/io/cost.c kernel/sched/heap.c
// sources: kernel/io/bounce.c kernel/io/verify.c kernel/io/block_sums.c kernel/io/checksum.c
// sources: kernel/io/repair.c kernel/io/block_copies.c
/*
 * The first frame of the tenant is its ring. Shadow frames lie behind its own.
 */
#define _GNU_SOURCE
#include "tests/unit/fake_disk.h"

#include "kernel/dev/clock.h"
#include "kernel/domain/driver_restart.h"
#include "kernel/io/block_copies.h"
#include "kernel/io/checksum.h"
#include "kernel/io/verify.h"
#include "kernel/log/log.h"
#include "kernel/mem/window.h"
#include "kernel/sched/scheduler.h"

#include <stdio.h>
#include <stdlib.h>

#define SHADOW  FRAMES /* its first frame */
#define SHADOWS ((DRIVER_DEPTH + 1) * 16u)

/* ---- The core around it ---- */

static struct frame_record records[FRAMES + SHADOWS];
_Alignas(4096) uint8_t memory[FRAMES + SHADOWS][4096];
uint8_t disk[BLOCKS][SUM_BLOCK_BYTES];
static uint32_t sums[4 * (SUM_GROUP + 1)];
static _Alignas(8) uint8_t copies[COPIES * (COPY_BYTES + 32)];
struct tenant tenant;
static struct tenant_information told;
struct driver driver;

struct frame_record *frame_records = records;
frame_t frame_records_end = FRAMES + SHADOWS;

void frame_unpin(frame_t frame) {
    records[frame].link--;
}
frame_t frame_take_contiguous(uint32_t count, account_t account, enum frame_kind kind) {
    (void)account, (void)kind;
    assert_int_equal(count, SHADOWS);
    return SHADOW;
}
void *window_map(enum window_slot slot, frame_t frame) {
    (void)slot;
    return memory[frame];
}
frame_t tenant_frame(struct tenant *one, uint32_t index) {
    (void)one;
    return index < FRAMES ? index : NO_FRAME_T;
}
void tenant_event_at(struct tenant *one, uint32_t word) {
    (void)one, (void)word;
}

/* ---- Around each test ---- */

static struct io_ring *ring(void) {
    return (struct io_ring *)memory[0];
}

static int fresh_with(uint32_t copy_bytes) {
    char reason[TENANT_REASON];
    struct disk_grant grant = {
        .name = "vda", .device = "blk0", .bytes = sizeof disk, .weight = 100};
    const struct device_description description = {
        .bytes = sizeof disk, .depth = 8, .segment_limit = 17};
    memset(memory, 0, sizeof memory);
    memset(disk, 0, sizeof disk);
    memset(sums, 0, sizeof sums);
    memset(copies, 0, sizeof copies);
    memset(io_devices, 0, sizeof(struct io_device) * IO_DEVICES);
    io_device_count = 0;
    tenant = (struct tenant){.account = 1, .information = &told};
    driver = (struct driver){.manifest = {.device = "blk", .class = DEVICE_BLOCK, .dma = 1}};
    checksum_initialise(false);
    verify_use(sums, sizeof sums);
    verify_use_for_copies(copies, copy_bytes);
    driver.device = io_device_make(&driver);
    io_driver_ready(&driver, &description);
    io_name_devices();
    assert_int_equal(io_bind(&tenant, DEVICE_BLOCK, &grant, 0, reason), STATUS_OK);
    assert_int_equal(io_attach(&tenant, 0, 0), STATUS_OK);
    now = SECOND;
    return 0;
}

int start_disk(void **state) {
    (void)state;
    return fresh_with(0);
}

int start_disk_with_copies(void **state) {
    (void)state;
    return fresh_with(sizeof copies);
}

int end_disk(void **state) {
    (void)state;
    io_unbind(&tenant);
    return 0;
}

/* ---- The tenant ---- */

static uint32_t tag;

void submit_run(uint16_t operation, uint32_t block, uint32_t count, uint32_t frame) {
    uint32_t accepted;
    struct io_submission *entry = &ring()->submissions[ring()->submit_tail % IO_RING_ENTRIES];
    *entry = (struct io_submission){.tag = ++tag,
                                    .operation = operation,
                                    .position = (uint64_t)block * SUM_BLOCK_BYTES,
                                    .bytes = count * SUM_BLOCK_BYTES};
    for (uint32_t n = 0; n < count; n++)
        entry->frame[n] = frame + n;
    ring()->submit_tail++;
    assert_int_equal(io_submit(&tenant, 0, &accepted), STATUS_OK);
    assert_int_equal(accepted, 1);
}

void submit(uint16_t operation, uint32_t block, uint32_t frame) {
    submit_run(operation, block, 1, frame);
}

uint32_t taken(void) {
    if (ring()->complete_head == ring()->complete_tail)
        return STATUS_COUNT;
    return ring()->completions[ring()->complete_head++ % IO_RING_ENTRIES].status;
}

/* ---- The driver ---- */

struct driver_request fetch(void) {
    struct driver_request request;
    assert_int_equal(io_fetch(&driver, &request), STATUS_OK);
    assert_int_equal(request.segment_count, 1);
    assert_true(request.segments[0].bus_address >> 12 >= SHADOW);
    return request;
}

void move(const struct driver_request *request, uint32_t block) {
    uint8_t *data = memory[request->segments[0].bus_address >> 12];
    if (request->operation == IO_WRITE)
        memcpy(disk[block], data, request->bytes);
    else
        memcpy(data, disk[block], request->bytes);
}

enum status answer(const struct driver_request *request, enum status status) {
    return io_complete(&driver, request->id, status, status == STATUS_OK ? request->bytes : 0);
}

enum status serve(uint32_t block) {
    struct driver_request request = fetch();
    move(&request, block);
    return answer(&request, STATUS_OK);
}

void restart(void) {
    const struct device_description description = {
        .bytes = sizeof disk, .depth = 8, .segment_limit = 17};
    io_driver_crashed(&driver, true);
    io_driver_reset_done(&driver);
    io_driver_ready(&driver, &description);
}

/* ---- Both ---- */

void write_block(uint32_t block, uint8_t value) {
    memset(memory[1], value, SUM_BLOCK_BYTES);
    submit(IO_WRITE, block, 1);
    assert_int_equal(serve(block), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
}

void fail_to_write_block_3(void) {
    submit(IO_WRITE, 3, 1);
    struct driver_request request = fetch();
    assert_int_equal(answer(&request, STATUS_IO_ERROR), STATUS_AGAIN);
    restart();
    request = fetch();
    assert_int_equal(answer(&request, STATUS_IO_ERROR), STATUS_OK);
    assert_int_equal(taken(), STATUS_IO_ERROR);
}
