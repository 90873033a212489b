// SPDX-License-Identifier: MIT
// sources: kernel/io/binding.c kernel/io/choice.c kernel/io/device.c kernel/io/limit.c
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
#include "kernel/io/binding.h"

#include "kernel/abi/gate.h"
#include "kernel/dev/clock.h"
#include "kernel/domain/driver_restart.h"
#include "kernel/domain/tenant.h"
#include "kernel/log/log.h"
#include "kernel/mem/window.h"
#include "kernel/sched/scheduler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#define TENANTS 3
#define FRAMES  64
#define VOLUME  0x100000ull

/* ---- The core around it ---- */

static uint64_t now;
static struct frame_record records[TENANTS * FRAMES];
static _Alignas(4096) uint8_t memory[TENANTS * FRAMES][4096];
static struct tenant people[TENANTS];
static struct tenant_information told[TENANTS];
static struct driver driver;
static uint32_t events;

struct frame_record *frame_records = records;
frame_t frame_records_end = TENANTS * FRAMES;

uint64_t clock_now(void) {
    return now;
}
void frame_unpin(frame_t frame) {
    assert_true(frame_pins(&records[frame]) > 0);
    records[frame].link--;
}
frame_t frame_take_contiguous(uint32_t count, account_t account, enum frame_kind kind) {
    (void)count, (void)account, (void)kind;
    return NO_FRAME_T;
}
void *window_map(enum window_slot slot, frame_t frame) {
    (void)slot;
    return memory[frame];
}
frame_t tenant_frame(struct tenant *tenant, uint32_t index) {
    return index < FRAMES ? tenant->number * FRAMES + index : NO_FRAME_T;
}
void *object_allocate(struct object_pool *pool, size_t bytes) {
    (void)pool;
    return calloc(1, bytes);
}
void object_free(struct object_pool *pool, void *object) {
    (void)pool;
    free(object);
}
void tenant_event(struct tenant *tenant) {
    assert_int_equal(tenant->state, TENANT_RUNNING);
    events++;
}
uint32_t thread_wake_word(struct tenant *tenant, uint32_t word, uint32_t most) {
    (void)tenant, (void)word, (void)most;
    return 0;
}
void driver_post(struct driver *one, uint32_t bits) {
    (void)one, (void)bits;
}
void drivers_forget_tenant(const struct tenant *tenant) {
    (void)tenant;
}
uint32_t tenants_reserved_at(const char *device, const struct tenant *except) {
    (void)device, (void)except;
    return 0;
}
void scheduler_account(void) {}
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

/* ---- Tenants ---- */

enum fate { NEVER, PENDING, DONE, FAILED };

#define TAGS 200000

static struct {
    uint32_t next_tag, completed;
    uint8_t fate[TAGS];
} life[TENANTS];

static struct io_ring *ring_of(uint32_t n) {
    return (struct io_ring *)memory[n * FRAMES];
}

/* The next life of a tenant that has lived. */
static void rebirth(uint32_t n, uint32_t limit) {
    char reason[TENANT_REASON];
    struct disk_grant grant = {.name = "vda", .device = "blk0", .offset = n * VOLUME};
    grant.bytes = VOLUME;
    grant.operations_per_second = limit;
    grant.weight = 100;
    grant.burst_milliseconds = 100;
    people[n].state = TENANT_RUNNING;
    memset(&life[n], 0, sizeof life[n]);
    assert_int_equal(io_bind(&people[n], &grant, 0, reason), STATUS_OK);
    assert_int_equal(io_attach(&people[n], 0, 0), STATUS_OK);
    assert_int_equal(io_attach(&people[n], 0, 1), STATUS_BUSY);
}

static void birth(uint32_t n, uint32_t limit) {
    people[n] =
        (struct tenant){.number = n, .account = (account_t)(n + 1), .information = &told[n]};
    rebirth(n, limit);
}

static void submit_one(uint32_t n, bool good) {
    struct io_ring *ring = ring_of(n);
    uint32_t accepted, tag = life[n].next_tag, outstanding = tag - life[n].completed;
    if (outstanding == IO_RING_ENTRIES || tag == TAGS)
        return;
    struct io_submission *entry = &ring->submissions[ring->submit_tail % IO_RING_ENTRIES];
    *entry = (struct io_submission){.tag = tag, .operation = (uint16_t)(rand() % 3)};
    entry->position = ((uint64_t)rand() % (VOLUME / 4096 - 16)) * 4096;
    entry->bytes = entry->operation == IO_FLUSH ? 0 : 4096u * (1 + (uint32_t)rand() % 16);
    for (uint32_t i = 0; i < IO_SEGMENTS; i++)
        entry->frame[i] = 2 + (uint32_t)rand() % (FRAMES - 2);
    if (!good)
        entry->position = entry->operation == IO_FLUSH ? (entry->reserved = 1) : VOLUME;
    ring->submit_tail++;
    life[n].fate[tag] = PENDING;
    life[n].next_tag++;
    assert_int_equal(io_submit(&people[n], 0, &accepted), STATUS_OK);
    assert_int_equal(accepted, 1);
}

static void take_completions(uint32_t n) {
    struct io_ring *ring = ring_of(n);
    while (ring->complete_head != ring->complete_tail) {
        struct io_completion *done = &ring->completions[ring->complete_head++ % IO_RING_ENTRIES];
        assert_in_range(done->tag, 0, life[n].next_tag - 1);
        assert_int_equal(life[n].fate[done->tag], PENDING);
        life[n].fate[done->tag] = done->status == STATUS_OK ? DONE : FAILED;
        life[n].completed++;
    }
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
    bool may = io_may_fetch(&driver);
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

static const struct device_description description = {
    .bytes = TENANTS * VOLUME, .depth = 4, .segment_limit = IO_SEGMENTS};

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
    memset(io_devices, 0, IO_DEVICES * sizeof *io_devices);
    io_device_count = 0;
    memset(out, 0, sizeof out);
    driver = (struct driver){.manifest = {.name = "test", .device = "blk", .dma = 1}};
    driver.device = io_device_make(&driver);
    assert_null(io_device_find("blk0"));
    io_driver_ready(&driver, &description);
    io_name_devices();
    assert_ptr_equal(io_device_find("blk0"), driver.device);
}

static void no_pin_is_left(void) {
    for (uint32_t n = 0; n < TENANTS * FRAMES; n++)
        assert_int_equal(frame_pins(&records[n]), 0);
}

static void finish_one(uint32_t n) {
    assert_int_equal(life[n].completed, life[n].next_tag);
    assert_int_equal(io_detach(&people[n], 0), STATUS_OK);
    assert_true(io_unbind(&people[n]));
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

/* ---- Shares ---- */

static const struct device_model model = {.cost = {.base = {{500000, 500000}, {500000, 500000}}},
                                          .latency_target = 1000000};

static void submit_read(uint32_t n, uint32_t bytes) {
    struct io_ring *ring = ring_of(n);
    uint32_t accepted, tag = life[n].next_tag++;
    ring->submissions[ring->submit_tail++ % IO_RING_ENTRIES] = (struct io_submission){
        .tag = tag, .operation = IO_READ, .bytes = bytes, .frame = {2, 3, 4, 5}};
    life[n].fate[tag] = PENDING;
    assert_int_equal(io_submit(&people[n], 0, &accepted), STATUS_OK);
}

static void no_queue_hides_inside_the_device(void **state) {
    (void)state;
    struct driver_request request;
    set_up();
    birth(0, 0);
    assert_int_equal(io_set_model(&driver, &model, 0), STATUS_OK);
    for (uint32_t n = 0; n < 4; n++)
        submit_read(0, 4096);
    assert_int_equal(io_fetch(&driver, &request), STATUS_OK);
    assert_int_equal(io_fetch(&driver, &request), STATUS_OK);
    assert_false(io_may_fetch(&driver));
    assert_int_equal(io_fetch(&driver, &request), STATUS_AGAIN);
    io_driver_crashed(&driver, true);
    io_driver_reset_done(&driver);
    io_driver_ready(&driver, &description);
    assert_int_equal(io_fetch(&driver, &request), STATUS_OK); /* the replays */
    assert_int_equal(io_fetch(&driver, &request), STATUS_OK);
    assert_int_equal(io_fetch(&driver, &request), STATUS_AGAIN);
    assert_int_equal(io_complete(&driver, request.id, STATUS_OK, 4096), STATUS_OK);
    assert_int_equal(io_fetch(&driver, &request), STATUS_OK);
    struct device_model expensive = model;
    expensive.cost.base[0][0] = expensive.cost.base[0][1] = 5000000;
    assert_int_equal(io_set_model(&driver, &expensive, 0), STATUS_OK);
    for (uint32_t id = 0; id < DRIVER_DEPTH; id++)
        io_complete(&driver, id, STATUS_OK, 4096);
    assert_int_equal(io_fetch(&driver, &request), STATUS_OK); /* one is always in flight */
    assert_int_equal(io_complete(&driver, request.id, STATUS_OK, 4096), STATUS_OK);
    take_completions(0);
    finish_one(0);
}

static void a_reservation_passes_what_others_have_queued(void **state) {
    (void)state;
    struct driver_request request;
    struct disk_grant share = {.weight = 1, .reservation = 200};
    set_up();
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
    while (io_fetch(&driver, &request) == STATUS_OK)
        io_complete(&driver, request.id, STATUS_OK, request.bytes);
    for (uint32_t n = 0; n < 2; n++) {
        take_completions(n);
        finish_one(n);
    }
}

/* It was down when its limit had room again: whoever looks for work must hear of it once it is up. */
static void a_limit_is_looked_at_after_an_outage(void **state) {
    (void)state;
    struct driver_request request;
    set_up();
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
    finish();
}

static void a_model_is_judged(void **state) {
    (void)state;
    struct device_model bad = model;
    set_up();
    assert_int_equal(io_capacity("blk0"), 0);
    assert_int_equal(io_set_model(&driver, &model, 2001), STATUS_NO_MEMORY);
    assert_int_equal(io_set_model(&driver, &model, 2000), STATUS_OK);
    assert_int_equal(io_capacity("blk0"), 2000);
    bad.cost.base[1][0] = COST_MOST + 1;
    assert_int_equal(io_set_model(&driver, &bad, 0), STATUS_BAD_ARGUMENT);
    bad = (struct device_model){.depth = 1};
    assert_int_equal(io_set_model(&driver, &bad, 0), STATUS_BAD_ARGUMENT);
    assert_int_equal(io_capacity("blk0"), 2000);
    assert_int_equal(io_capacity("blk1"), 0);
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
    assert_false(io_may_fetch(&driver));
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

int main(void) {
    const struct CMUnitTest tests[] = {
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
        cmocka_unit_test(no_queue_hides_inside_the_device),
        cmocka_unit_test(a_reservation_passes_what_others_have_queued),
        cmocka_unit_test(a_model_is_judged),
        cmocka_unit_test(a_limit_is_looked_at_after_an_outage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
