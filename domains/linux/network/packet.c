// SPDX-License-Identifier: MIT
/*
 * See packet.h. A frame that comes is copied before lwIP, which changes it, has it. One that is sent from here goes to the
 * card and not to lwIP, and the core's switch holds it to the tenant's addresses as any other.
 */
#include "domains/linux/network/packet.h"

#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/network/clock.h"
#include "domains/linux/network/interface.h"
#include "domains/linux/network/message.h"
#include "domains/linux/network/stack.h"
#include "kernel/abi/network.h"

#include <lwip/netif.h>
#include <lwip/prot/ethernet.h>

#define EVERY_PROTOCOL 3u /* ETH_P_ALL */

enum { TO_HOST, TO_ALL, TO_GROUP, TO_OTHER, OUTGOING }; /* PACKET_* */

static struct socket *all;
static const struct socket *sending; /* does not see what it sends itself */

void packet_open(struct socket *socket) {
    socket_enlist(&all, socket);
}

static void release(struct socket *socket) {
    socket_unlist(&all, socket);
    message_drop_all(socket);
}

/* ---- What comes and goes ---- */

static uint8_t packet_type(const struct eth_hdr *header, bool goes) {
    static const uint8_t everybody[] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    const uint8_t *to = header->dest.addr;
    if (goes)
        return OUTGOING;
    if (memcmp(to, everybody, sizeof everybody) == 0)
        return TO_ALL;
    if (to[0] & 1)
        return TO_GROUP;
    return memcmp(to, stack_card()->hwaddr, sizeof everybody) == 0 ? TO_HOST : TO_OTHER;
}

static struct endpoint sender_of(const struct eth_hdr *header, bool goes) {
    struct endpoint from = {.context = netif_get_index(stack_card()),
                            .port = lwip_ntohs(header->type),
                            .hardware = {.count = ETH_HWADDR_LEN}};
    memcpy(from.hardware.bytes, header->src.addr, ETH_HWADDR_LEN);
    from.hardware.packet_type = packet_type(header, goes);
    return from;
}

/* What goes is shown to those alone that want all. */
static bool wants(const struct socket *socket, const struct endpoint *from) {
    if (socket->interface != 0 && socket->interface != from->context)
        return false;
    if (socket->protocol == EVERY_PROTOCOL)
        return true;
    return socket->protocol == from->port && from->hardware.packet_type != OUTGOING;
}

static void show(struct socket *socket, const struct pbuf *frame, const struct endpoint *from) {
    u16_t skipped = socket->type == SOCK_DGRAM ? SIZEOF_ETH_HDR : 0;
    struct pbuf *copy = pbuf_alloc(PBUF_RAW, (u16_t)(frame->tot_len - skipped), PBUF_RAM);
    if (copy == NULL)
        return;
    pbuf_copy_partial(frame, copy->payload, copy->tot_len, skipped);
    message_queue(socket, copy, from);
}

void packet_saw(const struct pbuf *frame, bool goes) {
    struct eth_hdr header;
    if (all == NULL || pbuf_copy_partial(frame, &header, sizeof header, 0) != sizeof header)
        return;
    struct endpoint from = sender_of(&header, goes);
    for (struct socket *socket = all; socket != NULL; socket = socket->next)
        if (socket != sending && wants(socket, &from))
            show(socket, frame, &from);
}

/* ---- Names ---- */

static int bind_to(struct socket *socket, const struct endpoint *name) {
    if (name->context != 0 && interface_at(name->context) == NULL)
        return -ENODEV;
    socket->interface = name->context;
    if (name->port != 0)
        socket->protocol = name->port;
    return 0;
}

static int connect_to(struct socket *socket, const struct endpoint *peer, bool waits) {
    (void)socket;
    (void)peer;
    (void)waits;
    return -EOPNOTSUPP;
}

static int name(struct socket *socket, bool of_peer, struct endpoint *name) {
    struct netif *card = stack_card();
    if (of_peer)
        return -EOPNOTSUPP;
    *name = (struct endpoint){.context = socket->interface, .port = socket->protocol};
    if (card == NULL || socket->interface != netif_get_index(card))
        return 0;
    name->hardware.count = card->hwaddr_len;
    memcpy(name->hardware.bytes, card->hwaddr, card->hwaddr_len);
    return 0;
}

/* ---- Sending ---- */

/* The way out, as the socket or the call names it: 0, or why there is none. */
static int check_way(const struct socket *socket, const struct exchange *exchange) {
    uint32_t index = exchange->to != NULL ? exchange->to->context : socket->interface;
    struct netif *card = stack_card();
    if (card == NULL || index != netif_get_index(card))
        return -ENXIO;
    if (socket->type == SOCK_DGRAM && exchange->to == NULL)
        return -EINVAL; /* to whom? */
    return netif_is_up(card) ? 0 : -ENETDOWN;
}

static int add_header(const struct socket *socket, const struct endpoint *to, struct pbuf *packet) {
    struct eth_hdr header = {.type =
                                 lwip_htons((u16_t)(to->port != 0 ? to->port : socket->protocol))};
    if (to->hardware.count < ETH_HWADDR_LEN)
        return -EINVAL;
    memcpy(header.dest.addr, to->hardware.bytes, ETH_HWADDR_LEN);
    memcpy(header.src.addr, stack_card()->hwaddr, ETH_HWADDR_LEN);
    if (pbuf_add_header(packet, SIZEOF_ETH_HDR) != 0)
        return -ENOBUFS;
    return pbuf_take(packet, &header, sizeof header) == ERR_OK ? 0 : -ENOBUFS;
}

static int pass(struct socket *socket, const struct exchange *exchange, struct pbuf *packet) {
    int error = check_way(socket, exchange); /* again: the lock was released */
    if (error == 0 && socket->type == SOCK_DGRAM)
        error = add_header(socket, exchange->to, packet);
    if (error == 0 && packet->tot_len < SIZEOF_ETH_HDR)
        error = -EINVAL;
    if (error != 0)
        return error;
    sending = socket;
    error = errno_of(stack_card()->linkoutput(stack_card(), packet));
    sending = NULL;
    return error;
}

static int send(struct socket *socket, struct exchange *exchange, bool waits) {
    uint32_t header = socket->type == SOCK_DGRAM ? SIZEOF_ETH_HDR : 0;
    int error = check_way(socket, exchange);
    (void)waits;
    if (error != 0)
        return error;
    struct pbuf *packet = message_take(exchange, PBUF_LINK, NETWORK_FRAME_MOST - header, &error);
    if (packet == NULL)
        return error;
    int bytes = packet->tot_len;
    error = pass(socket, exchange, packet);
    pbuf_free(packet);
    clock_is_active();
    stack_settle();
    return error != 0 ? error : bytes;
}

const struct socket_operations packet_operations = {
    .bind = bind_to,
    .connect = connect_to,
    .listen = socket_no_listen,
    .accept = socket_no_accept,
    .send = send,
    .receive = message_receive,
    .shut = socket_no_shut,
    .name = name,
    .poll = message_poll,
    .readable = message_readable,
    .release = release,
};
