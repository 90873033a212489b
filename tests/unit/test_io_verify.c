// SPDX-License-Identifier: MIT
// sources: kernel/io/binding.c kernel/io/choice.c kernel/io/pace.c kernel/io/device.c kernel/io/limit.c
// sources: kernel/io/request.c kernel/io/ring.c kernel/io/transfer.c
// sources: kernel/io/schedule.c kernel/io/cost.c kernel/sched/heap.c
// sources: kernel/io/bounce.c kernel/io/verify.c kernel/io/block_sums.c kernel/io/checksum.c
// sources: kernel/io/repair.c kernel/io/block_copies.c
/*
 * verify=on, and doubt in bad answers: a tenant, a driver with DMA that is asked through shadow frames, and a disk in an
 * array, on which the driver does what each test has it do.
 */
#define _GNU_SOURCE
#include "kernel/io/binding.h"

#include "kernel/abi/gate.h"
#include "kernel/dev/clock.h"
#include "kernel/domain/driver_restart.h"
#include "kernel/domain/tenant.h"
#include "kernel/io/block_copies.h"
#include "kernel/io/block_sums.h"
#include "kernel/io/checksum.h"
#include "kernel/io/verify.h"
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

#define FRAMES  64u
#define SHADOW  FRAMES /* its first frame */
#define SHADOWS ((DRIVER_DEPTH + 1) * 16u)
#define BLOCKS  32u
#define COPIES  8u
#define SECOND  1000000000ull

/* ---- The core around it ---- */

static uint64_t now;
static struct frame_record records[FRAMES + SHADOWS];
static _Alignas(4096) uint8_t memory[FRAMES + SHADOWS][4096];
static uint8_t disk[BLOCKS][SUM_BLOCK_BYTES];
static uint32_t sums[4 * (SUM_GROUP + 1)];
static _Alignas(8) uint8_t copies[COPIES * (COPY_BYTES + 32)];
static struct tenant tenant;
static struct tenant_information told;
static struct driver driver;

struct frame_record *frame_records = records;
frame_t frame_records_end = FRAMES + SHADOWS;

uint64_t clock_now(void) {
    return now;
}
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
void *object_allocate(struct object_pool *pool, size_t bytes) {
    (void)pool;
    return calloc(1, bytes);
}
void object_free(struct object_pool *pool, void *object) {
    (void)pool;
    free(object);
}
void tenant_event_at(struct tenant *one, uint32_t word) {
    (void)one, (void)word;
}
void driver_post(struct driver *one, uint32_t bits) {
    (void)one, (void)bits;
}
void drivers_forget_tenant(const struct tenant *one) {
    (void)one;
}
uint32_t tenants_reserved_at(const char *device, const struct tenant *except) {
    (void)device, (void)except;
    return 0;
}
uint64_t scheduler_account(void) {
    return clock_now();
}
void budget_progress(struct driver *one) {
    (void)one;
}
void log_line(const char *format, ...) {
    (void)format;
}
uint32_t format_text(char *to, uint32_t room, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(to, room, format, arguments);
    va_end(arguments);
    return (uint32_t)length;
}

/* ---- The tenant ---- */

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

static int fresh(void **state) {
    (void)state;
    return fresh_with(0);
}

static int fresh_with_copies(void **state) {
    (void)state;
    return fresh_with(sizeof copies);
}

static int finish(void **state) {
    (void)state;
    io_unbind(&tenant);
    return 0;
}

static uint32_t tag;

/* `count` blocks from `block`, from or to frame `frame` and those behind it. */
static void submit_run(uint16_t operation, uint32_t block, uint32_t count, uint32_t frame) {
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

static void submit(uint16_t operation, uint32_t block, uint32_t frame) {
    submit_run(operation, block, 1, frame);
}

/* The status of the next completion; STATUS_COUNT: there is none. */
static uint32_t taken(void) {
    if (ring()->complete_head == ring()->complete_tail)
        return STATUS_COUNT;
    return ring()->completions[ring()->complete_head++ % IO_RING_ENTRIES].status;
}

/* ---- The driver ---- */

static struct driver_request fetch(void) {
    struct driver_request request;
    assert_int_equal(io_fetch(&driver, &request), STATUS_OK);
    assert_int_equal(request.segment_count, 1);
    assert_true(request.segments[0].bus_address >> 12 >= SHADOW);
    return request;
}

static void move(const struct driver_request *request, uint32_t block) {
    uint8_t *data = memory[request->segments[0].bus_address >> 12];
    if (request->operation == IO_WRITE)
        memcpy(disk[block], data, request->bytes);
    else
        memcpy(data, disk[block], request->bytes);
}

static enum status end(const struct driver_request *request, enum status status) {
    return io_complete(&driver, request->id, status, status == STATUS_OK ? request->bytes : 0);
}

/* Fetches, moves the data from or to `block`, and says that all went well. */
static enum status serve(uint32_t block) {
    struct driver_request request = fetch();
    move(&request, block);
    return end(&request, STATUS_OK);
}

static void restart(void) {
    const struct device_description description = {
        .bytes = sizeof disk, .depth = 8, .segment_limit = 17};
    io_driver_crashed(&driver, true);
    io_driver_reset_done(&driver);
    io_driver_ready(&driver, &description);
}

static void write_block(uint32_t block, uint8_t value) {
    memset(memory[1], value, SUM_BLOCK_BYTES);
    submit(IO_WRITE, block, 1);
    assert_int_equal(serve(block), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
}

/* ---- Tests ---- */

static void good_data_passes(void **state) {
    (void)state;
    write_block(3, 7);
    submit(IO_READ, 3, 2);
    assert_int_equal(serve(3), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
    assert_int_equal(memory[2][100], 7);
}

static void what_nobody_wrote_is_not_judged(void **state) {
    (void)state;
    submit(IO_READ, 5, 2);
    assert_int_equal(serve(9), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
}

static void a_read_from_the_wrong_place_is_asked_again(void **state) {
    (void)state;
    write_block(3, 7);
    write_block(4, 8);
    submit(IO_READ, 3, 2);
    assert_int_equal(serve(4), STATUS_IO_ERROR);
    assert_int_equal(taken(), STATUS_COUNT);
    assert_int_equal(memory[2][100], 0);
    restart();
    assert_int_equal(serve(3), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
    assert_int_equal(memory[2][100], 7);
}

static void a_lost_block_is_an_error_until_it_is_written(void **state) {
    (void)state;
    write_block(3, 7);
    disk[3][0]++;
    submit(IO_READ, 3, 2);
    assert_int_equal(serve(3), STATUS_IO_ERROR);
    restart();
    assert_int_equal(serve(3), STATUS_OK);
    assert_int_equal(taken(), STATUS_IO_ERROR);
    now += 2 * SECOND;
    submit(IO_READ, 3, 2);
    assert_int_equal(serve(3), STATUS_OK); /* no doubt any more */
    assert_int_equal(taken(), STATUS_IO_ERROR);
    write_block(3, 9);
    submit(IO_READ, 3, 2);
    assert_int_equal(serve(3), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
}

static void a_tenant_that_races_accuses_nobody(void **state) {
    (void)state;
    memset(memory[1], 1, SUM_BLOCK_BYTES);
    submit(IO_WRITE, 3, 1);
    struct driver_request request = fetch();
    memset(memory[1], 2, SUM_BLOCK_BYTES); /* while the device reads */
    move(&request, 3);
    assert_int_equal(end(&request, STATUS_OK), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
    submit(IO_READ, 3, 2);
    assert_int_equal(serve(3), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
    assert_int_equal(memory[2][0], 1);
}

static void requests_that_overlap_accuse_nobody(void **state) {
    (void)state;
    write_block(3, 7);
    memset(memory[1], 8, SUM_BLOCK_BYTES);
    submit(IO_READ, 3, 2);
    submit(IO_WRITE, 3, 1);
    struct driver_request reading = fetch(), writing = fetch();
    move(&reading, 3);
    move(&writing, 3);
    assert_int_equal(end(&writing, STATUS_OK), STATUS_OK);
    assert_int_equal(end(&reading, STATUS_OK), STATUS_OK); /* the old data, which is right */
    assert_int_equal(taken(), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
}

static void fail_to_write_block_3(void) {
    submit(IO_WRITE, 3, 1);
    struct driver_request request = fetch();
    assert_int_equal(end(&request, STATUS_IO_ERROR), STATUS_AGAIN);
    restart();
    request = fetch();
    assert_int_equal(end(&request, STATUS_IO_ERROR), STATUS_OK);
    assert_int_equal(taken(), STATUS_IO_ERROR);
}

static void a_failed_write_leaves_the_block_unknown(void **state) {
    (void)state;
    write_block(3, 7);
    fail_to_write_block_3();
    disk[3][0] = 99;
    submit(IO_READ, 3, 2);
    assert_int_equal(serve(3), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
}

static void an_error_is_doubted_once(void **state) {
    (void)state;
    submit(IO_READ, 1, 2);
    struct driver_request request = fetch();
    assert_int_equal(end(&request, STATUS_IO_ERROR), STATUS_AGAIN);
    assert_int_equal(taken(), STATUS_COUNT);
    restart();
    assert_int_equal(serve(1), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
}

static void a_bad_place_does_not_restart_its_driver_without_end(void **state) {
    (void)state;
    uint32_t restarts = 0;
    for (uint64_t stop = now + 60 * SECOND; now < stop; now += SECOND / 1000) {
        submit(IO_READ, 1, 2);
        struct driver_request request = fetch();
        while (end(&request, STATUS_IO_ERROR) == STATUS_AGAIN) {
            restarts++;
            restart();
            request = fetch();
        }
        assert_int_equal(taken(), STATUS_IO_ERROR);
    }
    assert_in_range(restarts, 50, 80);
}

/* ---- With copies ---- */

/* What comes next is `operation` for the one block `block`; it is done. */
static void serve_one(uint16_t operation, uint32_t block) {
    struct driver_request request = fetch();
    assert_int_equal(request.operation, operation);
    assert_int_equal(request.position, block * SUM_BLOCK_BYTES);
    assert_int_equal(request.bytes, SUM_BLOCK_BYTES);
    move(&request, block);
    assert_int_equal(end(&request, STATUS_OK), STATUS_OK);
}

/* A read of block 3, damaged, up to where it is to be written back. */
static void find_damage(void) {
    write_block(3, 7);
    disk[3][0]++;
    submit(IO_READ, 3, 2);
    assert_int_equal(serve(3), STATUS_IO_ERROR);
    restart();
    assert_int_equal(serve(3), STATUS_OK);
    assert_int_equal(taken(), STATUS_COUNT);
}

static void a_damaged_block_is_written_back(void **state) {
    (void)state;
    find_damage();
    serve_one(IO_WRITE, 3);
    assert_int_equal(taken(), STATUS_COUNT);
    serve_one(IO_READ, 3);
    assert_int_equal(taken(), STATUS_OK);
    assert_int_equal(memory[2][0], 7);
    assert_int_equal(disk[3][0], 7);
}

static void several_are_written_back_one_by_one(void **state) {
    (void)state;
    for (uint32_t block = 3; block < 7; block++)
        write_block(block, (uint8_t)block);
    disk[4][9] = disk[6][9] = 99;
    submit_run(IO_READ, 3, 4, 2);
    assert_int_equal(serve(3), STATUS_IO_ERROR);
    restart();
    assert_int_equal(serve(3), STATUS_OK);
    serve_one(IO_WRITE, 4);
    assert_int_equal(serve(3), STATUS_OK);
    serve_one(IO_WRITE, 6);
    assert_int_equal(serve(3), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
    for (uint32_t n = 0; n < 4; n++)
        assert_int_equal(memory[2 + n][9], 3 + n);
}

static void nothing_else_goes_meanwhile(void **state) {
    (void)state;
    struct driver_request other;
    write_block(9, 1);
    write_block(3, 7);
    disk[3][0]++;
    submit(IO_READ, 3, 2);
    submit(IO_READ, 9, 4);
    struct driver_request damaged = fetch();
    other = fetch();
    move(&damaged, 3);
    assert_int_equal(end(&damaged, STATUS_OK), STATUS_IO_ERROR);
    restart();
    damaged = fetch();
    other = fetch();
    move(&damaged, 3);
    assert_int_equal(end(&damaged, STATUS_OK), STATUS_OK);
    memset(memory[1], 8, SUM_BLOCK_BYTES);
    submit(IO_WRITE, 3, 1);
    struct driver_request refused;
    assert_int_equal(io_fetch(&driver, &refused), STATUS_AGAIN); /* `other` is still out */
    move(&other, 9);
    assert_int_equal(end(&other, STATUS_OK), STATUS_OK);
    struct driver_request repair = fetch();
    assert_int_equal(repair.operation, IO_WRITE);
    assert_int_equal(io_fetch(&driver, &refused), STATUS_AGAIN); /* the repair is alone */
    move(&repair, 3);
    assert_int_equal(end(&repair, STATUS_OK), STATUS_OK);
    serve_one(IO_READ, 3);
    serve_one(IO_WRITE, 3);
    assert_int_equal(disk[3][0], 8);
    assert_int_equal(taken(), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
}

/* On a disk that does not keep what is written to block 3. */
static void repair_in_vain(void) {
    serve_one(IO_WRITE, 3);
    disk[3][0]++;
    assert_int_equal(serve(3), STATUS_IO_ERROR);
    restart();
    assert_int_equal(serve(3), STATUS_OK);
    serve_one(IO_WRITE, 3);
    disk[3][0]++;
    assert_int_equal(serve(3), STATUS_OK);
    assert_int_equal(taken(), STATUS_IO_ERROR);
}

/* The driver that was started afresh is faulty itself, and lies when it is to write the copy back. */
static void a_lie_about_a_repair_is_found_out(void **state) {
    (void)state;
    find_damage();
    struct driver_request repair = fetch();
    assert_int_equal(end(&repair, STATUS_OK), STATUS_OK);
    assert_int_equal(serve(3), STATUS_IO_ERROR);
    restart();
    assert_int_equal(serve(3), STATUS_OK);
    serve_one(IO_WRITE, 3);
    serve_one(IO_READ, 3);
    assert_int_equal(taken(), STATUS_OK);
}

static void a_repair_that_does_not_help_ends_as_a_loss(void **state) {
    (void)state;
    find_damage();
    repair_in_vain();
    submit(IO_READ, 3, 2);
    assert_int_equal(serve(3), STATUS_OK);
    assert_int_equal(taken(), STATUS_IO_ERROR);
}

static void a_repair_that_fails_is_an_error(void **state) {
    (void)state;
    find_damage();
    struct driver_request request = fetch();
    assert_int_equal(end(&request, STATUS_IO_ERROR), STATUS_AGAIN);
    restart();
    request = fetch();
    assert_int_equal(request.operation, IO_WRITE);
    assert_int_equal(end(&request, STATUS_IO_ERROR), STATUS_OK);
    assert_int_equal(taken(), STATUS_IO_ERROR);
}

/* A driver may have damaged many blocks, and the next one may be faulty while they are found. */
static void after_a_repair_the_next_wrong_data_is_doubted(void **state) {
    (void)state;
    find_damage();
    serve_one(IO_WRITE, 3);
    serve_one(IO_READ, 3);
    assert_int_equal(taken(), STATUS_OK);
    submit(IO_READ, 3, 2);
    assert_int_equal(serve(4), STATUS_IO_ERROR);
    restart();
    assert_int_equal(serve(3), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
}

static void a_crash_repeats_the_repair(void **state) {
    (void)state;
    find_damage();
    struct driver_request request = fetch();
    assert_int_equal(request.operation, IO_WRITE);
    restart();
    serve_one(IO_WRITE, 3);
    serve_one(IO_READ, 3);
    assert_int_equal(taken(), STATUS_OK);
}

static void an_owner_that_dies_leaves_the_block_whole(void **state) {
    (void)state;
    find_damage();
    io_unbind(&tenant);
    serve_one(IO_WRITE, 3);
    serve_one(IO_READ, 3);
    assert_int_equal(disk[3][0], 7);
    struct driver_request request;
    assert_int_equal(io_fetch(&driver, &request), STATUS_AGAIN);
}

static void lose_block_3(void) {
    write_block(3, 7);
    for (uint32_t block = 10; block < 10 + COPIES; block++)
        write_block(block, 1);
    disk[3][0]++;
    submit(IO_READ, 3, 2);
    assert_int_equal(serve(3), STATUS_IO_ERROR);
    restart();
    assert_int_equal(serve(3), STATUS_OK);
    assert_int_equal(taken(), STATUS_IO_ERROR);
}

static void an_old_copy_has_gone(void **state) {
    (void)state;
    lose_block_3();
}

/* A replay of an older request goes first, and what it writes takes the place of the copy. */
static void a_copy_that_goes_before_it_is_used(void **state) {
    (void)state;
    lose_block_3(); /* after this wrong data is not doubted for a while */
    submit_run(IO_WRITE, 10, COPIES, 20);
    struct driver_request writing = fetch();
    write_block(3, 7);
    disk[3][0]++;
    submit(IO_READ, 3, 2);
    assert_int_equal(serve(3), STATUS_OK);
    restart();
    writing = fetch();
    assert_int_equal(writing.operation, IO_WRITE);
    move(&writing, 10);
    assert_int_equal(end(&writing, STATUS_OK), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
    serve_one(IO_READ, 3);
    assert_int_equal(taken(), STATUS_IO_ERROR);
}

static void a_write_that_failed_is_no_copy(void **state) {
    (void)state;
    write_block(3, 7);
    fail_to_write_block_3();
    disk[3][0] = 99;
    submit(IO_READ, 3, 2);
    assert_int_equal(serve(3), STATUS_OK);
    assert_int_equal(taken(), STATUS_OK);
    assert_int_equal(memory[2][0], 99);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fresh, finish)
#define TEST_WITH_COPIES(function)                                                                 \
    cmocka_unit_test_setup_teardown(function, fresh_with_copies, finish)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(good_data_passes),
        TEST(what_nobody_wrote_is_not_judged),
        TEST(a_read_from_the_wrong_place_is_asked_again),
        TEST(a_lost_block_is_an_error_until_it_is_written),
        TEST(a_tenant_that_races_accuses_nobody),
        TEST(requests_that_overlap_accuse_nobody),
        TEST(a_failed_write_leaves_the_block_unknown),
        TEST(an_error_is_doubted_once),
        TEST(a_bad_place_does_not_restart_its_driver_without_end),
        TEST_WITH_COPIES(a_damaged_block_is_written_back),
        TEST_WITH_COPIES(several_are_written_back_one_by_one),
        TEST_WITH_COPIES(nothing_else_goes_meanwhile),
        TEST_WITH_COPIES(a_lie_about_a_repair_is_found_out),
        TEST_WITH_COPIES(a_repair_that_does_not_help_ends_as_a_loss),
        TEST_WITH_COPIES(a_repair_that_fails_is_an_error),
        TEST_WITH_COPIES(after_a_repair_the_next_wrong_data_is_doubted),
        TEST_WITH_COPIES(a_crash_repeats_the_repair),
        TEST_WITH_COPIES(an_owner_that_dies_leaves_the_block_whole),
        TEST_WITH_COPIES(an_old_copy_has_gone),
        TEST_WITH_COPIES(a_copy_that_goes_before_it_is_used),
        TEST_WITH_COPIES(a_write_that_failed_is_no_copy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
