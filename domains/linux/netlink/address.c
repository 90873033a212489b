// SPDX-License-Identifier: MIT
/*
 * The addresses of interfaces: one of IPv4, and lwIP's slots of IPv6.
 */
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/netlink/route.h"
#include "domains/linux/network/interface.h"
#include "domains/linux/network/stack.h"

#include <lwip/dhcp.h>
#include <lwip/netif.h>

enum { /* IFA_* */
       ADDRESS_PEER = 1,
       ADDRESS_OWN = 2,
       ADDRESS_LABEL = 3,
       ADDRESS_BROADCAST = 4,
       ADDRESS_TIMES = 6,
       ADDRESS_FLAGS = 8,
};

#define FLAG_DEPRECATED 0x20u /* IFA_F_* */
#define FLAG_TENTATIVE  0x40u
#define FLAG_PERMANENT  0x80u

#define FOR_EVER 0xFFFFFFFFu

enum { SCOPE_GLOBAL = 0, SCOPE_LINK = 253, SCOPE_HOST = 254 }; /* RT_SCOPE_* */

#define PREFIX6 64u /* of all but the loopback's, as lwIP has it */

struct address_body { /* struct ifaddrmsg */
    uint8_t family, prefix, flags, scope;
    uint32_t index;
};

struct times { /* struct ifa_cacheinfo: seconds, and hundredths since boot */
    uint32_t preferred, valid, created, updated;
};

static bool is_loopback(const struct netif *interface) {
    return interface != stack_card();
}

/* ---- Telling ---- */

static struct address_body *begin(struct answer *answer, const struct netif *interface,
                                  uint32_t family, uint32_t prefix) {
    struct address_body *body = answer_message(answer, ROUTE_NEW_ADDRESS, sizeof *body);
    *body = (struct address_body){.family = (uint8_t)family,
                                  .prefix = (uint8_t)prefix,
                                  .scope = is_loopback(interface) ? SCOPE_HOST : SCOPE_GLOBAL,
                                  .index = netif_get_index(interface)};
    return body;
}

static void put_state(struct answer *answer, struct address_body *body, uint32_t flags,
                      const struct times *times) {
    body->flags = (uint8_t)flags;
    netlink_put_number(&answer->writer, ADDRESS_FLAGS, flags);
    netlink_put(&answer->writer, ADDRESS_TIMES, times, sizeof *times);
}

void address_tell4(struct answer *answer, const struct netif *interface, const ip4_addr_t *own,
                   const ip4_addr_t *mask) {
    bool is_leased = dhcp_supplied_address(interface) != 0;
    struct times times = {.preferred = FOR_EVER, .valid = FOR_EVER};
    struct netlink_writer *writer = &answer->writer;
    if (is_leased)
        times.preferred = times.valid = netif_dhcp_data(interface)->offered_t0_lease;
    struct address_body *body = begin(answer, interface, AF_INET, route_prefix(mask));
    netlink_put_number(writer, ADDRESS_PEER, own->addr);
    netlink_put_number(writer, ADDRESS_OWN, own->addr);
    if (!is_loopback(interface))
        netlink_put_number(writer, ADDRESS_BROADCAST, own->addr | ~mask->addr);
    netlink_put_text(writer, ADDRESS_LABEL, interface_name(interface));
    put_state(answer, body, is_leased ? 0 : FLAG_PERMANENT, &times);
    answer_message_end(answer);
}

static uint32_t flags6(const struct netif *interface, s8_t slot) {
    uint8_t state = netif_ip6_addr_state(interface, slot);
    uint32_t flags = netif_ip6_addr_isstatic(interface, slot) ? FLAG_PERMANENT : 0;
    flags |= ip6_addr_istentative(state) ? FLAG_TENTATIVE : 0;
    return flags | (flags == 0 && ip6_addr_isdeprecated(state) ? FLAG_DEPRECATED : 0);
}

void address_tell6(struct answer *answer, const struct netif *interface, s8_t slot) {
    const ip6_addr_t *own = netif_ip6_addr(interface, slot);
    bool is_static = netif_ip6_addr_isstatic(interface, slot);
    struct times times = {
        .preferred = is_static ? FOR_EVER : netif_ip6_addr_pref_life(interface, slot),
        .valid = is_static ? FOR_EVER : netif_ip6_addr_valid_life(interface, slot),
    };
    struct address_body *body =
        begin(answer, interface, AF_INET6, is_loopback(interface) ? 128 : PREFIX6);
    if (ip6_addr_islinklocal(own))
        body->scope = SCOPE_LINK;
    netlink_put(&answer->writer, ADDRESS_PEER, own->addr, sizeof own->addr);
    put_state(answer, body, flags6(interface, slot), &times);
    answer_message_end(answer);
}

static void show4(struct answer *answer, const struct netif *interface) {
    const ip4_addr_t *own = netif_ip4_addr(interface);
    if (!ip4_addr_isany(own))
        address_tell4(answer, interface, own, netif_ip4_netmask(interface));
}

static void show6(struct answer *answer, const struct netif *interface, s8_t slot) {
    if (!ip6_addr_isinvalid(netif_ip6_addr_state(interface, slot)))
        address_tell6(answer, interface, slot);
}

int address_get(const struct netlink_request *request, struct answer *answer) {
    struct netif *interface;
    uint32_t family = route_family(request);
    if (!netlink_asks_for_all(request))
        return -EOPNOTSUPP;
    for (uint8_t n = 1; family != AF_INET6 && (interface = netif_get_by_index(n)) != NULL; n++)
        show4(answer, interface);
    for (uint8_t n = 1; family != AF_INET && (interface = netif_get_by_index(n)) != NULL; n++)
        for (s8_t slot = 0; slot < LWIP_IPV6_NUM_ADDRESSES; slot++)
            show6(answer, interface, slot);
    return 0;
}

/* ---- Changing ---- */

/* The interface and the address that a request names: 0 or a negative errno. */
static int read(const struct netlink_request *request, struct netif **interface,
                const struct address_body **body, ip_addr_t *address) {
    *body = netlink_body(request, sizeof **body);
    if (*body == NULL || ((*body)->family != AF_INET && (*body)->family != AF_INET6))
        return -EINVAL;
    if (!route_address(request, sizeof **body, ADDRESS_OWN, (*body)->family, address) &&
        !route_address(request, sizeof **body, ADDRESS_PEER, (*body)->family, address))
        return -EINVAL;
    *interface = interface_at((*body)->index);
    if (*interface == NULL)
        return -ENODEV;
    return is_loopback(*interface) ? -EOPNOTSUPP : 0;
}

static int add4(struct netif *interface, const ip4_addr_t *address, uint32_t prefix) {
    const ip4_addr_t *own = netif_ip4_addr(interface);
    if (prefix > 32)
        return -EINVAL;
    ip4_addr_t mask = {prefix == 0 ? 0 : lwip_htonl(0xFFFFFFFFu << (32 - prefix))};
    if (ip4_addr_cmp(own, address))
        return -EEXIST;
    if (!ip4_addr_isany(own))
        return -EOPNOTSUPP;
    interface_set_address(interface, address, &mask);
    return 0;
}

/* lwIP leaves a slot the lifetimes that its last address had. */
static int add6(struct netif *interface, const ip6_addr_t *address, uint32_t prefix) {
    s8_t slot;
    if (netif_get_ip6_addr_match(interface, address) >= 0)
        return -EEXIST;
    if (prefix != PREFIX6)
        return -EOPNOTSUPP;
    if (netif_add_ip6_address(interface, address, &slot) != ERR_OK)
        return -ENOBUFS;
    netif_ip6_addr_set_valid_life(interface, slot, IP6_ADDR_LIFE_STATIC);
    netif_ip6_addr_set_pref_life(interface, slot, IP6_ADDR_LIFE_STATIC);
    return 0;
}

static int delete4(struct netif *interface, const ip4_addr_t *address, uint32_t prefix) {
    static const ip4_addr_t none;
    (void)prefix;
    if (!ip4_addr_cmp(netif_ip4_addr(interface), address))
        return -EADDRNOTAVAIL;
    interface_set_address(interface, &none, &none);
    netif_set_gw(interface, &none); /* the route goes with what it went by */
    return 0;
}

static int delete6(struct netif *interface, const ip6_addr_t *address, uint32_t prefix) {
    s8_t slot = netif_get_ip6_addr_match(interface, address);
    (void)prefix;
    if (slot < 0)
        return -EADDRNOTAVAIL;
    netif_ip6_addr_set_state(interface, slot, IP6_ADDR_INVALID);
    return 0;
}

typedef int change4(struct netif *interface, const ip4_addr_t *address, uint32_t prefix);
typedef int change6(struct netif *interface, const ip6_addr_t *address, uint32_t prefix);

static int change(const struct netlink_request *request, change4 *four, change6 *six) {
    struct netif *interface;
    const struct address_body *body;
    ip_addr_t address;
    int error = read(request, &interface, &body, &address);
    if (error != 0)
        return error;
    return body->family == AF_INET ? four(interface, ip_2_ip4(&address), body->prefix)
                                   : six(interface, ip_2_ip6(&address), body->prefix);
}

int address_new(const struct netlink_request *request, struct answer *answer) {
    int error = change(request, add4, add6);
    (void)answer;
    return error == -EEXIST && (request->header.flags & NETLINK_REPLACE) != 0 ? 0 : error;
}

int address_delete(const struct netlink_request *request, struct answer *answer) {
    (void)answer;
    return change(request, delete4, delete6);
}
