// SPDX-License-Identifier: MIT
#include "kernel/network/sender.h"

#include <string.h>

#define TYPE_IPV4 0x0800u
#define TYPE_ARP  0x0806u
#define TYPE_IPV6 0x86DDu

#define PROTOCOL_HOP_OPTIONS 0u
#define PROTOCOL_TCP         6u
#define PROTOCOL_UDP         17u
#define PROTOCOL_FRAGMENT    44u
#define PROTOCOL_ICMPV6      58u
#define PROTOCOL_NONE        59u

#define PORT_DHCP_SERVER   67u
#define PORT_DHCP_CLIENT   68u
#define PORT_DHCPV6_SERVER 547u

/* ICMPv6 (RFC 4861, RFC 2710, RFC 3810) */
#define PACKET_TOO_BIG         2u
#define LISTENER_QUERY         130u
#define LISTENER_DONE          132u
#define ROUTER_ADVERTISEMENT   134u
#define NEIGHBOR_SOLICITATION  135u
#define NEIGHBOR_ADVERTISEMENT 136u
#define REDIRECT               137u
#define LISTENER_REPORT_2      143u

#define ETHERNET_BYTES 14u
#define UDP_BYTES      8u
#define DHCP_HARDWARE  28u /* where in a message the client's is */
#define ARP_BYTES      28u
#define IPV4_BYTES     20u
#define IPV6_BYTES     40u
#define ADDRESS6       16u
#define INTERFACE      8u /* bytes of an interface identifier, the end of an address */

/* What is left of the header, at some layer. */
struct rest {
    const uint8_t *at;
    uint32_t bytes;
};

static uint32_t read16(const uint8_t *at) {
    return (uint32_t)at[0] << 8 | at[1];
}

static uint32_t read32(const uint8_t *at) {
    return read16(at) << 16 | read16(at + 2);
}

static struct rest behind(struct rest rest, uint32_t bytes) {
    return (struct rest){rest.at + bytes, rest.bytes - bytes};
}

static bool is_own_hardware(const uint8_t *at, const struct network_identity *identity) {
    return memcmp(at, identity->hardware, NETWORK_ADDRESS) == 0;
}

/* ---- IPv4 ---- */

static bool is_own_address(uint32_t address, const struct network_identity *identity) {
    return identity->address == 0 || address == identity->address;
}

static bool arp_is_honest(struct rest arp, const struct network_identity *identity) {
    if (arp.bytes < ARP_BYTES || read16(arp.at) != 1 || read16(arp.at + 2) != TYPE_IPV4 ||
        arp.at[4] != NETWORK_ADDRESS || arp.at[5] != 4)
        return false;
    uint32_t sender = read32(arp.at + 14);
    return is_own_hardware(arp.at + 8, identity) &&
           (sender == 0 || is_own_address(sender, identity));
}

static bool is_from_server(struct rest ports, uint32_t server) {
    return ports.bytes < 4 || read16(ports.at) == server;
}

static bool asks_by_dhcp(struct rest ports) {
    return ports.bytes >= 4 && read16(ports.at) == PORT_DHCP_CLIENT &&
           read16(ports.at + 2) == PORT_DHCP_SERVER;
}

/* Servers know a client by the hardware address within (RFC 2131, 2). */
static bool asks_for_itself(struct rest datagram, const struct network_identity *identity) {
    const uint8_t *message = datagram.at + UDP_BYTES;

    return datagram.bytes >= UDP_BYTES + DHCP_HARDWARE + NETWORK_ADDRESS && message[1] == 1 &&
           message[2] == NETWORK_ADDRESS && is_own_hardware(message + DHCP_HARDWARE, identity);
}

static bool ipv4_is_honest(struct rest packet, const struct network_identity *identity) {
    if (packet.bytes < IPV4_BYTES || packet.at[0] >> 4 != 4)
        return false;
    uint32_t header = (packet.at[0] & 15u) * 4, source = read32(packet.at + 12);
    if (header < IPV4_BYTES || header > packet.bytes)
        return false;
    bool is_first = (read16(packet.at + 6) & 0x1FFF) == 0;
    bool is_udp = packet.at[9] == PROTOCOL_UDP && is_first;
    struct rest ports = behind(packet, header);
    if (is_udp && is_from_server(ports, PORT_DHCP_SERVER))
        return false;
    if (is_udp && asks_by_dhcp(ports) && !asks_for_itself(ports, identity))
        return false;
    if (source == 0)
        return is_udp && asks_by_dhcp(ports);
    return is_own_address(source, identity);
}

/* ---- IPv6 ---- */

static bool is_own_interface(const uint8_t *address, const struct network_identity *identity) {
    const uint8_t *own = identity->hardware;
    const uint8_t wanted[INTERFACE] = {own[0] ^ 2, own[1], own[2], 0xFF,
                                       0xFE,       own[3], own[4], own[5]};
    return memcmp(address + ADDRESS6 - INTERFACE, wanted, INTERFACE) == 0;
}

static bool is_no_address(const uint8_t *address) {
    for (uint32_t n = 0; n < ADDRESS6; n++)
        if (address[n] != 0)
            return false;
    return true;
}

static bool control_is_honest(struct rest message, const struct network_identity *identity) {
    if (message.bytes < 4)
        return false;
    if (message.at[0] == ROUTER_ADVERTISEMENT || message.at[0] == REDIRECT ||
        message.at[0] == PACKET_TOO_BIG)
        return false;
    if (message.at[0] != NEIGHBOR_ADVERTISEMENT)
        return true;
    return message.bytes >= 8 + ADDRESS6 && is_own_interface(message.at + 8, identity);
}

/* Who has no address yet asks whether its own is taken (RFC 4862, 5.4.2); asked for another's, that one would
 * be given up. */
static bool probe_is_honest(struct rest message, const struct network_identity *identity) {
    if (message.bytes == 0 || message.at[0] != NEIGHBOR_SOLICITATION)
        return true;
    return message.bytes >= 8 + ADDRESS6 && is_own_interface(message.at + 8, identity);
}

/* Multicast listeners report themselves behind an option (RFC 3810, 5); nothing else has options here. */
static bool options_are_honest(struct rest options) {
    uint32_t bytes = options.bytes >= 8 ? (options.at[1] + 1u) * 8 : 0;
    if (bytes == 0 || options.bytes < bytes + 4 || options.at[0] != PROTOCOL_ICMPV6)
        return false;
    uint32_t type = options.at[bytes];
    return (type >= LISTENER_QUERY && type <= LISTENER_DONE) || type == LISTENER_REPORT_2;
}

static bool payload_is_honest(uint32_t protocol, struct rest payload,
                              const struct network_identity *identity) {
    switch (protocol) {
    case PROTOCOL_TCP:
    case PROTOCOL_NONE:
        return true;
    case PROTOCOL_UDP:
        return !is_from_server(payload, PORT_DHCPV6_SERVER);
    case PROTOCOL_ICMPV6:
        return control_is_honest(payload, identity);
    case PROTOCOL_HOP_OPTIONS:
        return options_are_honest(payload);
    case PROTOCOL_FRAGMENT:
        return payload.bytes >= 8 &&
               (payload.at[0] == PROTOCOL_TCP || payload.at[0] == PROTOCOL_UDP);
    default:
        return false;
    }
}

static bool ipv6_is_honest(struct rest packet, const struct network_identity *identity) {
    if (packet.bytes < IPV6_BYTES || packet.at[0] >> 4 != 6)
        return false;
    const uint8_t *source = packet.at + 8;
    struct rest payload = behind(packet, IPV6_BYTES);
    if (!is_own_interface(source, identity) && !is_no_address(source))
        return false;
    if (is_no_address(source) && packet.at[6] == PROTOCOL_ICMPV6 &&
        !probe_is_honest(payload, identity))
        return false;
    return payload_is_honest(packet.at[6], payload, identity);
}

/* ---- All of it ---- */

bool sender_is_honest(const uint8_t *header, uint32_t bytes,
                      const struct network_identity *identity) {
    if (bytes < ETHERNET_BYTES || !is_own_hardware(header + NETWORK_ADDRESS, identity))
        return false;
    struct rest packet = {header + ETHERNET_BYTES,
                          (bytes < HEADER_BYTES ? bytes : HEADER_BYTES) - ETHERNET_BYTES};
    switch (read16(header + 2 * NETWORK_ADDRESS)) {
    case TYPE_IPV4:
        return ipv4_is_honest(packet, identity);
    case TYPE_ARP:
        return arp_is_honest(packet, identity);
    case TYPE_IPV6:
        return ipv6_is_honest(packet, identity);
    default:
        return false;
    }
}
