// SPDX-License-Identifier: MIT
// sources: tests/unit/fake_io.c
// sources: kernel/network/bind.c kernel/network/policy.c kernel/network/port.c kernel/network/sender.c
// sources: kernel/network/internet_checksum.c
// sources: kernel/network/switch.c kernel/network/uplink.c
// sources: kernel/io/binding.c kernel/io/choice.c kernel/io/pace.c kernel/io/device.c kernel/io/limit.c
// sources: kernel/io/request.c kernel/io/ring.c kernel/io/transfer.c
// sources: kernel/io/schedule.c kernel/io/cost.c kernel/sched/heap.c
// sources: kernel/io/bounce.c kernel/io/verify.c kernel/io/block_sums.c kernel/io/checksum.c
// sources: kernel/io/repair.c kernel/io/block_copies.c
/*
 * The switch with three tenants and a wire: who hears whom, what is lost and what waits, limits, weights, a card that
 * goes down, and rings full of garbage.
 */
#include "kernel/link/link.h"
#include "kernel/network/bind.h"
#include "kernel/network/policy.h"
#include "kernel/network/switch.h"
#include "kernel/network/uplink.h"
#include "tests/unit/fake_io.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SECOND    1000000000ull
#define WIRE      99u /* a destination that is no tenant's */
#define EVERYBODY 100u
#define BUFFER_PAGE                                                                                \
    2u /* frames of a tenant from here hold buffers, two each; 16 to receive, 16 to send */

/* Nobody has links here. */
bool links_cut_between(struct tenant *one, struct tenant *other) {
    (void)one, (void)other;
    return true;
}

static struct network_grant grants[TENANTS];

/* ---- Tenants ---- */

static struct network_ring *ring(uint32_t n) {
    return (struct network_ring *)memory[n * FRAMES];
}

static void address(uint8_t *at, uint32_t n) {
    const uint8_t hardware[NETWORK_ADDRESS] = {0x02, 'R', 'F', 0, 0, (uint8_t)n};
    memcpy(at, hardware, NETWORK_ADDRESS);
    if (n == EVERYBODY)
        memset(at, 0xFF, NETWORK_ADDRESS);
}

static struct network_buffer buffer(uint32_t place, bool sends) {
    uint32_t page = BUFFER_PAGE + (sends ? 16 : 0) + place % 32 / 2;
    return (struct network_buffer){.frame = page,
                                   .offset = (uint16_t)(place % 2 * NETWORK_BUFFER_BYTES),
                                   .bytes = NETWORK_BUFFER_BYTES};
}

static uint8_t *bytes_of(uint32_t n, const struct network_buffer *at) {
    return memory[n * FRAMES + at->frame] + at->offset;
}

static void offer(uint32_t n, uint32_t count) {
    for (; count > 0; count--, ring(n)->receive_tail++)
        ring(n)->receive[ring(n)->receive_tail % NETWORK_ENTRIES] =
            buffer(ring(n)->receive_tail, false);
}

static void put(uint32_t n, uint32_t to, uint32_t bytes, uint32_t mark) {
    struct network_buffer at = buffer(ring(n)->transmit_tail, true);
    uint8_t *frame = bytes_of(n, &at);
    memset(frame, 0, NETWORK_BUFFER_BYTES);
    address(frame, to);
    address(frame + 6, n);
    frame[12] = 0x86; /* IPv6, from nobody, with nothing in it */
    frame[13] = 0xDD;
    frame[14] = 0x60;
    frame[20] = 59;
    memcpy(frame + bytes - sizeof mark, &mark, sizeof mark);
    at.bytes = (uint16_t)bytes;
    ring(n)->transmit[ring(n)->transmit_tail++ % NETWORK_ENTRIES] = at;
}

static uint32_t ring_doorbell(uint32_t n) {
    uint32_t accepted = 77;
    assert_int_equal(io_submit(&people[n], 0, &accepted), STATUS_OK);
    return accepted;
}

static void send(uint32_t n, uint32_t to, uint32_t bytes, uint32_t mark) {
    put(n, to, bytes, mark);
    ring_doorbell(n);
}

/* The next frame that tenant n has got: its mark. */
static uint32_t take(uint32_t n, uint32_t bytes) {
    uint32_t mark, place = ring(n)->receive_seen++ % NETWORK_ENTRIES;
    assert_int_not_equal(ring(n)->receive_head, ring(n)->receive_seen - 1);
    const struct network_buffer *at = &ring(n)->receive[place];
    assert_int_equal(at->bytes & ~NETWORK_INSIDE, bytes);
    memcpy(&mark, bytes_of(n, at) + bytes - sizeof mark, sizeof mark);
    return mark;
}

static uint32_t waiting(uint32_t n) {
    return ring(n)->receive_head - ring(n)->receive_seen;
}

static struct tenant_status status_of(uint32_t n) {
    struct tenant_status status = {0};
    network_fill_status(&people[n], &status);
    return status;
}

static void join(uint32_t n) {
    char reason[TENANT_REASON];
    assert_int_equal(network_bind(&people[n], &grants[n], 0, reason), STATUS_OK);
    assert_int_equal(io_attach(&people[n], 0, 0), STATUS_OK);
    assert_int_equal(io_attach(&people[n], 0, 1), STATUS_BUSY);
    offer(n, 16);
}

/* ---- The wire ---- */

static struct driver_request out[DRIVER_DEPTH]; /* by id; bytes 0: not in flight */
static uint32_t fetched[DRIVER_DEPTH], fetches;

static void fetch_all(void) {
    struct driver_request request;
    while (io_fetch(&driver, &request) == STATUS_OK) {
        out[request.id] = request;
        fetched[request.id] = ++fetches;
    }
}

static uint8_t *at_bus(uint64_t bus) {
    return (uint8_t *)memory + bus;
}

/* The oldest frame that the card has to send: its mark; 0: none. It is sent. */
static uint32_t card_sends(uint32_t *bytes) {
    uint32_t mark, first = DRIVER_DEPTH;
    fetch_all();
    for (uint32_t id = UPLINK_RECEIVES; id < DRIVER_DEPTH; id++)
        if (out[id].bytes != 0 && (first == DRIVER_DEPTH || fetched[id] < fetched[first]))
            first = id;
    if (first == DRIVER_DEPTH)
        return 0;
    *bytes = out[first].bytes;
    memcpy(&mark, at_bus(out[first].segments[0].bus_address) + *bytes - sizeof mark, sizeof mark);
    out[first].bytes = 0;
    assert_int_equal(io_complete(&driver, first, STATUS_OK, *bytes), STATUS_OK);
    return mark;
}

/* false: the card has no buffer. */
static bool card_receives(uint32_t to, uint32_t bytes, uint32_t mark) {
    fetch_all();
    for (uint32_t id = 0; id < UPLINK_RECEIVES; id++) {
        if (out[id].bytes == 0)
            continue;
        uint8_t *frame = at_bus(out[id].segments[0].bus_address);
        address(frame, to);
        memcpy(frame + bytes - sizeof mark, &mark, sizeof mark);
        out[id].bytes = 0;
        assert_int_equal(io_complete(&driver, id, STATUS_OK, bytes), STATUS_OK);
        return true;
    }
    return false;
}

static void start_card(void) {
    const struct device_description card = {.depth = DRIVER_DEPTH, .segment_limit = 1};
    memset(io_devices, 0, IO_DEVICES * sizeof *io_devices);
    io_device_count = 0;
    memset(out, 0, sizeof out);
    uplink_initialise();
    driver = (struct driver){
        .manifest = {.name = "test", .device = "net", .class = DEVICE_NETWORK, .dma = 1}};
    driver.device = io_device_make(&driver);
    assert_int_equal(io_check_description(&driver, &card), STATUS_OK);
    io_driver_ready(&driver, &card);
    io_name_devices();
}

static int setup(void **state) {
    static struct tenant_information told[TENANTS];
    (void)state;
    now = SECOND;
    io_devices[0].busy_until = 0;
    memset(memory, 0, sizeof memory);
    if (switch_of(&io_devices[0]) == NULL)
        start_card();
    for (uint32_t n = 0; n < TENANTS; n++) {
        people[n] = (struct tenant){.number = n, .state = TENANT_RUNNING, .information = &told[n]};
        tenants[n] = &people[n];
        grants[n] =
            (struct network_grant){.device = "net0", .weight = 100, .burst_milliseconds = 100};
        address(grants[n].identity.hardware, n);
        grants[n].identity.uplink = 1;
        join(n);
    }
    assert_int_equal(policy_set(0, 1, true), STATUS_OK);
    return 0;
}

static int teardown(void **state) {
    uint32_t bytes;
    (void)state;
    for (uint32_t n = 0; n < TENANTS; n++)
        assert_true(io_unbind(&people[n]));
    while (card_sends(&bytes) != 0)
        continue;
    switches_work(now);
    no_pin_is_left();
    return 0;
}

/* ---- Who hears whom ---- */

static void frames_reach_whom_they_are_for(void **state) {
    (void)state;
    for (uint32_t bytes = 60; bytes <= NETWORK_FRAME_MOST; bytes += 101) {
        send(0, 1, bytes, bytes);
        assert_int_equal(take(1, bytes), bytes);
        offer(1, 1);
    }
    assert_int_equal(waiting(0) + waiting(1) + waiting(2), 0);
    assert_int_equal(ring(0)->transmit_head, ring(0)->transmit_tail);
}

static void tenants_are_apart_unless_allowed(void **state) {
    (void)state;
    send(0, 2, 60, 1);
    send(2, 0, 60, 2);
    assert_int_equal(waiting(0) + waiting(2), 0);
    assert_int_equal(status_of(0).network.sent.refused, 1);
    assert_int_equal(policy_set(2, 0, true), STATUS_OK);
    send(0, 2, 60, 3);
    send(2, 0, 60, 4);
    assert_int_equal(take(2, 60), 3);
    assert_int_equal(take(0, 60), 4);
    assert_int_equal(policy_set(0, 2, false), STATUS_OK);
    send(2, 0, 60, 5);
    assert_int_equal(waiting(0), 0);
    assert_int_equal(policy_set(1, 1, true), STATUS_BAD_ARGUMENT);
    assert_int_equal(policy_set(1, TENANT_MAX, true), STATUS_BAD_HANDLE);
}

static void the_wire_is_for_those_with_an_uplink(void **state) {
    uint32_t bytes;
    (void)state;
    send(0, WIRE, 100, 7);
    assert_int_equal(card_sends(&bytes), 7);
    assert_int_equal(bytes, 100);
    assert_true(card_receives(0, 200, 8));
    assert_int_equal(take(0, 200), 8);
    people[2].bindings[0]->port->identity.uplink = 0;
    send(2, WIRE, 100, 9);
    assert_int_equal(card_sends(&bytes), 0);
    assert_true(card_receives(2, 100, 9));
    assert_true(card_receives(WIRE, 100, 9));
    assert_int_equal(waiting(2), 0);
    assert_int_equal(status_of(2).network.sent.refused, 1);
}

static void what_is_for_all_reaches_those_who_may_hear_it(void **state) {
    uint32_t bytes;
    (void)state;
    send(0, EVERYBODY, 60, 3);
    switches_work(now);
    assert_int_equal(take(1, 60), 3);
    assert_int_equal(card_sends(&bytes), 3);
    assert_int_equal(waiting(0) + waiting(2), 0);
    assert_true(card_receives(EVERYBODY, 60, 4));
    switches_work(now);
    for (uint32_t n = 0; n < TENANTS; n++)
        assert_int_equal(take(n, 60), 4);
}

/* Whoever gets a frame is told whether it may have been damaged on the way. */
static void what_never_was_on_the_wire_says_so(void **state) {
    (void)state;
    const struct network_buffer *got = ring(1)->receive;
    send(0, 1, 60, 1);
    send(0, EVERYBODY, 60, 2);
    switches_work(now);
    assert_int_equal(got[0].bytes, 60 | NETWORK_INSIDE);
    assert_int_equal(got[1].bytes, 60 | NETWORK_INSIDE);
    assert_true(card_receives(1, 60, 3));
    assert_true(card_receives(EVERYBODY, 60, 4));
    switches_work(now);
    assert_int_equal(got[2].bytes, 60);
    assert_int_equal(got[3].bytes, 60);
}

/* UDP without a checksum: the tenant gets it as it is, the wire gets it whole. */
static void what_goes_to_the_wire_is_summed(void **state) {
    (void)state;
    for (uint32_t to = 1; to <= WIRE; to += WIRE - 1) {
        put(0, to, 14 + 40 + 8 + 4, 0x11223344);
        struct network_buffer at = buffer(ring(0)->transmit_tail - 1, true);
        uint8_t *frame = bytes_of(0, &at);
        frame[19] = frame[59] = 12; /* lengths */
        frame[20] = 17;
        ring_doorbell(0);
    }
    assert_int_equal(take(1, 66), 0x11223344);
    const uint8_t *got = bytes_of(1, &ring(1)->receive[0]);
    assert_int_equal(got[60] << 8 | got[61], 0);
    fetch_all();
    for (uint32_t id = UPLINK_RECEIVES; id < DRIVER_DEPTH; id++)
        if (out[id].bytes != 0)
            got = at_bus(out[id].segments[0].bus_address);
    assert_int_equal(got[60] << 8 | got[61], 0xFFFF & ~(17 + 12 + 12 + 0x4433 + 0x2211));
}

static void forged_frames_go_nowhere(void **state) {
    uint32_t bytes;
    (void)state;
    put(0, 1, 60, 1);
    address(memory[BUFFER_PAGE + 16] + 6, 2);
    ring_doorbell(0);
    assert_int_equal(waiting(1), 0);
    assert_int_equal(status_of(0).network.sent.refused, 1);
    assert_int_equal(card_sends(&bytes), 0);
}

static void a_buffer_ends_with_its_page(void **state) {
    (void)state;
    put(0, 1, 1000, 1);
    ring(0)->transmit[0].offset = PAGE_SIZE - 999;
    ring_doorbell(0);
    assert_int_equal(waiting(1), 0);
    ring(1)->receive[0].offset = PAGE_SIZE - 999;
    send(0, 1, 1000, 2);
    assert_int_equal(ring(1)->receive[0].bytes, 0); /* passed over, and the frame is lost */
    send(0, 1, 1000, 3);
    ring(1)->receive_seen = 1;
    assert_int_equal(take(1, 1000), 3);
}

static void two_with_one_address_are_refused(void **state) {
    char reason[TENANT_REASON];
    (void)state;
    assert_int_equal(network_bind(&people[1], &grants[0], 1, reason), STATUS_BUSY);
    grants[1].identity.hardware[5] = 9;
    grants[1].identity.address = people[0].bindings[0]->port->identity.address = 0x0A000001;
    assert_int_equal(network_bind(&people[1], &grants[1], 1, reason), STATUS_BUSY);
    snprintf(grants[1].device, sizeof grants[1].device, "net7");
    assert_int_equal(network_bind(&people[1], &grants[1], 1, reason), STATUS_BAD_HANDLE);
}

/* ---- Room ---- */

static void who_does_not_take_loses_and_holds_up_nobody(void **state) {
    uint32_t bytes;
    (void)state;
    for (uint32_t n = 0; n < 100; n++)
        send(0, 1, 60, n + 1);
    assert_int_equal(waiting(1), 16);
    assert_int_equal(status_of(1).network.received.dropped, 84);
    send(0, WIRE, 60, 5);
    assert_int_equal(card_sends(&bytes), 5);
    for (uint32_t n = 0; n < 16; n++)
        assert_int_equal(take(1, 60), n + 1);
}

static void the_doorbell_takes_a_batch(void **state) {
    (void)state;
    for (uint32_t n = 0; n < 12; n++)
        put(0, 1, 60, n);
    assert_int_equal(ring_doorbell(0), NETWORK_SUBMIT_BATCH);
    assert_int_equal(ring_doorbell(0), 12 - NETWORK_SUBMIT_BATCH);
    assert_int_equal(ring_doorbell(0), 0);
}

/* The card has room for so many; the rest waits in the tenant's ring, in order, until it has sent. */
static void a_full_wire_keeps_order(void **state) {
    uint32_t bytes, count = 0;
    (void)state;
    for (uint32_t n = 1; n <= 30; n++)
        send(0, WIRE, 60, n);
    assert_int_equal(ring(0)->transmit_head, DRIVER_DEPTH - UPLINK_RECEIVES);
    while (card_sends(&bytes) != 0)
        count++;
    switches_work(now);
    while (card_sends(&bytes) != 0)
        count++;
    assert_int_equal(count, 30);
    assert_int_equal(ring(0)->transmit_head, 30);
}

static void garbage_in_a_ring_harms_nobody_else(void **state) {
    uint32_t seed = 1;
    (void)state;
    for (uint32_t round = 0; round < 200000; round++) {
        uint32_t *words = (uint32_t *)ring(2), place = rand_r(&seed) % 4 == 0 ? 5 : 512;
        words[rand_r(&seed) % place] =
            rand_r(&seed) % 3 == 0 ? (uint32_t)rand_r(&seed) : (uint32_t)rand_r(&seed) % 3000;
        ring_doorbell(2);
        if (round % 16 == 0)
            card_receives(2, 60 + round % 1000, round);
        if (round % 64 == 0) {
            send(0, 1, 60, round + 1);
            assert_int_equal(take(1, 60), round + 1);
            offer(1, 1);
        }
        now += 1000;
        switches_work(now);
    }
}

static void a_card_that_is_down_keeps_others_talking(void **state) {
    const struct device_description card = {.depth = DRIVER_DEPTH, .segment_limit = 1};
    uint32_t bytes;
    (void)state;
    fetch_all();
    send(0, WIRE, 60, 1);
    fetch_all();
    send(0, WIRE, 60, 7); /* the driver does not fetch this one */
    io_driver_crashed(&driver, true);
    memset(out, 0, sizeof out);
    send(0, 1, 60, 2);
    assert_int_equal(take(1, 60), 2);
    send(0, EVERYBODY, 60, 3);
    assert_int_equal(take(1, 60), 3);
    send(0, WIRE, 60, 4);
    assert_int_equal(ring(0)->transmit_tail - ring(0)->transmit_head, 1);
    switches_work(now += SECOND);
    assert_int_equal(io_complete(&driver, UPLINK_RECEIVES, STATUS_OK, 60), STATUS_BAD_ARGUMENT);
    io_driver_reset_done(&driver);
    io_driver_ready(&driver, &card);
    assert_int_equal(io_devices[0].frames_lost,
                     1); /* the one in flight; those that waited are not */
    assert_int_equal(card_sends(&bytes), 7);
    assert_int_equal(card_sends(&bytes), 4);
    assert_int_equal(card_sends(&bytes), 0);
}

static void impossible_completions_are_refused(void **state) {
    (void)state;
    fetch_all();
    assert_int_equal(io_complete(&driver, 0, STATUS_OK, NETWORK_FRAME_MOST + 1),
                     STATUS_BAD_ARGUMENT);
    assert_int_equal(io_complete(&driver, 0, STATUS_OK, NETWORK_FRAME_LEAST - 1),
                     STATUS_BAD_ARGUMENT);
    assert_int_equal(io_complete(&driver, UPLINK_RECEIVES, STATUS_OK, 60), STATUS_BAD_ARGUMENT);
    assert_int_equal(io_complete(&driver, DRIVER_DEPTH, STATUS_OK, 60), STATUS_BAD_ARGUMENT);
    assert_int_equal(io_complete(&driver, 0, STATUS_AGAIN, 60), STATUS_BAD_ARGUMENT);
    assert_int_equal(io_complete(&driver, 0, STATUS_IO_ERROR, 0), STATUS_OK);
    out[0].bytes = 0;
}

/* ---- Shares ---- */

static void limits_hold(void **state) {
    uint32_t taken = 0;
    (void)state;
    grants[0].send_packets = 1000;
    assert_int_equal(network_set_share(&people[0], &grants[0]), STATUS_OK);
    for (uint64_t end = now + 2 * SECOND; now < end; now += 100000) {
        while (ring(0)->transmit_tail - ring(0)->transmit_head < 8)
            put(0, 1, 60, 1);
        ring_doorbell(0);
        switches_work(now);
        for (; waiting(1) > 0; taken++) {
            take(1, 60);
            offer(1, 1);
        }
    }
    assert_in_range(taken, 2000, 2000 + 100 + 1); /* two seconds and a burst of 100 ms */
}

/* What its limit holds back it sends on its own time: it is told, once, when several frames may go. */
static void who_is_held_rings_again(void **state) {
    (void)state;
    grants[0].send_packets = 16000;
    assert_int_equal(network_set_share(&people[0], &grants[0]), STATUS_OK);
    for (uint32_t n = 0; n < 1610; n++) {
        send(0, 1, 60, 1);
        for (; waiting(1) > 0; offer(1, 1))
            take(1, 60);
    }
    uint32_t taken = ring(0)->transmit_head, told = events;
    assert_in_range(ring(0)->transmit_tail - taken, 1, 10);
    uint64_t due = switches_work(now);
    assert_in_range(due, now + 250000, now + 312500);
    switches_work(due - 1);
    assert_int_equal(events, told);
    now = due;
    assert_true(switches_work(now) > now);
    assert_int_equal(events, told + 1);
    assert_int_equal(ring(0)->transmit_head, taken);
    ring_doorbell(0);
    assert_in_range(ring(0)->transmit_head - taken, 4, 5);
}

static void what_comes_is_limited_too(void **state) {
    uint32_t taken = 0;
    (void)state;
    grants[1].receive_bytes = 100000;
    assert_int_equal(network_set_share(&people[1], &grants[1]), STATUS_OK);
    for (uint64_t end = now + SECOND; now < end; now += 100000) {
        send(0, 1, 1000, 1);
        for (; waiting(1) > 0; taken++) {
            take(1, 1000);
            offer(1, 1);
        }
    }
    assert_in_range(taken, 100, 100 + 10 + 1);
}

static void floods_are_limited(void **state) {
    uint32_t heard = 0;
    (void)state;
    for (uint64_t end = now + SECOND; now < end; now += 100000) {
        send(0, EVERYBODY, 60, 1);
        switches_work(now);
        for (; waiting(1) > 0; heard++) {
            take(1, 60);
            offer(1, 1);
        }
        uint32_t bytes;
        while (card_sends(&bytes) != 0)
            continue;
    }
    assert_in_range(heard, 100, 125);
}

static void the_wire_is_shared_by_weight(void **state) {
    uint32_t bytes, sent[TENANTS] = {0}, mark;
    (void)state;
    grants[0].weight = 300;
    assert_int_equal(network_set_share(&people[0], &grants[0]), STATUS_OK);
    for (uint32_t round = 0; round < 8000; round++) {
        for (uint32_t n = 0; n < 2; n++) {
            while (ring(n)->transmit_tail - ring(n)->transmit_head < 12)
                put(n, WIRE, n == 0 ? 1000 : 500, n + 1);
            ring_doorbell(n);
        }
        now += 10000;
        mark = card_sends(&bytes);
        if (round > 100 && mark != 0)
            sent[mark - 1] += bytes;
        switches_work(now);
    }
    double ratio = (double)sent[0] / sent[1];
    if (ratio < 2.95 ||
        ratio > 3.1) /* the cost of a small frame has a part that is not its bytes */
        fail_msg("the shares are %.3f to 1", ratio);
}

/* The card takes a frame of 1000 bytes in 10 us. Who has 40 MB a second reserved gets them, whatever the weights. */
static void a_reservation_at_the_wire_is_met(void **state) {
    uint32_t bytes, mark, requests;
    uint64_t sent[TENANTS] = {0}, began = 0;
    (void)state;
    grants[0].send_reservation = 40000000;
    grants[0].weight = 1;
    grants[1].weight = 10000;
    assert_int_equal(network_set_share(&people[0], &grants[0]), STATUS_OK);
    assert_int_equal(network_set_share(&people[1], &grants[1]), STATUS_OK);
    for (uint32_t round = 0; round < 20000; round++) {
        for (uint32_t n = 0; n < 2; n++) {
            while (ring(n)->transmit_tail - ring(n)->transmit_head < 12)
                put(n, WIRE, 1000, n + 1);
            ring_doorbell(n);
        }
        now += 10000;
        mark = card_sends(&bytes);
        began = round == 100 ? now : began;
        if (round > 100 && mark != 0)
            sent[mark - 1] += bytes;
        switches_work(now);
    }
    double rate = (double)sent[0] * 1e9 / (double)(now - began);
    if (rate < 39.2e6 || rate > 42e6)
        fail_msg("%.1f MB a second", rate / 1e6);
    requests = network_reserved_at("net0", &grants[0]);
    assert_in_range(network_bytes_of("net0", requests), 39900000, 40100000);
    assert_int_equal(network_reserved_at("net1", &grants[0]), 0);
}

/* The card takes whatever it is given at once, but is described as one of 20 MB a second, with a latency: so is what it
 * gets, of which the first has 12 MB a second reserved, whatever the weights. */
static void a_described_card_keeps_its_pace(void **state) {
    static const struct device_model slow = {
        .cost = {.base = {{1, 1}, {1, 1}}, .per_megabyte = {52428800, 52428800}},
        .latency_target = 1000000,
    };
    uint32_t bytes, mark;
    const struct device_model before = io_devices[0].model;
    uint64_t sent[TENANTS + 1] = {0}, began = now;
    (void)state;
    assert_int_equal(io_set_model(&driver, &slow, 0), STATUS_OK);
    grants[0].send_reservation = 12000000;
    grants[0].weight = 1;
    grants[1].weight = 10000;
    assert_int_equal(network_set_share(&people[0], &grants[0]), STATUS_OK);
    assert_int_equal(network_set_share(&people[1], &grants[1]), STATUS_OK);
    for (uint32_t round = 0; round < 40000; round++) {
        for (uint32_t n = 0; n < 2; n++) {
            while (ring(n)->transmit_tail - ring(n)->transmit_head < 12)
                put(n, WIRE, 1000, n + 1);
            ring_doorbell(n);
        }
        now += 25000;
        switches_work(now);
        while ((mark = card_sends(&bytes)) != 0)
            sent[mark] += bytes;
    }
    double seconds = (double)(now - began) / 1e9;
    double first = (double)sent[1] / seconds / 1e6, second = (double)sent[2] / seconds / 1e6;
    if (first < 11.8 || first > 12.6 || first + second < 19 || first + second > 20.5)
        fail_msg("%.1f and %.1f MB a second", first, second);
    assert_int_equal(io_set_model(&driver, &before, 0), STATUS_OK);
}

/* ---- The end of a tenant ---- */

static void a_tenant_may_die_at_any_time(void **state) {
    (void)state;
    for (uint32_t round = 0; round < 1000; round++) {
        uint32_t bytes;
        for (uint32_t n = 0; n < round % 20; n++)
            send(0, n % 3 == 0 ? EVERYBODY : n % 3 == 1 ? 1 : WIRE, 60, n + 1);
        if (round % 3 == 0)
            card_receives(EVERYBODY, 60, 1);
        uint32_t dies = round % TENANTS;
        assert_true(io_unbind(&people[dies]));
        fetch_all();
        while (card_sends(&bytes) != 0)
            continue;
        switches_work(now += 1000000);
        memset(memory[dies * FRAMES], 0, 4096);
        join(dies);
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(frames_reach_whom_they_are_for),
        TEST(tenants_are_apart_unless_allowed),
        TEST(the_wire_is_for_those_with_an_uplink),
        TEST(what_is_for_all_reaches_those_who_may_hear_it),
        TEST(what_never_was_on_the_wire_says_so),
        TEST(what_goes_to_the_wire_is_summed),
        TEST(forged_frames_go_nowhere),
        TEST(a_buffer_ends_with_its_page),
        TEST(two_with_one_address_are_refused),
        TEST(who_does_not_take_loses_and_holds_up_nobody),
        TEST(the_doorbell_takes_a_batch),
        TEST(a_full_wire_keeps_order),
        TEST(garbage_in_a_ring_harms_nobody_else),
        TEST(a_card_that_is_down_keeps_others_talking),
        TEST(impossible_completions_are_refused),
        TEST(limits_hold),
        TEST(who_is_held_rings_again),
        TEST(what_comes_is_limited_too),
        TEST(floods_are_limited),
        TEST(the_wire_is_shared_by_weight),
        TEST(a_reservation_at_the_wire_is_met),
        TEST(a_described_card_keeps_its_pace),
        TEST(a_tenant_may_die_at_any_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
