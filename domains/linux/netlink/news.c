// SPDX-License-Identifier: MIT
/*
 * lwIP says what has changed, whoever changed it: a request, an ioctl, DHCP, a router. Of what was there before it tells the address, the
 * mask and the gateway, each only if that has changed.
 *
 *   lwIP ──changed()──> a message of answer.h ──netlink_spread()──> the queues of who is in the group
 *
 * Where nobody listens, no message is built.
 */
#include "domains/linux/netlink/news.h"

#include "domains/linux/netlink/netlink.h"
#include "domains/linux/netlink/route.h"
#include "domains/linux/network/stack.h"

#define IPV4_CHANGED                                                                               \
    (LWIP_NSC_IPV4_ADDRESS_CHANGED | LWIP_NSC_IPV4_NETMASK_CHANGED | LWIP_NSC_IPV4_GATEWAY_CHANGED)

static void tell_link(const struct netif *interface, bool is_up) {
    struct answer news;
    if (!answer_begin_news(&news, GROUP_LINK, false))
        return;
    link_tell(&news, interface, is_up);
    answer_end_news(&news);
}

/* ---- IPv4: an address, and the network that can be reached by it ---- */

static void tell_address4(const struct netif *interface, const ip4_addr_t *own,
                          const ip4_addr_t *mask, bool is_gone) {
    struct answer news;
    if (ip4_addr_isany(own))
        return;
    if (answer_begin_news(&news, GROUP_ADDRESS4, is_gone)) {
        address_tell4(&news, interface, own, mask);
        answer_end_news(&news);
    }
    if (interface == stack_card() && answer_begin_news(&news, GROUP_ROUTE4, is_gone)) {
        route_tell_network4(&news, interface, own, mask);
        answer_end_news(&news);
    }
}

static void tell_gateway4(const struct netif *interface, const ip4_addr_t *gateway, bool is_gone) {
    struct answer news;
    if (ip4_addr_isany(gateway) || !answer_begin_news(&news, GROUP_ROUTE4, is_gone))
        return;
    route_tell_gateway4(&news, interface, gateway);
    answer_end_news(&news);
}

static void ipv4_changed(const struct netif *interface, netif_nsc_reason_t reason,
                         const struct ipv4_changed_s *before) {
    bool other_address = (reason & LWIP_NSC_IPV4_ADDRESS_CHANGED) != 0;
    bool other_mask = (reason & LWIP_NSC_IPV4_NETMASK_CHANGED) != 0;
    const ip4_addr_t *own = netif_ip4_addr(interface), *mask = netif_ip4_netmask(interface);
    if (other_address || other_mask) {
        tell_address4(interface, other_address ? ip_2_ip4(before->old_address) : own,
                      other_mask ? ip_2_ip4(before->old_netmask) : mask, true);
        tell_address4(interface, own, mask, false);
    }
    if ((reason & LWIP_NSC_IPV4_GATEWAY_CHANGED) != 0) {
        tell_gateway4(interface, ip_2_ip4(before->old_gw), true);
        tell_gateway4(interface, netif_ip4_gw(interface), false);
    }
}

/* ---- IPv6: addresses of which it is not known yet whether anybody else has them, too ---- */

static uint32_t without_count(uint8_t state) {
    return state & ~(uint32_t)IP6_ADDR_TENTATIVE_COUNT_MASK;
}

static void ipv6_changed(const struct netif *interface,
                         const struct ipv6_addr_state_changed_s *change) {
    s8_t slot = change->addr_index;
    uint8_t state = netif_ip6_addr_state(interface, slot);
    bool was_valid = ip6_addr_isvalid(change->old_state) != 0;
    bool is_valid = ip6_addr_isvalid(state) != 0;
    struct answer news;
    if (without_count(state) == without_count(change->old_state))
        return;
    if (answer_begin_news(&news, GROUP_ADDRESS6, ip6_addr_isinvalid(state))) {
        address_tell6(&news, interface, slot);
        answer_end_news(&news);
    }
    if (was_valid != is_valid && interface == stack_card() &&
        answer_begin_news(&news, GROUP_ROUTE6, was_valid)) {
        route_tell_network6(&news, interface, slot);
        answer_end_news(&news);
    }
}

static void changed(struct netif *interface, netif_nsc_reason_t reason,
                    const netif_ext_callback_args_t *what) {
    if ((reason & LWIP_NSC_STATUS_CHANGED) != 0)
        tell_link(interface, what->status_changed.state != 0);
    if ((reason & IPV4_CHANGED) != 0)
        ipv4_changed(interface, reason, &what->ipv4_changed);
    if ((reason & LWIP_NSC_IPV6_ADDR_STATE_CHANGED) != 0)
        ipv6_changed(interface, &what->ipv6_addr_state_changed);
}

void news_watch(void) {
    static netif_ext_callback_t watch;
    netif_add_ext_callback(&watch, changed);
}
