// SPDX-License-Identifier: MIT
// sources: tests/unit/fake_network.c
/*
 * Who hears whom: tenants that may, the wire, and all at once; what a frame must be to go anywhere; and tenants that die meanwhile.
 */
#include "tests/unit/fake_network.h"

static void frames_reach_whom_they_are_for(void **state) {
    (void)state;
    for (uint32_t bytes = 60; bytes <= NETWORK_FRAME_MOST; bytes += 101) {
        send_frame(0, 1, bytes, bytes);
        assert_int_equal(take_frame(1, bytes), bytes);
        offer_buffers(1, 1);
    }
    assert_int_equal(frames_waiting(0) + frames_waiting(1) + frames_waiting(2), 0);
    assert_int_equal(port_ring(0)->transmit_head, port_ring(0)->transmit_tail);
}

static void tenants_are_apart_unless_allowed(void **state) {
    (void)state;
    send_frame(0, 2, 60, 1);
    send_frame(2, 0, 60, 2);
    assert_int_equal(frames_waiting(0) + frames_waiting(2), 0);
    assert_int_equal(status_of(0).network.sent.refused, 1);
    assert_int_equal(policy_set(2, 0, true), STATUS_OK);
    send_frame(0, 2, 60, 3);
    send_frame(2, 0, 60, 4);
    assert_int_equal(take_frame(2, 60), 3);
    assert_int_equal(take_frame(0, 60), 4);
    assert_int_equal(policy_set(0, 2, false), STATUS_OK);
    send_frame(2, 0, 60, 5);
    assert_int_equal(frames_waiting(0), 0);
    assert_int_equal(policy_set(1, 1, true), STATUS_BAD_ARGUMENT);
    assert_int_equal(policy_set(1, TENANT_MAX, true), STATUS_BAD_HANDLE);
}

static void the_wire_is_for_those_with_an_uplink(void **state) {
    uint32_t bytes;
    (void)state;
    send_frame(0, WIRE, 100, 7);
    assert_int_equal(card_sends(&bytes), 7);
    assert_int_equal(bytes, 100);
    assert_true(card_receives(0, 200, 8));
    assert_int_equal(take_frame(0, 200), 8);
    people[2].bindings[0]->port->identity.uplink = 0;
    send_frame(2, WIRE, 100, 9);
    assert_int_equal(card_sends(&bytes), 0);
    assert_true(card_receives(2, 100, 9));
    assert_true(card_receives(WIRE, 100, 9));
    assert_int_equal(frames_waiting(2), 0);
    assert_int_equal(status_of(2).network.sent.refused, 1);
}

static void what_is_for_all_reaches_those_who_may_hear_it(void **state) {
    uint32_t bytes;
    (void)state;
    send_frame(0, EVERYBODY, 60, 3);
    switches_work(now);
    assert_int_equal(take_frame(1, 60), 3);
    assert_int_equal(card_sends(&bytes), 3);
    assert_int_equal(frames_waiting(0) + frames_waiting(2), 0);
    assert_true(card_receives(EVERYBODY, 60, 4));
    switches_work(now);
    for (uint32_t n = 0; n < TENANTS; n++)
        assert_int_equal(take_frame(n, 60), 4);
}

/* Whoever gets a frame is told whether it may have been damaged on the way. */
static void what_never_was_on_the_wire_says_so(void **state) {
    (void)state;
    const struct network_buffer *got = port_ring(1)->receive;
    send_frame(0, 1, 60, 1);
    send_frame(0, EVERYBODY, 60, 2);
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
        put_frame(0, to, 14 + 40 + 8 + 4, 0x11223344);
        struct network_buffer at = buffer_at(port_ring(0)->transmit_tail - 1, true);
        uint8_t *frame = bytes_of(0, &at);
        frame[19] = frame[59] = 12; /* lengths */
        frame[20] = 17;
        ring_doorbell(0);
    }
    assert_int_equal(take_frame(1, 66), 0x11223344);
    const uint8_t *got = bytes_of(1, &port_ring(1)->receive[0]);
    assert_int_equal(got[60] << 8 | got[61], 0);
    fetch_all();
    for (uint32_t id = UPLINK_RECEIVES; id < DRIVER_DEPTH; id++)
        if (at_card[id].bytes != 0)
            got = at_bus(at_card[id].segments[0].bus_address);
    assert_int_equal(got[60] << 8 | got[61], 0xFFFF & ~(17 + 12 + 12 + 0x4433 + 0x2211));
}

static void forged_frames_go_nowhere(void **state) {
    uint32_t bytes;
    (void)state;
    put_frame(0, 1, 60, 1);
    write_address(memory[BUFFER_PAGE + 16] + 6, 2);
    ring_doorbell(0);
    assert_int_equal(frames_waiting(1), 0);
    assert_int_equal(status_of(0).network.sent.refused, 1);
    assert_int_equal(card_sends(&bytes), 0);
}

static void a_buffer_ends_with_its_page(void **state) {
    (void)state;
    put_frame(0, 1, 1000, 1);
    port_ring(0)->transmit[0].offset = PAGE_SIZE - 999;
    ring_doorbell(0);
    assert_int_equal(frames_waiting(1), 0);
    port_ring(1)->receive[0].offset = PAGE_SIZE - 999;
    send_frame(0, 1, 1000, 2);
    assert_int_equal(port_ring(1)->receive[0].bytes, 0); /* passed over, and the frame is lost */
    send_frame(0, 1, 1000, 3);
    port_ring(1)->receive_seen = 1;
    assert_int_equal(take_frame(1, 1000), 3);
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

static void a_tenant_may_die_at_any_time(void **state) {
    (void)state;
    for (uint32_t round = 0; round < 1000; round++) {
        uint32_t bytes;
        for (uint32_t n = 0; n < round % 20; n++)
            send_frame(0, n % 3 == 0 ? EVERYBODY : n % 3 == 1 ? 1 : WIRE, 60, n + 1);
        if (round % 3 == 0)
            card_receives(EVERYBODY, 60, 1);
        uint32_t dies = round % TENANTS;
        assert_true(io_unbind(&people[dies]));
        fetch_all();
        while (card_sends(&bytes) != 0)
            continue;
        switches_work(now += 1000000);
        memset(memory[dies * FRAMES], 0, 4096);
        join_switch(dies);
    }
}

int main(void) {
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
        TEST(a_tenant_may_die_at_any_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
