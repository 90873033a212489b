// SPDX-License-Identifier: MIT
/*
 * Who is on the wire: what ARP and neighbour discovery have found.
 */
#include "domains/linux/errno.h"
#include "domains/linux/netlink/route.h"

#include <lwip/etharp.h>
#include <lwip/netif.h>
#include <lwip/priv/nd6_priv.h>

enum { NEIGHBOUR_ADDRESS = 1, NEIGHBOUR_HARDWARE = 2 }; /* NDA_* */

enum {
    STATE_INCOMPLETE = 1,
    STATE_REACHABLE = 2,
    STATE_STALE = 4,
    STATE_DELAY = 8,
    STATE_PROBE = 16
};

#define TYPE_UNICAST 1u

struct neighbour_body { /* struct ndmsg */
    uint8_t family, padding[3];
    int32_t index;
    uint16_t state;
    uint8_t flags, type;
};

static void show(struct answer *answer, const struct netif *interface, uint32_t state,
                 const ip_addr_t *address, const uint8_t *hardware) {
    struct neighbour_body *body = answer_message(answer, ROUTE_NEW_NEIGHBOUR, sizeof *body);
    body->family = IP_IS_V4(address) ? AF_INET : AF_INET6;
    body->index = netif_get_index(interface);
    body->state = (uint16_t)state;
    body->type = TYPE_UNICAST;
    route_put_address(answer, NEIGHBOUR_ADDRESS, address);
    if (state != STATE_INCOMPLETE)
        netlink_put(&answer->writer, NEIGHBOUR_HARDWARE, hardware, ETH_HWADDR_LEN);
    answer_message_end(answer);
}

static void show4(struct answer *answer) {
    ip4_addr_t *address;
    struct netif *interface;
    struct eth_addr *hardware;
    for (size_t n = 0; n < ARP_TABLE_SIZE; n++) {
        ip_addr_t named;
        if (!etharp_get_entry(n, &address, &interface, &hardware))
            continue;
        ip_addr_copy_from_ip4(named, *address);
        show(answer, interface, STATE_REACHABLE, &named, hardware->addr);
    }
}

static uint32_t state6(const struct nd6_neighbor_cache_entry *entry) {
    switch (entry->state) {
    case ND6_INCOMPLETE:
        return STATE_INCOMPLETE;
    case ND6_REACHABLE:
        return STATE_REACHABLE;
    case ND6_STALE:
        return STATE_STALE;
    case ND6_DELAY:
        return STATE_DELAY;
    default:
        return STATE_PROBE;
    }
}

static void show6(struct answer *answer) {
    for (uint32_t n = 0; n < LWIP_ND6_NUM_NEIGHBORS; n++) {
        const struct nd6_neighbor_cache_entry *entry = &neighbor_cache[n];
        ip_addr_t named;
        if (entry->state == ND6_NO_ENTRY || entry->netif == NULL)
            continue;
        ip_addr_copy_from_ip6(named, entry->next_hop_address);
        show(answer, entry->netif, state6(entry), &named, entry->lladdr);
    }
}

int neighbour_get(const struct netlink_request *request, struct answer *answer) {
    uint32_t family = route_family(request);
    if (!netlink_asks_for_all(request))
        return -EOPNOTSUPP;
    if (family != AF_INET6)
        show4(answer);
    if (family != AF_INET)
        show6(answer);
    return 0;
}
