// SPDX-License-Identifier: MIT
/*
 * Routes: those to the networks of the card's addresses, and the gateway. And what the handlers have in common.
 */
#include "domains/linux/netlink/route.h"

#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/network/stack.h"

#include <lwip/ip.h>
#include <lwip/netif.h>
#include <lwip/priv/nd6_priv.h>

enum { /* RTA_* */
       ROUTE_TO = 1,
       ROUTE_INTERFACE = 4,
       ROUTE_GATEWAY = 5,
       ROUTE_SOURCE = 7,
       ROUTE_TABLE = 15,
};

enum { TABLE_MAIN = 254, TABLE_LOCAL = 255 };   /* RT_TABLE_* */
enum { BY_KERNEL = 2, BY_BOOT = 3, BY_RA = 9 }; /* RTPROT_* */
enum { SCOPE_UNIVERSE = 0, SCOPE_LINK = 253, SCOPE_HOST = 254 };
enum { TYPE_UNICAST = 1, TYPE_LOCAL = 2 }; /* RTN_* */

#define PREFIX6 64u

struct route_body { /* struct rtmsg */
    uint8_t family, to_prefix, from_prefix, service;
    uint8_t table, origin, scope, type;
    uint32_t flags;
};

/* ---- What the handlers share ---- */

route_handler *route_handler_of(uint32_t type) {
    switch (type) {
    case ROUTE_GET_LINK:
        return link_get;
    case ROUTE_NEW_LINK:
    case ROUTE_SET_LINK:
        return link_set;
    case ROUTE_GET_ADDRESS:
        return address_get;
    case ROUTE_NEW_ADDRESS:
        return address_new;
    case ROUTE_DELETE_ADDRESS:
        return address_delete;
    case ROUTE_GET_ROUTE:
        return route_get;
    case ROUTE_NEW_ROUTE:
        return route_new;
    case ROUTE_DELETE_ROUTE:
        return route_delete;
    case ROUTE_GET_NEIGHBOUR:
        return neighbour_get;
    default:
        return NULL;
    }
}

uint32_t route_family(const struct netlink_request *request) {
    const uint8_t *family = netlink_body(request, sizeof *family);
    return family != NULL ? *family : AF_UNSPEC;
}

bool route_address(const struct netlink_request *request, uint32_t body_bytes, uint16_t type,
                   uint32_t family, ip_addr_t *address) {
    uint32_t bytes = family == AF_INET ? sizeof(ip4_addr_t) : 4 * sizeof(uint32_t);
    const uint32_t *told = netlink_attribute(request, body_bytes, type, bytes);
    if (told == NULL)
        return false;
    if (family == AF_INET)
        ip_addr_set_ip4_u32(address, told[0]);
    else
        IP_ADDR6(address, told[0], told[1], told[2], told[3]);
    return true;
}

void route_put_address(struct answer *answer, uint16_t type, const ip_addr_t *address) {
    if (IP_IS_V4(address))
        netlink_put_number(&answer->writer, type, ip_2_ip4(address)->addr);
    else
        netlink_put(&answer->writer, type, ip_2_ip6(address)->addr, 4 * sizeof(uint32_t));
}

uint32_t route_prefix(const ip4_addr_t *mask) {
    return (uint32_t)__builtin_popcount(mask->addr);
}

/* ---- Telling ---- */

struct route {
    const ip_addr_t *to; /* NULL: the whole world */
    uint32_t prefix;
    const ip_addr_t *gateway, *source; /* NULL: none is told */
    uint8_t family, origin, scope, type, table;
};

static void show(struct answer *answer, const struct netif *by, const struct route *route) {
    struct route_body *body = answer_message(answer, ROUTE_NEW_ROUTE, sizeof *body);
    *body = (struct route_body){.family = route->family,
                                .to_prefix = (uint8_t)route->prefix,
                                .table = route->table,
                                .origin = route->origin,
                                .scope = route->scope,
                                .type = route->type};
    netlink_put_number(&answer->writer, ROUTE_TABLE, route->table);
    if (route->to != NULL)
        route_put_address(answer, ROUTE_TO, route->to);
    if (route->source != NULL)
        route_put_address(answer, ROUTE_SOURCE, route->source);
    if (route->gateway != NULL)
        route_put_address(answer, ROUTE_GATEWAY, route->gateway);
    netlink_put_number(&answer->writer, ROUTE_INTERFACE, netif_get_index(by));
    answer_message_end(answer);
}

static struct route route_of(uint32_t family) {
    return (struct route){
        .family = (uint8_t)family, .table = TABLE_MAIN, .type = TYPE_UNICAST, .origin = BY_BOOT};
}

static void show_gateway(struct answer *answer, const struct netif *by, uint32_t family,
                         const ip_addr_t *gateway, uint8_t origin) {
    struct route route = route_of(family);
    route.gateway = gateway;
    route.origin = origin;
    show(answer, by, &route);
}

static void show_network(struct answer *answer, const struct netif *by, uint32_t family,
                         const ip_addr_t *to, uint32_t prefix, const ip_addr_t *source) {
    struct route route = route_of(family);
    route.to = to;
    route.prefix = prefix;
    route.source = source;
    route.origin = BY_KERNEL;
    route.scope = source != NULL ? SCOPE_LINK : SCOPE_UNIVERSE;
    show(answer, by, &route);
}

void route_tell_network4(struct answer *answer, const struct netif *card, const ip4_addr_t *own,
                         const ip4_addr_t *mask) {
    ip_addr_t source, network;
    ip_addr_copy_from_ip4(source, *own);
    ip_addr_set_ip4_u32_val(network, own->addr & mask->addr);
    show_network(answer, card, AF_INET, &network, route_prefix(mask), &source);
}

void route_tell_gateway4(struct answer *answer, const struct netif *card,
                         const ip4_addr_t *gateway) {
    ip_addr_t by;
    ip_addr_copy_from_ip4(by, *gateway);
    show_gateway(answer, card, AF_INET, &by, BY_BOOT);
}

void route_tell_network6(struct answer *answer, const struct netif *card, s8_t slot) {
    ip_addr_t network = *netif_ip_addr6(card, slot);
    ip_2_ip6(&network)->addr[2] = ip_2_ip6(&network)->addr[3] = 0;
    show_network(answer, card, AF_INET6, &network, PREFIX6, NULL);
}

static void show4(struct answer *answer, const struct netif *card) {
    if (ip4_addr_isany(netif_ip4_addr(card)))
        return;
    if (!ip4_addr_isany(netif_ip4_gw(card)))
        route_tell_gateway4(answer, card, netif_ip4_gw(card));
    route_tell_network4(answer, card, netif_ip4_addr(card), netif_ip4_netmask(card));
}

static void show6(struct answer *answer, const struct netif *card) {
    for (s8_t slot = 0; slot < LWIP_IPV6_NUM_ADDRESSES; slot++)
        if (ip6_addr_isvalid(netif_ip6_addr_state(card, slot)))
            route_tell_network6(answer, card, slot);
    for (uint32_t n = 0; n < LWIP_ND6_NUM_ROUTERS; n++) {
        const struct nd6_router_list_entry *router = &default_router_list[n];
        if (router->neighbor_entry == NULL || router->neighbor_entry->netif != card)
            continue;
        ip_addr_t gateway;
        ip_addr_copy_from_ip6(gateway, router->neighbor_entry->next_hop_address);
        show_gateway(answer, card, AF_INET6, &gateway, BY_RA);
    }
}

/* ---- The way to one address ---- */

static void show_own(struct answer *answer, const ip_addr_t *to) {
    struct route route = route_of(AF_INET);
    route.to = route.source = to;
    route.prefix = 32;
    route.table = TABLE_LOCAL;
    route.type = TYPE_LOCAL;
    show(answer, netif_get_by_index(NETIF_NO_INDEX + 1), &route);
}

static void show_way(struct answer *answer, const struct netif *by, const ip_addr_t *to) {
    struct route route = route_of(AF_INET);
    bool is_near = ip4_addr_netcmp(ip_2_ip4(to), netif_ip4_addr(by), netif_ip4_netmask(by));
    route.to = to;
    route.prefix = 32;
    route.origin = 0;
    route.source = netif_ip_addr4(by);
    route.gateway = is_near ? NULL : netif_ip_gw4(by);
    show(answer, by, &route);
}

static int find_way(const struct netlink_request *request, struct answer *answer) {
    ip_addr_t to;
    if (route_family(request) != AF_INET)
        return -EOPNOTSUPP;
    if (!route_address(request, sizeof(struct route_body), ROUTE_TO, AF_INET, &to))
        return -EINVAL;
    const struct netif *by = ip4_route(ip_2_ip4(&to));
    if (by == NULL)
        return -ENETUNREACH;
    if (by != stack_card() || ip4_addr_cmp(ip_2_ip4(&to), netif_ip4_addr(by)))
        show_own(answer, &to);
    else
        show_way(answer, by, &to);
    return 0;
}

int route_get(const struct netlink_request *request, struct answer *answer) {
    const struct netif *card = stack_card();
    uint32_t family = route_family(request);
    if (!netlink_asks_for_all(request))
        return find_way(request, answer);
    if (card == NULL || !netif_is_up(card))
        return 0;
    if (family != AF_INET6)
        show4(answer, card);
    if (family != AF_INET)
        show6(answer, card);
    return 0;
}

/* ---- The gateway ---- */

/* The card, and the gateway that a request names, if it does; else an errno. */
static int read(const struct netlink_request *request, struct netif **card, ip_addr_t *gateway) {
    const struct route_body *body = netlink_body(request, sizeof *body);
    *card = stack_card();
    if (body == NULL)
        return -EINVAL;
    if (body->family != AF_INET || body->to_prefix != 0)
        return -EOPNOTSUPP;
    if (*card == NULL || !netif_is_up(*card))
        return -ENETUNREACH;
    if (!route_address(request, sizeof *body, ROUTE_GATEWAY, AF_INET, gateway))
        ip_addr_set_zero_ip4(gateway);
    return 0;
}

int route_new(const struct netlink_request *request, struct answer *answer) {
    struct netif *card;
    ip_addr_t gateway;
    int error = read(request, &card, &gateway);
    (void)answer;
    if (error != 0)
        return error;
    if (ip_addr_isany(&gateway))
        return -EOPNOTSUPP; /* the whole world on this wire */
    if (!ip4_addr_netcmp(ip_2_ip4(&gateway), netif_ip4_addr(card), netif_ip4_netmask(card)))
        return -ENETUNREACH;
    if (!ip4_addr_isany(netif_ip4_gw(card)) && (request->header.flags & NETLINK_REPLACE) == 0)
        return -EEXIST;
    netif_set_gw(card, ip_2_ip4(&gateway));
    return 0;
}

int route_delete(const struct netlink_request *request, struct answer *answer) {
    static const ip4_addr_t none;
    struct netif *card;
    ip_addr_t gateway;
    int error = read(request, &card, &gateway);
    (void)answer;
    if (error != 0)
        return error == -EOPNOTSUPP ? -ESRCH : error;
    if (ip4_addr_isany(netif_ip4_gw(card)) ||
        (!ip_addr_isany(&gateway) && !ip4_addr_cmp(ip_2_ip4(&gateway), netif_ip4_gw(card))))
        return -ESRCH;
    netif_set_gw(card, &none);
    return 0;
}
