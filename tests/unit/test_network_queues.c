// SPDX-License-Identifier: MIT
// sources: tests/unit/fake_network.c
/*
 * Where frames wait, and what harm a ring or a card can do there: no room, a full wire, garbage, a card that goes down.
 */
#include "tests/unit/fake_network.h"

static void who_does_not_take_loses_and_holds_up_nobody(void **state) {
    uint32_t bytes;
    (void)state;
    for (uint32_t n = 0; n < 100; n++)
        send_frame(0, 1, 60, n + 1);
    assert_int_equal(frames_waiting(1), 16);
    assert_int_equal(status_of(1).network.received.dropped, 84);
    send_frame(0, WIRE, 60, 5);
    assert_int_equal(card_sends(&bytes), 5);
    for (uint32_t n = 0; n < 16; n++)
        assert_int_equal(take_frame(1, 60), n + 1);
}

static void the_doorbell_takes_a_batch(void **state) {
    (void)state;
    for (uint32_t n = 0; n < 12; n++)
        put_frame(0, 1, 60, n);
    assert_int_equal(ring_doorbell(0), NETWORK_SUBMIT_BATCH);
    assert_int_equal(ring_doorbell(0), 12 - NETWORK_SUBMIT_BATCH);
    assert_int_equal(ring_doorbell(0), 0);
}

/* The card has room for so many; the rest waits in the tenant's ring, in order, until it has sent. */
static void a_full_wire_keeps_order(void **state) {
    uint32_t bytes, count = 0;
    (void)state;
    for (uint32_t n = 1; n <= 30; n++)
        send_frame(0, WIRE, 60, n);
    assert_int_equal(port_ring(0)->transmit_head, DRIVER_DEPTH - UPLINK_RECEIVES);
    while (card_sends(&bytes) != 0)
        count++;
    switches_work(now);
    while (card_sends(&bytes) != 0)
        count++;
    assert_int_equal(count, 30);
    assert_int_equal(port_ring(0)->transmit_head, 30);
}

static void garbage_in_a_ring_harms_nobody_else(void **state) {
    uint32_t seed = 1;
    (void)state;
    for (uint32_t round = 0; round < 200000; round++) {
        uint32_t *words = (uint32_t *)port_ring(2), place = rand_r(&seed) % 4 == 0 ? 5 : 512;
        words[rand_r(&seed) % place] =
            rand_r(&seed) % 3 == 0 ? (uint32_t)rand_r(&seed) : (uint32_t)rand_r(&seed) % 3000;
        ring_doorbell(2);
        if (round % 16 == 0)
            card_receives(2, 60 + round % 1000, round);
        if (round % 64 == 0) {
            send_frame(0, 1, 60, round + 1);
            assert_int_equal(take_frame(1, 60), round + 1);
            offer_buffers(1, 1);
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
    send_frame(0, WIRE, 60, 1);
    fetch_all();
    send_frame(0, WIRE, 60, 7); /* the driver does not fetch this one */
    io_driver_crashed(&driver, true);
    memset(at_card, 0, sizeof at_card);
    send_frame(0, 1, 60, 2);
    assert_int_equal(take_frame(1, 60), 2);
    send_frame(0, EVERYBODY, 60, 3);
    assert_int_equal(take_frame(1, 60), 3);
    send_frame(0, WIRE, 60, 4);
    assert_int_equal(port_ring(0)->transmit_tail - port_ring(0)->transmit_head, 1);
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
    at_card[0].bytes = 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(who_does_not_take_loses_and_holds_up_nobody),
        TEST(the_doorbell_takes_a_batch),
        TEST(a_full_wire_keeps_order),
        TEST(garbage_in_a_ring_harms_nobody_else),
        TEST(a_card_that_is_down_keeps_others_talking),
        TEST(impossible_completions_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
