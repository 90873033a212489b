// SPDX-License-Identifier: MIT
// sources: tests/unit/fake_network.c
/*
 * Limits, weights and reservations: how much a tenant sends and receives beside others.
 */
#include "tests/unit/fake_network.h"

static void limits_hold(void **state) {
    uint32_t taken = 0;
    (void)state;
    grants[0].send_packets = 1000;
    assert_int_equal(network_set_share(&people[0], &grants[0]), STATUS_OK);
    for (uint64_t end = now + 2 * SECOND; now < end; now += 100000) {
        while (port_ring(0)->transmit_tail - port_ring(0)->transmit_head < 8)
            put_frame(0, 1, 60, 1);
        ring_doorbell(0);
        switches_work(now);
        for (; frames_waiting(1) > 0; taken++) {
            take_frame(1, 60);
            offer_buffers(1, 1);
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
        send_frame(0, 1, 60, 1);
        for (; frames_waiting(1) > 0; offer_buffers(1, 1))
            take_frame(1, 60);
    }
    uint32_t taken = port_ring(0)->transmit_head, told = events;
    assert_in_range(port_ring(0)->transmit_tail - taken, 1, 10);
    uint64_t due = switches_work(now);
    assert_in_range(due, now + 250000, now + 312500);
    switches_work(due - 1);
    assert_int_equal(events, told);
    now = due;
    assert_true(switches_work(now) > now);
    assert_int_equal(events, told + 1);
    assert_int_equal(port_ring(0)->transmit_head, taken);
    ring_doorbell(0);
    assert_in_range(port_ring(0)->transmit_head - taken, 4, 5);
}

static void what_comes_is_limited_too(void **state) {
    uint32_t taken = 0;
    (void)state;
    grants[1].receive_bytes = 100000;
    assert_int_equal(network_set_share(&people[1], &grants[1]), STATUS_OK);
    for (uint64_t end = now + SECOND; now < end; now += 100000) {
        send_frame(0, 1, 1000, 1);
        for (; frames_waiting(1) > 0; taken++) {
            take_frame(1, 1000);
            offer_buffers(1, 1);
        }
    }
    assert_in_range(taken, 100, 100 + 10 + 1);
}

static void floods_are_limited(void **state) {
    uint32_t heard = 0;
    (void)state;
    for (uint64_t end = now + SECOND; now < end; now += 100000) {
        send_frame(0, EVERYBODY, 60, 1);
        switches_work(now);
        for (; frames_waiting(1) > 0; heard++) {
            take_frame(1, 60);
            offer_buffers(1, 1);
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
            while (port_ring(n)->transmit_tail - port_ring(n)->transmit_head < 12)
                put_frame(n, WIRE, n == 0 ? 1000 : 500, n + 1);
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
            while (port_ring(n)->transmit_tail - port_ring(n)->transmit_head < 12)
                put_frame(n, WIRE, 1000, n + 1);
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
            while (port_ring(n)->transmit_tail - port_ring(n)->transmit_head < 12)
                put_frame(n, WIRE, 1000, n + 1);
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

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(limits_hold),
        TEST(who_is_held_rings_again),
        TEST(what_comes_is_limited_too),
        TEST(floods_are_limited),
        TEST(the_wire_is_shared_by_weight),
        TEST(a_reservation_at_the_wire_is_met),
        TEST(a_described_card_keeps_its_pace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
