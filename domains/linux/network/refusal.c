// SPDX-License-Identifier: MIT
/*
 *     ┌────────┬──────────────┬───────────────────┬────────────────┬──
 *     │ IP     │ ICMP         │ IP of the refused │ UDP, from here │ …       what came
 *     └────────┴──────────────┴───────────────────┴────────────────┴──
 *                8 bytes        20 or more; 40      8 bytes at least
 *
 * Nothing of it is believed: all is copied before it is looked at, and only a socket that is connected to whom the datagram went to
 * hears of it.
 */
#include "domains/linux/network/refusal.h"

#include "domains/linux/errno.h"
#include "domains/linux/network/icmp_error.h"
#include "domains/linux/network/socket.h"

#include <lwip/icmp.h>
#include <lwip/inet_chksum.h>
#include <lwip/ip.h>
#include <lwip/prot/icmp6.h>
#include <lwip/prot/ip4.h>
#include <lwip/prot/ip6.h>
#include <lwip/prot/udp.h>
#include <lwip/raw.h>

#define ICMP_BYTES 8u

/* As lwIP looks at it: not where the interface says that it need not. */
static bool sum_is_right(struct pbuf *packet, uint16_t header) {
    uint32_t looks = ip_current_is_v6() ? NETIF_CHECKSUM_CHECK_ICMP6 : NETIF_CHECKSUM_CHECK_ICMP;
    bool right;
    if ((ip_current_input_netif()->chksum_flags & looks) == 0)
        return true;
    if (pbuf_remove_header(packet, header) != 0)
        return false;
    right = ip_current_is_v6()
                ? ip6_chksum_pseudo(packet, IP6_NEXTH_ICMP6, packet->tot_len,
                                    ip6_current_src_addr(), ip6_current_dest_addr()) == 0
                : inet_chksum_pbuf(packet) == 0;
    (void)pbuf_header_force(packet, (s16_t)header);
    return right;
}

/* The packet that begins at `offset` was UDP: where its UDP header begins, and its addresses. 0: it was not. */
static uint16_t read_ipv4(const struct pbuf *packet, uint16_t offset, struct endpoint *from,
                          struct endpoint *to) {
    struct ip_hdr header;
    if (pbuf_copy_partial(packet, &header, sizeof header, offset) != sizeof header ||
        IPH_V(&header) != 4 || IPH_HL_BYTES(&header) < IP_HLEN ||
        IPH_PROTO(&header) != IP_PROTO_UDP || (IPH_OFFSET(&header) & PP_HTONS(IP_OFFMASK)) != 0)
        return 0;
    ip_addr_copy_from_ip4(from->address, header.src);
    ip_addr_copy_from_ip4(to->address, header.dest);
    return (uint16_t)(offset + IPH_HL_BYTES(&header));
}

static uint16_t read_ipv6(const struct pbuf *packet, uint16_t offset, struct endpoint *from,
                          struct endpoint *to) {
    struct ip6_hdr header;
    if (pbuf_copy_partial(packet, &header, sizeof header, offset) != sizeof header ||
        IP6H_V(&header) != 6 || IP6H_NEXTH(&header) != IP6_NEXTH_UDP)
        return 0;
    ip_addr_copy_from_ip6_packed(from->address, header.src);
    ip_addr_copy_from_ip6_packed(to->address, header.dest);
    return (uint16_t)(offset + IP6_HLEN);
}

static void tell(const struct pbuf *packet, uint16_t offset, int error) {
    struct endpoint from = {0}, to = {0};
    struct udp_hdr ports;
    uint16_t place = ip_current_is_v6() ? read_ipv6(packet, offset, &from, &to)
                                        : read_ipv4(packet, offset, &from, &to);
    if (place == 0 || pbuf_copy_partial(packet, &ports, sizeof ports, place) != sizeof ports)
        return;
    from.port = lwip_ntohs(ports.src);
    to.port = lwip_ntohs(ports.dest);
    datagram_refused(&from, &to, error);
}

/* lwIP goes on with the packet. */
static u8_t came(void *context, struct raw_pcb *block, struct pbuf *packet, const ip_addr_t *from) {
    uint16_t header = ip_current_header_tot_len();
    uint8_t message[ICMP_BYTES];
    (void)context;
    (void)block;
    (void)from;
    if (pbuf_copy_partial(packet, message, sizeof message, header) != sizeof message)
        return 0;
    int error = icmp_error(ip_current_is_v6(), message[0], message[1]);
    if (error != 0 && sum_is_right(packet, header))
        tell(packet, (uint16_t)(header + ICMP_BYTES), error);
    return 0;
}

int refusal_watch(void) {
    struct raw_pcb *four = raw_new_ip_type(IPADDR_TYPE_V4, IP_PROTO_ICMP);
    struct raw_pcb *six = four == NULL ? NULL : raw_new_ip_type(IPADDR_TYPE_V6, IP6_NEXTH_ICMP6);
    if (six == NULL) {
        if (four != NULL)
            raw_remove(four);
        return -ENOBUFS;
    }
    raw_recv(four, came, NULL);
    raw_recv(six, came, NULL);
    return 0;
}
