// SPDX-License-Identifier: MIT
/*
 * What rtnetlink asks for (rtnetlink(7)): interfaces, their addresses, routes, neighbours. The handlers read and change lwIP's
 * own tables; there are no others. What lwIP cannot do (a second IPv4 address, routes to networks, neighbours that are set) is
 * refused with EOPNOTSUPP.
 */
#ifndef DOMAINS_LINUX_NETLINK_ROUTE_H
#define DOMAINS_LINUX_NETLINK_ROUTE_H

#include "domains/linux/netlink/answer.h"

#include <lwip/netif.h>

enum {
    ROUTE_NEW_LINK = 16,
    ROUTE_GET_LINK = 18,
    ROUTE_SET_LINK = 19,
    ROUTE_NEW_ADDRESS = 20,
    ROUTE_DELETE_ADDRESS = 21,
    ROUTE_GET_ADDRESS = 22,
    ROUTE_NEW_ROUTE = 24,
    ROUTE_DELETE_ROUTE = 25,
    ROUTE_GET_ROUTE = 26,
    ROUTE_NEW_NEIGHBOUR = 28,
    ROUTE_GET_NEIGHBOUR = 30,
};

/* 0 or a negative errno. */
typedef int route_handler(const struct netlink_request *request, struct answer *answer);

route_handler link_get, link_set;                       /* link.c */
route_handler address_get, address_new, address_delete; /* address.c */
route_handler route_get, route_new, route_delete;       /* route.c */
route_handler neighbour_get;                            /* neighbour.c */

/* One of each, as the answers and the news have it. What is gone is told with what it was. */
void link_tell(struct answer *answer, const struct netif *interface, bool is_up);
void address_tell4(struct answer *answer, const struct netif *interface, const ip4_addr_t *own,
                   const ip4_addr_t *mask);
void address_tell6(struct answer *answer, const struct netif *interface, s8_t slot);
void route_tell_network4(struct answer *answer, const struct netif *card, const ip4_addr_t *own,
                         const ip4_addr_t *mask);
void route_tell_network6(struct answer *answer, const struct netif *card, s8_t slot);
void route_tell_gateway4(struct answer *answer, const struct netif *card,
                         const ip4_addr_t *gateway);

route_handler *route_handler_of(uint32_t type); /* NULL: there is none */

/* The family that a request for all asks for, its body's first byte; 0 (AF_UNSPEC): every one. */
uint32_t route_family(const struct netlink_request *request);

/* An address in an attribute, as long as its family's: false if the request has no such attribute. */
bool route_address(const struct netlink_request *request, uint32_t body_bytes, uint16_t type,
                   uint32_t family, ip_addr_t *address);
void route_put_address(struct answer *answer, uint16_t type, const ip_addr_t *address);

/* The bits that a mask has set. */
uint32_t route_prefix(const ip4_addr_t *mask);

#endif
