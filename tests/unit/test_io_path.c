// SPDX-License-Identifier: MIT
// sources: tests/unit/fake_io.c
// sources: kernel/io/binding.c kernel/io/choice.c kernel/io/pace.c kernel/io/device.c kernel/io/limit.c
// sources: kernel/io/request.c kernel/io/ring.c kernel/io/transfer.c
// sources: kernel/io/schedule.c kernel/io/cost.c kernel/sched/heap.c
// sources: kernel/io/bounce.c kernel/io/verify.c kernel/io/block_sums.c kernel/io/checksum.c
// sources: kernel/io/repair.c kernel/io/block_copies.c
/*
 * The way of a request from a tenant's ring to a driver and back, with a driver that crashes at random and
 * tenants that die at random. What must hold: every accepted entry of a living tenant completes exactly once;
 * an error only after three crashes; a suspect is alone; no pin is left; garbage in a ring hurts its
 * writer only.
 */
#define _GNU_SOURCE /* MAP_32BIT */
#include "tests/unit/fake_io.h"

#include "kernel/abi/gate.h"
#include "kernel/dev/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

static void submit_one(uint32_t n, bool good) {
    struct io_submission entry = {.operation = (uint16_t)(rand() % 3)};
    if (life[n].next_tag - life[n].completed == IO_RING_ENTRIES || life[n].next_tag == TAGS)
        return;
    if (entry.operation != IO_FLUSH)
        entry.position = ((uint64_t)rand() % (VOLUME / 4096 - 16)) * 4096;
    entry.bytes = entry.operation == IO_FLUSH ? 0 : 4096u * (1 + (uint32_t)rand() % 16);
    for (uint32_t i = 0; i < IO_SEGMENTS; i++)
        entry.frame[i] = 2 + (uint32_t)rand() % (FRAMES - 2);
    if (!good)
        entry.position = entry.operation == IO_FLUSH ? (entry.reserved = 1) : VOLUME;
    submit(n, &entry);
}

/* ---- The driver ---- */

static struct {
    bool mine;
    struct driver_request request;
} out[DRIVER_DEPTH];

static uint32_t out_count(void) {
    uint32_t count = 0;
    for (uint32_t id = 0; id < DRIVER_DEPTH; id++)
        count += out[id].mine;
    return count;
}

/* A suspect is alone; a flush is behind the earlier requests of its tenant. */
static void check_order(uint32_t sent) {
    const struct io_slot *slots = io_devices[0].slots;
    for (uint32_t id = 0; id < DRIVER_DEPTH; id++) {
        if (!out[id].mine || id == sent)
            continue;
        assert_true(slots[id].crashes < 2 && slots[sent].crashes < 2);
        if (slots[sent].request.operation == IO_FLUSH &&
            slots[id].request.binding == slots[sent].request.binding)
            assert_true(slots[id].order > slots[sent].order);
    }
}

static void fetch_one(uint32_t depth) {
    struct driver_request request;
    bool may = io_may_fetch(&driver, clock_now());
    enum status status = io_fetch(&driver, &request);
    assert_int_equal(status, may ? STATUS_OK : STATUS_AGAIN);
    if (status != STATUS_OK)
        return;
    uint32_t bytes = 0;
    for (uint32_t n = 0; n < request.segment_count; n++)
        bytes += request.segments[n].bytes;
    assert_int_equal(bytes, request.bytes);
    assert_false(out[request.id].mine);
    out[request.id].mine = true;
    out[request.id].request = request;
    assert_in_range(out_count(), 1, depth);
    check_order(request.id);
}

static void complete_one(void) {
    uint32_t id = (uint32_t)rand() % DRIVER_DEPTH;
    if (!out[id].mine)
        return;
    uint32_t bytes = out[id].request.bytes;
    assert_int_equal(io_complete(&driver, id, STATUS_OK, bytes + 512), STATUS_BAD_ARGUMENT);
    assert_int_equal(io_complete(&driver, id, 77, bytes), STATUS_BAD_ARGUMENT);
    assert_int_equal(io_complete(&driver, id + 16, STATUS_OK, bytes), STATUS_BAD_ARGUMENT);
    assert_int_equal(io_complete(&driver, id, STATUS_OK, bytes), STATUS_OK);
    assert_int_equal(io_complete(&driver, id, STATUS_OK, bytes), STATUS_BAD_ARGUMENT);
    out[id].mine = false;
}

static void crash(bool blame) {
    struct driver_request request;
    assert_int_equal(io_driver_crashed(&driver, blame), out_count());
    memset(out, 0, sizeof out);
    assert_int_equal(io_fetch(&driver, &request), STATUS_AGAIN);
    now += (uint64_t)rand() % 100000;
    io_driver_reset_done(&driver);
    driver.reset_done = true;
    assert_int_equal(io_check_description(&driver, &description), STATUS_OK);
    io_driver_ready(&driver, &description);
}

static void set_up(void) {
    memset(out, 0, sizeof out);
    start_io();
}

static void finish(void) {
    for (uint32_t step = 0; step < 100000; step++) {
        now += 10000000;
        fetch_one(4);
        complete_one();
    }
    for (uint32_t n = 0; n < TENANTS; n++) {
        take_completions(n);
        finish_one(n);
    }
    no_pin_is_left();
}

static void every_request_ends_once(void **state) {
    (void)state;
    set_up();
    for (uint32_t n = 0; n < TENANTS; n++)
        birth(n, n == 2 ? 1000 : 0);
    for (uint32_t step = 0; step < 300000; step++) {
        now += (uint64_t)rand() % 100000;
        submit_one((uint32_t)rand() % TENANTS, rand() % 8 != 0);
        fetch_one(4);
        complete_one();
        take_completions((uint32_t)rand() % TENANTS);
        if (rand() % 100 == 0)
            crash(rand() % 2);
    }
    finish();
}

static void tenants_may_die_with_requests_in_flight(void **state) {
    (void)state;
    set_up();
    for (uint32_t n = 0; n < TENANTS; n++)
        birth(n, 0);
    for (uint32_t step = 0; step < 100000; step++) {
        uint32_t victim = (uint32_t)rand() % TENANTS;
        submit_one((uint32_t)rand() % TENANTS, true);
        fetch_one(4);
        complete_one();
        take_completions(victim);
        if (rand() % 500 == 0)
            crash(true);
        if (rand() % 200 != 0)
            continue;
        people[victim].state = TENANT_DYING;
        while (!io_unbind(&people[victim])) {
            fetch_one(4);
            complete_one();
        }
        for (uint32_t n = 0; n < FRAMES; n++)
            assert_int_equal(frame_pins(&records[victim * FRAMES + n]), 0);
        birth(victim, 0);
    }
    finish();
}

static void three_crashes_are_an_error(void **state) {
    (void)state;
    set_up();
    for (uint32_t n = 0; n < TENANTS; n++)
        birth(n, 0);
    submit_one(0, true);
    submit_one(1, true);
    for (uint32_t round = 0; round < 3; round++) {
        fetch_one(4);
        if (round < 1)
            fetch_one(4);
        crash(true);
        take_completions(0);
        assert_int_equal(life[0].fate[0], round == 2 ? FAILED : PENDING);
    }
    assert_int_equal(life[1].fate[0], PENDING); /* only it was in flight at the third */
    finish();
    assert_int_equal(life[1].fate[0], DONE);
}

static void garbage_in_a_ring_hurts_its_writer_only(void **state) {
    (void)state;
    set_up();
    for (uint32_t n = 0; n < TENANTS; n++)
        birth(n, 0);
    for (uint32_t step = 0; step < 100000; step++) {
        uint32_t accepted;
        uint8_t *bytes = memory[0];
        for (uint32_t n = 0; n < 64; n++)
            bytes[(uint32_t)rand() % sizeof(struct io_ring)] = (uint8_t)rand();
        for (uint32_t n = 0; n < 64; n++) /* counters most of all */
            bytes[(uint32_t)rand() % 16] = (uint8_t)rand();
        io_submit(&people[0], 0, &accepted);
        submit_one(1, true);
        fetch_one(4);
        complete_one();
        take_completions(1);
    }
    assert_true(life[1].completed > 10000);
    people[0].state = TENANT_DYING;
    while (!io_unbind(&people[0])) {
        fetch_one(4);
        complete_one();
    }
    birth(0, 0);
    finish();
}

static void whoever_takes_nothing_stops_himself(void **state) {
    (void)state;
    set_up();
    for (uint32_t n = 0; n < TENANTS; n++)
        birth(n, 0);
    uint32_t accepted = 1, total = 0;
    for (uint32_t step = 0; step < 10 * IO_RING_ENTRIES; step++) {
        struct io_ring *ring = ring_of(0);
        ring->submissions[ring->submit_tail++ % IO_RING_ENTRIES] =
            (struct io_submission){.tag = step, .operation = IO_FLUSH};
        enum status status = io_submit(&people[0], 0, &accepted);
        assert_int_equal(status, total < IO_RING_ENTRIES ? STATUS_OK : STATUS_FULL);
        total += status == STATUS_OK ? accepted : 0;
        ring->submit_tail = total;
        fetch_one(4);
        for (uint32_t n = 0; n < 64; n++)
            complete_one();
    }
    assert_int_equal(total, IO_RING_ENTRIES);
    for (uint32_t n = 0; n < IO_RING_ENTRIES; n++)
        assert_int_equal(ring_of(0)->completions[n].tag, n);
    ring_of(0)->complete_head = IO_RING_ENTRIES;
    assert_int_equal(io_submit(&people[0], 0, &accepted), STATUS_OK);
    finish();
}

static uint32_t serve_at_once(uint32_t n) {
    uint32_t before = life[n].completed;
    for (uint32_t step = 0; step < 1000; step++) {
        submit_one(n, true);
        fetch_one(4);
        for (uint32_t id = 0; id < 64; id++)
            complete_one();
        take_completions(n);
    }
    return life[n].completed - before;
}

static void an_outage_earns_nothing(void **state) {
    (void)state;
    set_up();
    for (uint32_t n = 0; n < TENANTS; n++)
        birth(n, 1000);
    now += 1000000000;
    assert_in_range(serve_at_once(0), 100, 101); /* the burst */
    assert_int_equal(io_driver_crashed(&driver, true), out_count());
    memset(out, 0, sizeof out);
    now += 100000000000ull; /* 100 s */
    io_driver_reset_done(&driver);
    io_driver_ready(&driver, &description);
    assert_in_range(serve_at_once(0), 0, 1);
    now += 50000000;
    assert_in_range(serve_at_once(0), 49, 51);
    finish();
}

/* A bit for each tenant that waits. */
static uint32_t waiting(void) {
    uint32_t at = 0, found = 0;
    struct tenant *one;
    while ((one = io_next_waiting(&driver, &at)) != NULL)
        found |= 1u << one->number;
    return found;
}

static void who_waits_is_known(void **state) {
    (void)state;
    struct driver_request request;
    set_up();
    for (uint32_t n = 0; n < 3; n++)
        birth(n, 0);
    assert_int_equal(waiting(), 0);
    submit_one(0, true);
    assert_int_equal(waiting(), 1); /* in its queue */
    assert_int_equal(io_fetch(&driver, &request), STATUS_OK);
    submit_one(1, true);
    assert_int_equal(waiting(), 3); /* in flight, in its queue */
    io_driver_crashed(&driver, true);
    assert_int_equal(waiting(), 3); /* to be replayed */
    io_driver_reset_done(&driver);
    io_driver_ready(&driver, &description);
    while (io_fetch(&driver, &request) == STATUS_OK)
        io_complete(&driver, request.id, STATUS_OK, request.bytes);
    assert_int_equal(waiting(), 0);
    finish();
}

/* The core names a driver's slot by a 32-bit address. */
static uint32_t slot_for_bounce_buffers(void) {
    void *slot = mmap(NULL, DRIVER_SLOT_SIZE, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    assert_true(slot != MAP_FAILED);
    return (uint32_t)(uintptr_t)slot;
}

/* Its owner dies when its frames may be let go, before it was sent again: then it is not sent again, for by
 * then the frames hold what somebody else keeps there. */
static void the_dead_are_not_replayed(uint32_t dma) {
    struct driver_request request;
    uint32_t accepted;
    set_up();
    driver.manifest.dma = dma;
    driver.slot = dma ? 0 : slot_for_bounce_buffers();
    birth(0, 0);
    struct io_ring *ring = ring_of(0);
    ring->submissions[0] =
        (struct io_submission){.operation = IO_WRITE, .bytes = 4096, .frame = {5}};
    ring->submit_tail = 1;
    assert_int_equal(io_submit(&people[0], 0, &accepted), STATUS_OK);
    assert_int_equal(io_fetch(&driver, &request), STATUS_OK);
    io_driver_crashed(&driver, true);
    driver.reset_done = false;
    assert_int_equal(frame_pins(&records[5]), 1);
    io_driver_reset_done(&driver);
    driver.reset_done = true;
    people[0].state = TENANT_DYING;
    assert_true(io_unbind(&people[0]));
    no_pin_is_left();
    io_driver_ready(&driver, &description);
    assert_false(io_may_fetch(&driver, clock_now()));
    assert_int_equal(io_fetch(&driver, &request), STATUS_AGAIN);
}

static void the_dead_are_not_replayed_by_dma(void **state) {
    (void)state;
    the_dead_are_not_replayed(1);
}

static void the_dead_are_not_replayed_through_bounce_buffers(void **state) {
    (void)state;
    the_dead_are_not_replayed(0);
}

static void a_restart_earns_nothing(void **state) {
    (void)state;
    set_up();
    birth(0, 1000);
    birth(1, 0);
    birth(2, 0);
    now += 1000000000;
    assert_in_range(serve_at_once(0), 100, 101);
    for (uint32_t n = 0; n < 10; n++) {
        people[0].state = TENANT_DYING;
        while (!io_unbind(&people[0]))
            complete_one();
        rebirth(0, 1000);
        assert_in_range(serve_at_once(0), 0, 1);
    }
    finish();
}

/* Its ring would be that of a class that it was never given a place in. */
static void a_disk_is_no_console_nor_card(void **state) {
    (void)state;
    char reason[TENANT_REASON];
    struct disk_grant grant = {.name = "vda", .device = "blk0", .bytes = VOLUME};
    start_io();
    people[0] =
        (struct tenant){.account = 1, .information = &(struct tenant_information){.tenant = 0}};
    assert_int_equal(io_bind(&people[0], DEVICE_CONSOLE, &grant, 0, reason), STATUS_BAD_HANDLE);
    for (uint32_t class = DEVICE_CONSOLE; class <= DEVICE_NETWORK; class ++) {
        io_devices[0].class = class;
        assert_int_equal(io_bind(&people[0], DEVICE_BLOCK, &grant, 0, reason), STATUS_BAD_HANDLE);
        assert_string_equal(reason, "there is no disk blk0");
        assert_null(people[0].bindings[0]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_disk_is_no_console_nor_card),
        cmocka_unit_test(the_dead_are_not_replayed_by_dma),
        cmocka_unit_test(the_dead_are_not_replayed_through_bounce_buffers),
        cmocka_unit_test(every_request_ends_once),
        cmocka_unit_test(tenants_may_die_with_requests_in_flight),
        cmocka_unit_test(three_crashes_are_an_error),
        cmocka_unit_test(garbage_in_a_ring_hurts_its_writer_only),
        cmocka_unit_test(whoever_takes_nothing_stops_himself),
        cmocka_unit_test(an_outage_earns_nothing),
        cmocka_unit_test(who_waits_is_known),
        cmocka_unit_test(a_restart_earns_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
