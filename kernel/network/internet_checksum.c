// SPDX-License-Identifier: MIT
#include "kernel/network/internet_checksum.h"

#include <stdbool.h>
#include <string.h>

#define ETHERNET_BYTES 14u
#define TYPE_IPV4      0x0800u
#define TYPE_IPV6      0x86DDu

#define IPV4_BYTES     20u
#define IPV4_SUM       10u
#define IPV4_ADDRESSES 12u     /* where both are in its header */
#define IPV4_PIECE     0x3FFFu /* more fragments, or not the first */
#define IPV6_BYTES     40u
#define IPV6_ADDRESSES 8u

#define PROTOCOL_TCP 6u
#define PROTOCOL_UDP 17u
#define TCP_BYTES    20u
#define TCP_SUM      16u
#define UDP_BYTES    8u
#define UDP_SUM      6u

static uint32_t read8(const uint8_t *at) {
    return *(const volatile uint8_t *)at;
}

/* A card could still write to the frame: what is checked is read once. */
static uint32_t read16(const uint8_t *at) {
    const volatile uint8_t *bytes = at;
    uint32_t high = bytes[0];
    return high << 8 | bytes[1];
}

/* ---- The sum ---- */

static uint32_t word_at(const uint8_t *bytes) {
    uint32_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

/* One's complement sums do not care for the order of bytes, so words are added as they lie in memory. */
static uint64_t add(uint64_t sum, const uint8_t *bytes, uint32_t count) {
    uint8_t last[4] = {0};
    for (; count >= 4; count -= 4, bytes += 4)
        sum += word_at(bytes);
    memcpy(last, bytes, count);
    return sum + word_at(last);
}

static uint16_t checksum_of(uint64_t sum) {
    while (sum >> 16 != 0)
        sum = (sum >> 16) + (sum & 0xFFFF);
    return (uint16_t)~sum;
}

/* ---- TCP and UDP ---- */

struct segment {
    const uint8_t *addresses; /* in the header before it */
    uint32_t address_bytes;   /* of both */
    uint32_t protocol;
    uint8_t *at;
    uint32_t bytes;
};

static uint8_t *sum_of(const struct segment *segment) {
    if (segment->protocol == PROTOCOL_TCP && segment->bytes >= TCP_BYTES)
        return segment->at + TCP_SUM;
    if (segment->protocol == PROTOCOL_UDP && segment->bytes >= UDP_BYTES)
        return segment->at + UDP_SUM;
    return NULL;
}

static void complete_segment(const struct segment *segment) {
    uint8_t *sum = sum_of(segment);
    if (sum == NULL || read16(sum) != 0)
        return;
    const uint8_t rest[8] = {[2] = (uint8_t)(segment->bytes >> 8),
                             [3] = (uint8_t)segment->bytes,
                             [7] = (uint8_t)segment->protocol};
    uint64_t total = add(add(0, segment->addresses, segment->address_bytes), rest, sizeof rest);
    uint16_t made = checksum_of(add(total, segment->at, segment->bytes));
    if (made == 0) /* in UDP that would be none */
        made = 0xFFFF;
    memcpy(sum, &made, sizeof made);
}

/* ---- IP ---- */

static void complete_ipv4(uint8_t *ip, uint32_t bytes) {
    if (bytes < IPV4_BYTES || read8(ip) >> 4 != 4)
        return;
    uint32_t header = (read8(ip) & 15u) * 4, total = read16(ip + 2);
    if (header < IPV4_BYTES || total < header || total > bytes)
        return;
    if (read16(ip + IPV4_SUM) == 0) {
        uint16_t made = checksum_of(add(0, ip, header));
        memcpy(ip + IPV4_SUM, &made, sizeof made);
    }
    if ((read16(ip + 6) & IPV4_PIECE) == 0)
        complete_segment(
            &(struct segment){ip + IPV4_ADDRESSES, 8, read8(ip + 9), ip + header, total - header});
}

static void complete_ipv6(uint8_t *ip, uint32_t bytes) {
    if (bytes < IPV6_BYTES || read8(ip) >> 4 != 6)
        return;
    uint32_t payload = read16(ip + 4);
    if (payload <= bytes - IPV6_BYTES)
        complete_segment(
            &(struct segment){ip + IPV6_ADDRESSES, 32, read8(ip + 6), ip + IPV6_BYTES, payload});
}

void internet_checksum_complete(uint8_t *frame, uint32_t bytes) {
    if (bytes < ETHERNET_BYTES)
        return;
    uint32_t type = read16(frame + ETHERNET_BYTES - 2);
    if (type == TYPE_IPV4)
        complete_ipv4(frame + ETHERNET_BYTES, bytes - ETHERNET_BYTES);
    if (type == TYPE_IPV6)
        complete_ipv6(frame + ETHERNET_BYTES, bytes - ETHERNET_BYTES);
}
