// SPDX-License-Identifier: MIT
// sources: kernel/network/sender.c
/*
 * Frames that a tenant may and may not send: each lie is told by one byte or field of an honest frame.
 */
#include "kernel/network/sender.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct network_identity self = {
    .hardware = {0x02, 'R', 'F', 1, 2, 3}, .prefix = 24, .address = 0x0A000214};
static const struct network_identity by_dhcp = {.hardware = {0x02, 'R', 'F', 1, 2, 3}};

static uint8_t frame[HEADER_BYTES];

static void put16(uint32_t at, uint32_t value) {
    frame[at] = (uint8_t)(value >> 8);
    frame[at + 1] = (uint8_t)value;
}

static void put32(uint32_t at, uint32_t value) {
    put16(at, value >> 16);
    put16(at + 2, value & 0xFFFF);
}

static void ethernet(uint32_t type) {
    memset(frame, 0, sizeof frame);
    memset(frame, 0xFF, NETWORK_ADDRESS);
    memcpy(frame + 6, self.hardware, NETWORK_ADDRESS);
    put16(12, type);
}

static void arp(uint32_t sender) {
    ethernet(0x0806);
    put16(14, 1);
    put16(16, 0x0800);
    frame[18] = 6;
    frame[19] = 4;
    put16(20, 1);
    memcpy(frame + 22, self.hardware, NETWORK_ADDRESS);
    put32(28, sender);
}

static void ipv4(uint32_t source, uint32_t protocol, uint32_t from, uint32_t to) {
    ethernet(0x0800);
    frame[14] = 0x45;
    frame[23] = (uint8_t)protocol;
    put32(26, source);
    put32(30, 0x08080808);
    put16(34, from);
    put16(36, to);
}

/* A client's message: what it is known by lies within. */
static void dhcp(uint32_t source) {
    ipv4(source, 17, 68, 67);
    frame[42] = 1;
    frame[43] = 1;
    frame[44] = NETWORK_ADDRESS;
    memcpy(frame + 70, self.hardware, NETWORK_ADDRESS);
}

static void own_ipv6_address(uint32_t at) {
    const uint8_t interface[8] = {0x00, 'R', 'F', 0xFF, 0xFE, 1, 2, 3};
    frame[at] = 0xFE;
    frame[at + 1] = 0x80;
    memcpy(frame + at + 8, interface, sizeof interface);
}

static void ipv6(uint32_t protocol) {
    ethernet(0x86DD);
    frame[14] = 0x60;
    frame[20] = (uint8_t)protocol;
    own_ipv6_address(22);
}

static bool is_honest(void) {
    return sender_is_honest(frame, 90, &self);
}

static void own_addresses_pass(void **state) {
    (void)state;
    arp(self.address);
    assert_true(is_honest());
    arp(0); /* a probe: RFC 5227 */
    assert_true(is_honest());
    ipv4(self.address, 6, 1234, 80);
    assert_true(is_honest());
    dhcp(0);
    assert_true(is_honest());
    ipv6(6);
    assert_true(is_honest());
}

static void each_lie_is_seen(void **state) {
    (void)state;
    for (uint32_t n = 6; n < 12; n++) { /* another's hardware address, in each byte */
        ipv4(self.address, 6, 1, 2);
        frame[n] ^= 4;
        assert_false(is_honest());
        arp(self.address);
        frame[n + 16] ^= 4;
        assert_false(is_honest());
    }
    arp(self.address + 1);
    assert_false(is_honest());
    ipv4(self.address + 1, 6, 1, 2);
    assert_false(is_honest());
    ipv4(self.address, 17, 67, 68); /* answers as a DHCP server */
    assert_false(is_honest());
    ipv4(0, 17, 68, 69); /* no address, and no request for one */
    assert_false(is_honest());
    ipv4(0, 6, 68, 67);
    assert_false(is_honest());
    ipv6(6);
    frame[37] ^= 1;
    assert_false(is_honest());
}

static void odd_kinds_are_refused(void **state) {
    (void)state;
    const uint32_t types[] = {0x8100, 0x88A8, 0x0000, 0x05DC, 0x88CC, 0x8863, 0xFFFF};
    for (size_t n = 0; n < sizeof types / sizeof types[0]; n++) {
        ipv4(self.address, 6, 1, 2);
        put16(12, types[n]);
        assert_false(is_honest());
    }
    ipv4(self.address, 6, 1, 2);
    frame[14] = 0x44; /* a header of 16 bytes */
    assert_false(is_honest());
    frame[14] = 0x65;
    assert_false(is_honest());
    arp(self.address);
    frame[18] = 8;
    assert_false(is_honest());
}

static void who_asks_by_dhcp_is_not_known_by_ipv4(void **state) {
    (void)state;
    ipv4(0x01020304, 6, 1, 2);
    assert_true(sender_is_honest(frame, 90, &by_dhcp));
    arp(0x01020304);
    assert_true(sender_is_honest(frame, 90, &by_dhcp));
    ipv4(0x01020304, 17, 67, 68);
    assert_false(sender_is_honest(frame, 90, &by_dhcp));
}

static void no_lease_is_asked_for_or_given_back_for_another(void **state) {
    (void)state;
    const uint32_t sources[] = {0, self.address};
    for (uint32_t n = 0; n < 2; n++) {
        dhcp(sources[n]);
        assert_true(is_honest());
        assert_false(sender_is_honest(frame, 75, &self));
        frame[75] ^= 1;
        assert_false(is_honest());
    }
    dhcp(0);
    frame[44] = 5;
    assert_false(is_honest());
    dhcp(0);
    frame[14] = 0x4F; /* behind options it would not be seen */
    assert_false(is_honest());
}

static void who_has_no_address_asks_for_its_own_alone(void **state) {
    (void)state;
    ipv6(58);
    memset(frame + 22, 0, 16);
    frame[54] = 135;
    assert_false(is_honest());
    own_ipv6_address(62);
    assert_true(is_honest());
    assert_false(sender_is_honest(frame, 77, &self));
    frame[77] ^= 1;
    assert_false(is_honest());
}

static void control_messages_speak_for_their_sender(void **state) {
    (void)state;
    ipv6(58);
    frame[54] = 135; /* a question */
    assert_true(is_honest());
    frame[54] = 2; /* a router's word that a packet was too big */
    assert_false(is_honest());
    frame[54] = 136; /* an advertisement of nobody's address, then of its own */
    assert_false(is_honest());
    own_ipv6_address(62);
    assert_true(is_honest());
    frame[77] ^= 1;
    assert_false(is_honest());
    frame[54] = 134; /* a router */
    assert_false(is_honest());
    frame[54] = 137;
    assert_false(is_honest());
}

static void nothing_hides_behind_options_or_fragments(void **state) {
    (void)state;
    ipv6(0); /* hop-by-hop, then a listener's report */
    frame[54] = 58;
    frame[55] = 0;
    frame[62] = 143;
    assert_true(is_honest());
    frame[62] = 134;
    assert_false(is_honest());
    frame[62] = 143;
    frame[55] = 200; /* the message lies beyond what is looked at */
    assert_false(is_honest());
    const uint32_t others[] = {43, 60, 50, 51, 4, 41, 135};
    for (size_t n = 0; n < sizeof others / sizeof others[0]; n++) {
        ipv6(others[n]);
        assert_false(is_honest());
    }
    ipv6(44);
    frame[54] = 17;
    assert_true(is_honest());
    frame[54] = 58;
    assert_false(is_honest());
    ipv6(17);
    put16(54, 547);
    assert_false(is_honest());
}

static void short_frames_are_refused(void **state) {
    (void)state;
    for (uint32_t bytes = 0; bytes < 34; bytes++) {
        ipv4(self.address, 6, 1, 2);
        assert_false(sender_is_honest(frame, bytes, &self));
    }
    for (uint32_t bytes = 0; bytes < 54; bytes++) {
        ipv6(59);
        assert_false(sender_is_honest(frame, bytes, &self));
    }
    for (uint32_t bytes = 0; bytes < 42; bytes++) {
        arp(self.address);
        assert_false(sender_is_honest(frame, bytes, &self));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_addresses_pass),
        cmocka_unit_test(each_lie_is_seen),
        cmocka_unit_test(odd_kinds_are_refused),
        cmocka_unit_test(who_asks_by_dhcp_is_not_known_by_ipv4),
        cmocka_unit_test(no_lease_is_asked_for_or_given_back_for_another),
        cmocka_unit_test(who_has_no_address_asks_for_its_own_alone),
        cmocka_unit_test(control_messages_speak_for_their_sender),
        cmocka_unit_test(nothing_hides_behind_options_or_fragments),
        cmocka_unit_test(short_frames_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
