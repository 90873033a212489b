// SPDX-License-Identifier: MIT
#include "kernel/network/internet_checksum.h"

#include <stdbool.h>
#include <string.h>

#define ETHERNET_BYTES 14u
#define TYPE_IPV4      0x0800u
#define TYPE_IPV6      0x86DDu

#define IPV4_BYTES     20u
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

/* A packet taken apart: what its checksum is over. */
struct packet {
    const uint8_t *addresses;
    uint32_t address_bytes; /* of both */
    uint32_t protocol;
    uint8_t *segment; /* of TCP or UDP */
    uint32_t bytes;
};

static uint32_t read16(const uint8_t *at) {
    return (uint32_t)at[0] << 8 | at[1];
}

/* ---- The packet ---- */

static bool take_ipv4(uint8_t *ip, uint32_t bytes, struct packet *packet) {
    if (bytes < IPV4_BYTES || ip[0] >> 4 != 4)
        return false;
    uint32_t header = (ip[0] & 15u) * 4, total = read16(ip + 2);
    if (header < IPV4_BYTES || total < header || total > bytes || read16(ip + 6) & IPV4_PIECE)
        return false;
    *packet = (struct packet){ip + IPV4_ADDRESSES, 8, ip[9], ip + header, total - header};
    return true;
}

static bool take_ipv6(uint8_t *ip, uint32_t bytes, struct packet *packet) {
    if (bytes < IPV6_BYTES || ip[0] >> 4 != 6 || read16(ip + 4) > bytes - IPV6_BYTES)
        return false;
    *packet = (struct packet){ip + IPV6_ADDRESSES, 32, ip[6], ip + IPV6_BYTES, read16(ip + 4)};
    return true;
}

static bool take_packet(uint8_t *frame, uint32_t bytes, struct packet *packet) {
    if (bytes < ETHERNET_BYTES)
        return false;
    uint32_t type = read16(frame + ETHERNET_BYTES - 2);
    uint8_t *ip = frame + ETHERNET_BYTES;
    return (type == TYPE_IPV4 && take_ipv4(ip, bytes - ETHERNET_BYTES, packet)) ||
           (type == TYPE_IPV6 && take_ipv6(ip, bytes - ETHERNET_BYTES, packet));
}

static uint8_t *sum_of(const struct packet *packet) {
    if (packet->protocol == PROTOCOL_TCP && packet->bytes >= TCP_BYTES)
        return packet->segment + TCP_SUM;
    if (packet->protocol == PROTOCOL_UDP && packet->bytes >= UDP_BYTES)
        return packet->segment + UDP_SUM;
    return NULL;
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

static uint16_t folded(uint64_t sum) {
    while (sum >> 16 != 0)
        sum = (sum >> 16) + (sum & 0xFFFF);
    return (uint16_t)sum;
}

void internet_checksum_complete(uint8_t *frame, uint32_t bytes) {
    struct packet packet;
    uint8_t *sum = take_packet(frame, bytes, &packet) ? sum_of(&packet) : NULL;
    if (sum == NULL || read16(sum) != 0)
        return;
    const uint8_t rest[8] = {[2] = (uint8_t)(packet.bytes >> 8),
                             [3] = (uint8_t)packet.bytes,
                             [7] = (uint8_t)packet.protocol};
    uint64_t total = add(add(0, packet.addresses, packet.address_bytes), rest, sizeof rest);
    uint16_t made = (uint16_t)~folded(add(total, packet.segment, packet.bytes));
    if (made == 0) /* in UDP that would be none */
        made = 0xFFFF;
    memcpy(sum, &made, sizeof made);
}
