// SPDX-License-Identifier: MIT
#include "domains/linux/network/stack.h"

#include "domains/lib/information.h"
#include "domains/lib/log.h"
#include "domains/lib/memory.h"
#include "domains/linux/device/event.h"
#include "domains/linux/errno.h"
#include "domains/linux/netlink/news.h"
#include "domains/linux/network/card.h"
#include "domains/linux/network/clock.h"
#include "domains/linux/network/packet.h"
#include "domains/linux/network/path_mtu.h"
#include "domains/linux/network/refusal.h"

#include <lwip/dhcp.h>
#include <lwip/etharp.h>
#include <lwip/ethip6.h>
#include <lwip/init.h>
#include <lwip/mld6.h>
#include <lwip/netif.h>
#include <netif/ethernet.h>

/* What lwIP sums: ICMP alone. What goes to the wire the core sums, and what never was there is whole. */
#define SUMS_INSIDE                                                                                \
    (NETIF_CHECKSUM_GEN_ICMP | NETIF_CHECKSUM_GEN_ICMP6 | NETIF_CHECKSUM_CHECK_ICMP |              \
     NETIF_CHECKSUM_CHECK_ICMP6)
#define SUMS_FROM_WIRE                                                                             \
    (SUMS_INSIDE | NETIF_CHECKSUM_CHECK_IP | NETIF_CHECKSUM_CHECK_TCP | NETIF_CHECKSUM_CHECK_UDP)

static bool is_up;
static struct netif card_interface;
static struct event_watcher watcher;

struct netif *stack_card(void) {
    return card_interface.state != NULL ? &card_interface : NULL;
}

/* ---- The card as lwIP sees it ---- */

static err_t send(struct netif *interface, struct pbuf *frame) {
    (void)interface;
    packet_saw(frame, true);
    return card_send(frame) ? ERR_OK : ERR_MEM;
}

static err_t begin(struct netif *interface) {
    const struct information_device *device = interface->state;
    interface->name[0] = 'e';
    interface->name[1] = 't';
    interface->mtu = STACK_MTU;
    interface->hwaddr_len = NETWORK_ADDRESS;
    memcpy(interface->hwaddr, device->identity.hardware, NETWORK_ADDRESS);
    interface->output = etharp_output;
    interface->output_ip6 = ethip6_output;
    interface->linkoutput = send;
    interface->flags |= NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET |
                        NETIF_FLAG_IGMP | NETIF_FLAG_MLD6;
    return ERR_OK;
}

static ip4_addr_t address_of(uint32_t number) {
    return (ip4_addr_t){lwip_htonl(number)};
}

static uint32_t mask_of(uint32_t prefix) {
    return prefix == 0 ? 0 : 0xFFFFFFFFu << (32 - prefix);
}

static int add_card(const struct information_device *device) {
    const struct network_identity *identity = &device->identity;
    ip4_addr_t address = address_of(identity->address), gateway = address_of(identity->gateway);
    ip4_addr_t mask = address_of(mask_of(identity->prefix));
    int error = card_start(device);
    if (error != 0)
        return error;
    struct netif *card = netif_add(&card_interface, &address, &mask, &gateway,
                                   (void *)(uintptr_t)device, begin, ethernet_input);
    NETIF_SET_CHECKSUM_CTRL(card, SUMS_INSIDE);
    path_mtu_settle(card);
    netif_set_default(card);
    netif_create_ip6_linklocal_address(card, 1);
    netif_set_ip6_autoconfig_enabled(card, 1);
    netif_set_up(card);
    netif_set_link_up(card);
    if (identity->address == 0)
        dhcp_start(card);
    return 0;
}

void stack_sum_datagrams(bool on) {
    NETIF_SET_CHECKSUM_CTRL(&card_interface, SUMS_INSIDE | (on ? NETIF_CHECKSUM_GEN_UDP : 0));
}

/* ---- What comes ---- */

static bool is_ipv6(const struct pbuf *frame) {
    return lwip_ntohs(((const struct eth_hdr *)frame->payload)->type) == ETHTYPE_IPV6;
}

static void take_frame(struct pbuf *frame, bool is_inside) {
    bool says_mtus = is_ipv6(frame);
    clock_is_active();
    packet_saw(frame, false);
    NETIF_SET_CHECKSUM_CTRL(&card_interface, is_inside ? SUMS_INSIDE : SUMS_FROM_WIRE);
    if (card_interface.input(frame, &card_interface) != ERR_OK)
        pbuf_free(frame);
    NETIF_SET_CHECKSUM_CTRL(&card_interface, SUMS_INSIDE);
    if (says_mtus)
        path_mtu_settle(&card_interface);
}

static void take_frames(void) {
    struct pbuf *frame;
    bool is_inside;
    while ((frame = card_receive(&is_inside)) != NULL)
        take_frame(frame, is_inside);
}

void stack_settle(void) {
    take_frames();
    netif_poll_all();
    clock_settle();
}

void stack_look(void) {
    card_send_rest();
    clock_run();
    stack_settle();
}

static void look(void *context) {
    (void)context;
    clock_ask_again();
    stack_look();
}

/* ---- The start ---- */

int stack_need(void) {
    if (is_up)
        return 0;
    int error = refusal_watch(); /* first: it may fail, and lwIP begins once */
    if (error != 0)
        return error;
    lwip_init();
    news_watch();
    NETIF_SET_CHECKSUM_CTRL(netif_find("lo0"), SUMS_INSIDE);
    is_up = true;
    watcher = (struct event_watcher){.changed = look};
    event_watch(&watcher);
    return 0;
}

int network_start(void) {
    const struct information_device *device = card_granted();
    if (device == NULL)
        return 0;
    int error = stack_need();
    if (error == 0)
        error = add_card(device);
    stack_settle();
    return error;
}
