// SPDX-License-Identifier: MIT
// sources: kernel/network/internet_checksum.c
/*
 * Checksums that a tenant left out: made where one belongs (checked by summing all of it again, RFC 1071), and nothing
 * touched where none does.
 */
#include "kernel/network/internet_checksum.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TCP   6
#define UDP   17
#define MOST  1514u
#define IP    14u
#define ROUND 400u

static uint8_t frame[MOST];

static void put16(uint32_t at, uint32_t value) {
    frame[at] = (uint8_t)(value >> 8);
    frame[at + 1] = (uint8_t)value;
}

static uint32_t header_bytes(bool is_ipv6) {
    return is_ipv6 ? 40 : 20;
}

static uint32_t sum_at(bool is_ipv6, uint32_t protocol) {
    return IP + header_bytes(is_ipv6) + (protocol == TCP ? 16 : 6);
}

/* A packet without a checksum of TCP or UDP; its bytes. */
static uint32_t packet(bool is_ipv6, uint32_t protocol, uint32_t segment) {
    for (uint32_t n = 0; n < MOST; n++)
        frame[n] = (uint8_t)rand();
    put16(12, is_ipv6 ? 0x86DD : 0x0800);
    frame[IP] = is_ipv6 ? 0x60 : 0x45;
    if (is_ipv6) {
        put16(IP + 4, segment);
        frame[IP + 6] = (uint8_t)protocol;
    } else {
        put16(IP + 2, 20 + segment);
        put16(IP + 6, 0x4000);
        frame[IP + 9] = (uint8_t)protocol;
    }
    if (!is_ipv6)
        put16(IP + 10, 0x1234); /* its header has one */
    put16(sum_at(is_ipv6, protocol), 0);
    return IP + header_bytes(is_ipv6) + segment;
}

/* The plain way: 16 bits at a time, as RFC 793 and RFC 8200 (8.1) say. 0xFFFF: it is right. */
static uint32_t sum_of_all(bool is_ipv6, uint32_t protocol, uint32_t segment) {
    uint32_t sum = protocol + segment, start = IP + (is_ipv6 ? 8 : 12);
    uint32_t end = IP + header_bytes(is_ipv6) + segment;
    for (uint32_t at = start; at < end; at += 2)
        sum += (uint32_t)frame[at] << 8 | (at + 1 < end ? frame[at + 1] : 0u);
    while (sum >> 16 != 0)
        sum = (sum >> 16) + (sum & 0xFFFF);
    return sum;
}

static void sums_are_right(void **state) {
    (void)state;
    for (uint32_t round = 0; round < ROUND; round++) {
        bool is_ipv6 = round & 1;
        uint32_t protocol = round & 2 ? TCP : UDP, least = protocol == TCP ? 20 : 8;
        uint32_t segment = least + (uint32_t)rand() % (MOST - IP - 40 - least + 1);
        uint32_t bytes = packet(is_ipv6, protocol, segment);
        uint32_t padded = bytes < 60 ? 60 : bytes;
        internet_checksum_complete(frame, padded);
        assert_int_equal(sum_of_all(is_ipv6, protocol, segment), 0xFFFF);
        assert_true(frame[sum_at(is_ipv6, protocol)] | frame[sum_at(is_ipv6, protocol) + 1]);
    }
}

/* Of any protocol, of pieces too; one that is there is left alone (what has none for TCP gets it: ICMP here). */
static void headers_are_summed(void **state) {
    (void)state;
    for (uint32_t round = 0; round < ROUND; round++) {
        uint32_t words = 5 + (uint32_t)rand() % 11, sum = 0, was = round % 2;
        uint32_t bytes = packet(false, 1, 200);
        frame[IP] = (uint8_t)(0x40 | words);
        frame[IP + 6] = (uint8_t)rand();
        put16(IP + 10, was);
        internet_checksum_complete(frame, bytes);
        for (uint32_t at = IP; at < IP + words * 4; at += 2)
            sum += (uint32_t)frame[at] << 8 | frame[at + 1];
        while (sum >> 16 != 0)
            sum = (sum >> 16) + (sum & 0xFFFF);
        if (was)
            assert_int_equal(frame[IP + 10] << 8 | frame[IP + 11], was);
        else
            assert_int_equal(sum, 0xFFFF);
    }
}

static void no_sum_is_none(void **state) {
    (void)state;
    uint32_t bytes = packet(false, UDP, 10);
    memset(frame + IP + 12, 0, 8 + 10); /* addresses, and all of the segment */
    put16(IP + 20 + 8, 0xFFFFu - UDP - 10);
    internet_checksum_complete(frame, bytes); /* its sum is 0xFFFF, so its checksum would be 0 */
    assert_int_equal(frame[IP + 26] << 8 | frame[IP + 27], 0xFFFF);
}

/* ---- Left alone ---- */

static void is_left_alone(uint32_t bytes) {
    uint8_t before[MOST];
    memcpy(before, frame, MOST);
    internet_checksum_complete(frame, bytes);
    assert_memory_equal(before, frame, MOST);
}

static void one_that_has_a_sum(void **state) {
    (void)state;
    uint32_t bytes = packet(false, TCP, 100);
    put16(sum_at(false, TCP), 1);
    is_left_alone(bytes);
}

static void pieces_and_others(void **state) {
    (void)state;
    uint32_t bytes = packet(false, UDP, 100);
    put16(IP + 6, 0x2000);
    is_left_alone(bytes); /* more follow */
    put16(IP + 6, 100);
    is_left_alone(bytes); /* not the first */
    bytes = packet(false, UDP, 100);
    frame[IP + 9] = 1;
    is_left_alone(bytes); /* ICMP */
    bytes = packet(true, UDP, 100);
    frame[IP + 6] = 44;
    is_left_alone(bytes); /* a fragment's header comes first */
    bytes = packet(false, UDP, 100);
    put16(12, 0x0806);
    is_left_alone(bytes); /* ARP */
}

/* Lengths that lie: nothing behind the frame is read, as the sanitizer sees. */
static void lengths_that_do_not_fit(void **state) {
    (void)state;
    for (uint32_t round = 0; round < 20 * ROUND; round++) {
        bool is_ipv6 = round & 1;
        uint32_t protocol = round & 2 ? TCP : UDP, segment = (uint32_t)rand() % 1200;
        uint32_t bytes = packet(is_ipv6, protocol, segment);
        frame[IP + (uint32_t)rand() % 8] = (uint8_t)rand();
        bytes = (uint32_t)rand() % (bytes + 1);
        uint8_t *exact = malloc(bytes);
        memcpy(exact, frame, bytes);
        internet_checksum_complete(exact, bytes);
        free(exact);
    }
}

static void one_cut_short(void **state) {
    (void)state;
    for (uint32_t protocol = TCP; protocol <= UDP; protocol += UDP - TCP) {
        uint32_t bytes = packet(false, protocol, 100);
        is_left_alone(bytes - 1);
        bytes = packet(true, protocol, 100);
        is_left_alone(bytes - 1);
        bytes = packet(false, protocol, protocol == TCP ? 19 : 7);
        is_left_alone(bytes);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_right),    cmocka_unit_test(headers_are_summed),
        cmocka_unit_test(no_sum_is_none),    cmocka_unit_test(one_that_has_a_sum),
        cmocka_unit_test(pieces_and_others), cmocka_unit_test(lengths_that_do_not_fit),
        cmocka_unit_test(one_cut_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
