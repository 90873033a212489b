// SPDX-License-Identifier: MIT
// sources: tests/unit/fake_io.c
// sources: kernel/io/binding.c kernel/io/choice.c kernel/io/pace.c kernel/io/device.c kernel/io/limit.c
// sources: kernel/io/request.c kernel/io/ring.c kernel/io/transfer.c
// sources: kernel/io/schedule.c kernel/io/cost.c kernel/sched/heap.c
// sources: kernel/io/bounce.c kernel/io/verify.c kernel/io/block_sums.c kernel/io/checksum.c
// sources: kernel/io/repair.c kernel/io/block_copies.c
/*
 * What a tenant has of a device, on the way of a request: its reservation, its limit, what its requests cost, and how
 * many are in flight. The schedule by itself is in test_io_schedule.c.
 */
#include "tests/unit/fake_io.h"

#include "kernel/abi/gate.h"
#include "kernel/dev/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define READ_COST 500000

static const struct device_model model = {
    .cost = {.base = {{READ_COST, READ_COST}, {READ_COST, READ_COST}}}, .latency_target = 1000000};

static void submit_read(uint32_t n, uint32_t bytes) {
    submit(n, &(struct io_submission){.operation = IO_READ, .bytes = bytes, .frame = {2, 3, 4, 5}});
}

static void no_queue_hides_inside_the_device(void **state) {
    (void)state;
    struct driver_request request;
    start_io();
    birth(0, 0);
    assert_int_equal(io_set_model(&driver, &model, 0), STATUS_OK);
    for (uint32_t n = 0; n < 4; n++)
        submit_read(0, 4096);
    assert_int_equal(io_fetch(&driver, &request), STATUS_OK);
    assert_int_equal(io_fetch(&driver, &request), STATUS_OK);
    assert_false(io_may_fetch(&driver, clock_now()));
    assert_int_equal(io_fetch(&driver, &request), STATUS_AGAIN);
    io_driver_crashed(&driver, true);
    io_driver_reset_done(&driver);
    io_driver_ready(&driver, &description);
    assert_int_equal(io_fetch(&driver, &request), STATUS_OK); /* the replays */
    assert_int_equal(io_fetch(&driver, &request), STATUS_OK);
    assert_int_equal(io_fetch(&driver, &request), STATUS_AGAIN);
    assert_int_equal(io_complete(&driver, request.id, STATUS_OK, 4096), STATUS_OK);
    now += 2 * READ_COST;
    assert_int_equal(io_fetch(&driver, &request), STATUS_OK);
    struct device_model expensive = model;
    expensive.cost.base[0][0] = expensive.cost.base[0][1] = 5000000;
    assert_int_equal(io_set_model(&driver, &expensive, 0), STATUS_OK);
    for (uint32_t id = 0; id < DRIVER_DEPTH; id++)
        io_complete(&driver, id, STATUS_OK, 4096);
    now += READ_COST;
    assert_int_equal(io_fetch(&driver, &request), STATUS_OK); /* one is always in flight */
    assert_int_equal(io_complete(&driver, request.id, STATUS_OK, 4096), STATUS_OK);
    take_completions(0);
    finish_one(0);
}

/* The first two people's requests are served, at the disk's pace, and the two go. */
static void drain_two(void) {
    struct driver_request request;
    for (uint32_t n = 0; n < 40; n++, now += READ_COST)
        if (io_fetch(&driver, &request) == STATUS_OK)
            io_complete(&driver, request.id, STATUS_OK, request.bytes);
    for (uint32_t n = 0; n < 2; n++) {
        take_completions(n);
        finish_one(n);
    }
}

static void a_reservation_passes_what_others_have_queued(void **state) {
    (void)state;
    struct driver_request request;
    struct disk_grant share = {.weight = 1, .reservation = 200};
    start_io();
    for (uint32_t n = 0; n < 2; n++)
        birth(n, 0);
    assert_int_equal(io_set_model(&driver, &model, 0), STATUS_OK);
    assert_int_equal(io_set_share(&people[0], 0, &share), STATUS_OK);
    for (uint32_t n = 0; n < 32; n++)
        submit_read(1, 16384);
    for (uint32_t n = 0; n < 10; n++) {
        submit_read(0, 4096);
        assert_int_equal(io_fetch(&driver, &request), STATUS_OK);
        assert_int_equal(io_devices[0].slots[request.id].account, 1);
        assert_int_equal(io_complete(&driver, request.id, STATUS_OK, 4096), STATUS_OK);
        assert_int_equal(io_fetch(&driver, &request), STATUS_OK);
        assert_int_equal(io_devices[0].slots[request.id].account, 2);
        assert_int_equal(io_complete(&driver, request.id, STATUS_OK, 16384), STATUS_OK);
        now += 5000000;
    }
    drain_two();
}

/* The device answers at once, from its credit: without a reservation nobody spends more of it than two requests. */
static void bursts_are_for_reservations(void **state) {
    (void)state;
    struct driver_request request;
    struct disk_grant share = {.weight = 1, .reservation = 400};
    uint32_t went[2] = {0, 0};
    start_io();
    for (uint32_t n = 0; n < 2; n++)
        birth(n, 0);
    assert_int_equal(io_set_model(&driver, &model, 0), STATUS_OK);
    assert_int_equal(io_set_share(&people[0], 0, &share), STATUS_OK);
    for (uint32_t n = 0; n < 32; n++)
        submit_read(1, 4096);
    for (uint64_t end = now + 10 * READ_COST; now < end; now += READ_COST / 10) {
        if ((end - now) % (5 * READ_COST) == 0)
            submit_read(0, 4096);
        while (io_fetch(&driver, &request) == STATUS_OK) {
            went[io_devices[0].slots[request.id].account - 1]++;
            io_complete(&driver, request.id, STATUS_OK, 4096);
        }
        assert_int_equal(ring_of(0)->submit_head, ring_of(0)->submit_tail); /* it never waits */
    }
    assert_int_equal(went[0], 2);
    assert_in_range(went[1], 8, 21); /* ten are made up for: nothing went before */
    drain_two();
}

/* It was down when its limit had room again: whoever looks for work must hear of it once it is up. */
static void a_limit_is_looked_at_after_an_outage(void **state) {
    (void)state;
    struct driver_request request;
    start_io();
    for (uint32_t n = 0; n < TENANTS; n++)
        birth(n, n == 0 ? 10 : 0);
    now += 1000000000;
    for (uint32_t n = 0; n < 4; n++)
        submit_read(0, 4096);
    while (io_fetch(&driver, &request) == STATUS_OK)
        io_complete(&driver, request.id, STATUS_OK, 4096);
    assert_true(io_work(now) <= now + 100000000);
    io_driver_crashed(&driver, true);
    now += 1000000000;
    assert_int_equal(io_work(now), DEADLINE_NEVER);
    io_driver_reset_done(&driver);
    io_driver_ready(&driver, &description);
    assert_int_equal(io_fetch(&driver, &request), STATUS_AGAIN);
    assert_in_range(io_work(now), now + 1, now + 100000000);
    for (now += 10000000000ull; io_fetch(&driver, &request) == STATUS_OK; now += 1000000000)
        io_complete(&driver, request.id, STATUS_OK, 4096);
    for (uint32_t n = 0; n < TENANTS; n++) {
        take_completions(n);
        finish_one(n);
    }
}

/* The driver is at work, and will fetch: an alarm for what may go already would ring, and ring, until it does. */
static void a_time_that_has_come_is_not_waited_for(void **state) {
    (void)state;
    struct driver_request request;
    start_io();
    birth(0, 10);
    now += 1000000000;
    for (uint32_t n = 0; n < 4; n++)
        submit_read(0, 4096);
    while (io_fetch(&driver, &request) == STATUS_OK)
        io_complete(&driver, request.id, STATUS_OK, 4096);
    uint64_t until = io_work(now);
    assert_in_range(until, now + 1, now + 100000000);
    driver.waiting = false;
    now = until;
    assert_int_equal(io_work(now), DEADLINE_NEVER);
    for (; io_fetch(&driver, &request) == STATUS_OK; now += 1000000000)
        io_complete(&driver, request.id, STATUS_OK, 4096);
    take_completions(0);
    finish_one(0);
}

static void a_model_is_judged(void **state) {
    (void)state;
    struct device_model bad = model;
    start_io();
    assert_int_equal(io_capacity("blk0"), 0);
    assert_int_equal(io_set_model(&driver, &model, 2001), STATUS_NO_MEMORY);
    assert_int_equal(io_set_model(&driver, &model, 2000), STATUS_OK);
    assert_int_equal(io_capacity("blk0"), 2000);
    bad.cost.base[1][0] = COST_MAX + 1;
    assert_int_equal(io_set_model(&driver, &bad, 0), STATUS_BAD_ARGUMENT);
    bad = (struct device_model){.depth = 1};
    assert_int_equal(io_set_model(&driver, &bad, 0), STATUS_BAD_ARGUMENT);
    assert_int_equal(io_capacity("blk0"), 2000);
    assert_int_equal(io_capacity("blk1"), 0);
}

static uint32_t cost_of_next(void) {
    struct driver_request request;
    assert_int_equal(io_fetch(&driver, &request), STATUS_OK);
    uint32_t cost = io_devices[0].slots[request.id].cost;
    assert_int_equal(io_complete(&driver, request.id, STATUS_OK, request.bytes), STATUS_OK);
    return cost;
}

static uint32_t cost_of_one(uint16_t operation, uint64_t position, uint32_t bytes) {
    submit(0, &(struct io_submission){.operation = operation,
                                      .position = position,
                                      .bytes = bytes,
                                      .frame = {2, 3, 4, 5}});
    return cost_of_next();
}

static void what_goes_on_where_the_last_one_ended_is_cheaper(void **state) {
    (void)state;
    struct device_model apart = {.cost = {.base = {{5000, 1000}, {7000, 2000}}}};
    apart.cost.per_megabyte[0] = 1 << 20;
    start_io();
    birth(0, 0);
    assert_int_equal(io_set_model(&driver, &apart, 0), STATUS_OK);
    assert_int_equal(cost_of_one(IO_READ, 8192, 4096), 5000 + 4096);
    assert_int_equal(cost_of_one(IO_READ, 12288, 8192), 1000 + 8192);
    assert_int_equal(cost_of_one(IO_FLUSH, 0, 0), 7000);
    assert_int_equal(cost_of_one(IO_WRITE, 20480, 4096), 2000); /* a flush is nowhere */
    assert_int_equal(cost_of_one(IO_WRITE, 20480, 4096), 7000);
    take_completions(0);
    finish_one(0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_queue_hides_inside_the_device),
        cmocka_unit_test(a_reservation_passes_what_others_have_queued),
        cmocka_unit_test(bursts_are_for_reservations),
        cmocka_unit_test(a_limit_is_looked_at_after_an_outage),
        cmocka_unit_test(a_time_that_has_come_is_not_waited_for),
        cmocka_unit_test(a_model_is_judged),
        cmocka_unit_test(what_goes_on_where_the_last_one_ended_is_cheaper),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
