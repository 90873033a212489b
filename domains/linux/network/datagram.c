// SPDX-License-Identifier: MIT
/*
 * UDP sockets and raw ones (for ICMP).
 */
#include "domains/linux/network/socket.h"

#include "domains/linux/errno.h"
#include "domains/linux/network/clock.h"
#include "domains/linux/network/message.h"
#include "domains/linux/network/path_mtu.h"
#include "domains/linux/network/stack.h"
#include "kernel/abi/gate.h"

#include <lwip/icmp.h>
#include <lwip/inet_chksum.h>
#include <lwip/ip.h>
#include <lwip/prot/ip4.h>
#include <lwip/prot/ip6.h>
#include <lwip/raw.h>
#include <lwip/udp.h>

#define UDP_MOST  65507u
#define UDP_WHOLE (PATH_MTU_LEAST - IP6_HLEN - UDP_HLEN) /* in one packet, whatever the way */
#define RAW_MOST  65000u

/* ---- What comes ---- */

static void came(void *context, struct udp_pcb *block, struct pbuf *data, const ip_addr_t *from,
                 u16_t port) {
    (void)block;
    message_queue(context, data, &(struct endpoint){.address = *from, .port = port});
}

void datagram_refused(const struct endpoint *from, const struct endpoint *to, int error) {
    for (struct udp_pcb *block = udp_pcbs; block != NULL; block = block->next) {
        bool is_it = block->recv == came && (block->flags & UDP_FLAGS_CONNECTED) != 0 &&
                     block->local_port == from->port && block->remote_port == to->port &&
                     ip_addr_cmp_zoneless(&block->remote_ip, &to->address) &&
                     (ip_addr_isany(&block->local_ip) ||
                      ip_addr_cmp_zoneless(&block->local_ip, &from->address));
        if (is_it) {
            struct socket *socket = block->recv_arg;
            socket->error = error;
            socket_wake(socket);
            return;
        }
    }
}

/* A raw IPv4 socket gets the IP header too, one of IPv6 does not. lwIP goes on with the packet: this is a copy. */
static u8_t raw_came(void *context, struct raw_pcb *block, struct pbuf *packet,
                     const ip_addr_t *from) {
    struct socket *socket = context;
    uint32_t skipped = IP_IS_V6(from) ? IP6_HLEN : 0;
    uint32_t header = IP_IS_V6(from) ? IP6_HLEN : (pbuf_get_at(packet, 0) & 15u) * 4;
    (void)block;
    if (packet->tot_len <= header)
        return 0;
    uint8_t type = pbuf_get_at(packet, (u16_t)header);
    if (type < 32 && (socket->filtered_types >> type & 1) != 0)
        return 0;
    struct pbuf *copy = pbuf_alloc(PBUF_RAW, (u16_t)(packet->tot_len - skipped), PBUF_RAM);
    if (copy == NULL)
        return 0;
    pbuf_copy_partial(packet, copy->payload, copy->tot_len, (u16_t)skipped);
    message_queue(socket, copy, &(struct endpoint){.address = *from});
    return 0;
}

/* ---- Names ---- */

int datagram_open(struct socket *socket) {
    socket->block.udp = udp_new_ip_type(socket_address_type(socket));
    if (socket->block.udp == NULL)
        return -ENOBUFS;
    udp_recv(socket->block.udp, came, socket);
    return 0;
}

int raw_open(struct socket *socket) {
    uint8_t type = socket->family == AF_INET ? IPADDR_TYPE_V4 : IPADDR_TYPE_V6;
    socket->block.raw = raw_new_ip_type(type, (u8_t)socket->protocol);
    if (socket->block.raw == NULL)
        return -ENOBUFS;
    if (socket->protocol == PROTOCOL_ICMPV6) {
        socket->block.raw->chksum_reqd = 1;
        socket->block.raw->chksum_offset = 2;
    }
    if (socket->protocol == PROTOCOL_RAW)
        raw_set_flags(socket->block.raw, RAW_FLAGS_HDRINCL);
    raw_recv(socket->block.raw, raw_came, socket);
    return 0;
}

static int datagram_bind(struct socket *socket, const struct endpoint *name) {
    int error = socket_check_address(name);
    if (error != 0)
        return error;
    if (socket->block.udp->local_port != 0)
        return -EINVAL;
    return errno_of(
        udp_bind(socket->block.udp, socket_bind_address(socket, name), (u16_t)name->port));
}

static int raw_bind_to(struct socket *socket, const struct endpoint *name) {
    int error = socket_check_address(name);
    return error != 0 ? error : errno_of(raw_bind(socket->block.raw, &name->address));
}

static int set_peer(struct socket *socket, const struct endpoint *peer) {
    socket->is_connected = peer != NULL;
    if (peer != NULL)
        socket->peer = *peer;
    return 0;
}

static int datagram_connect(struct socket *socket, const struct endpoint *peer, bool waits) {
    (void)waits;
    if (peer == NULL)
        udp_disconnect(socket->block.udp);
    err_t error =
        peer == NULL ? ERR_OK : udp_connect(socket->block.udp, &peer->address, (u16_t)peer->port);
    return error != ERR_OK ? errno_of(error) : set_peer(socket, peer);
}

static int raw_connect_to(struct socket *socket, const struct endpoint *peer, bool waits) {
    (void)waits;
    if (peer == NULL)
        raw_disconnect(socket->block.raw);
    err_t error = peer == NULL ? ERR_OK : raw_connect(socket->block.raw, &peer->address);
    return error != ERR_OK ? errno_of(error) : set_peer(socket, peer);
}

/* The address that packets to the peer have: a connected socket shows that, though it is bound to none. */
static void find_local(const struct socket *socket, struct endpoint *name) {
    const ip_addr_t *peer = &socket->peer.address;
    struct netif *interface = ip_route(&socket->block.ip->local_ip, peer);
    const ip_addr_t *source = interface != NULL ? ip_netif_get_local_ip(interface, peer) : NULL;
    if (source != NULL)
        ip_addr_copy(name->address, *source);
}

static int datagram_name(struct socket *socket, bool of_peer, struct endpoint *name) {
    if (of_peer && !socket->is_connected)
        return -ENOTCONN;
    if (of_peer) {
        *name = socket->peer;
        return 0;
    }
    ip_addr_copy(name->address, socket->block.ip->local_ip);
    name->port = socket->type == SOCK_DGRAM ? socket->block.udp->local_port : 0;
    if (ip_addr_isany(&name->address) && socket->is_connected)
        find_local(socket, name);
    return 0;
}

/* ---- Sending ---- */

static const struct endpoint *target(const struct socket *socket, const struct exchange *exchange) {
    if (exchange->to != NULL)
        return exchange->to;
    return socket->is_connected ? &socket->peer : NULL;
}

static int send(struct socket *socket, struct exchange *exchange, pbuf_layer layer, uint32_t most,
                err_t (*pass)(struct socket *, struct pbuf *, const struct endpoint *)) {
    int error;
    if (exchange->flags & MSG_OOB)
        return -EOPNOTSUPP;
    if (socket->output_shut)
        return -EPIPE;
    if (socket->error != 0)
        return socket_take_error(socket);
    if (target(socket, exchange) == NULL)
        return -EDESTADDRREQ;
    struct pbuf *packet = message_take(exchange, layer, most, &error);
    if (packet == NULL)
        return error;
    uint32_t bytes = packet->tot_len;
    const struct endpoint *to = target(socket, exchange);
    err_t result = to != NULL ? pass(socket, packet, to) : ERR_CONN;
    pbuf_free(packet);
    clock_is_active();
    stack_settle();
    if (result == ERR_VAL)
        return -EACCES; /* to a broadcast address, without SO_BROADCAST */
    return result != ERR_OK ? errno_of(result) : (int)bytes;
}

/* What goes in pieces is summed here: the core sees one piece at a time. */
static err_t pass_udp(struct socket *socket, struct pbuf *packet, const struct endpoint *to) {
    if (packet->tot_len <= UDP_WHOLE)
        return udp_sendto(socket->block.udp, packet, &to->address, (u16_t)to->port);
    stack_sum_datagrams(true);
    err_t result = udp_sendto(socket->block.udp, packet, &to->address, (u16_t)to->port);
    stack_sum_datagrams(false);
    return result;
}

/* A header that the program has made, as raw(7) completes it; false: there is none. */
static bool complete_header(struct pbuf *packet, const struct endpoint *to) {
    struct ip_hdr *header = packet->payload; /* one piece: PBUF_RAM */
    struct netif *interface = ip4_route(ip_2_ip4(&to->address));
    if (packet->tot_len < IP_HLEN || IPH_HL_BYTES(header) < IP_HLEN ||
        IPH_HL_BYTES(header) > packet->tot_len)
        return false;
    if (header->src.addr == 0 && interface != NULL)
        header->src.addr = netif_ip4_addr(interface)->addr;
    if (IPH_ID(header) == 0)
        IPH_ID_SET(header, (u16_t)lwip_random());
    IPH_LEN_SET(header, lwip_htons(packet->tot_len));
    IPH_CHKSUM_SET(header, 0);
    IPH_CHKSUM_SET(header, inet_chksum(header, IPH_HL_BYTES(header)));
    return true;
}

static err_t pass_raw(struct socket *socket, struct pbuf *packet, const struct endpoint *to) {
    if (raw_is_flag_set(socket->block.raw, RAW_FLAGS_HDRINCL) && !complete_header(packet, to))
        return ERR_ARG;
    return raw_sendto(socket->block.raw, packet, &to->address);
}

static int datagram_send(struct socket *socket, struct exchange *exchange, bool waits) {
    (void)waits;
    return send(socket, exchange, PBUF_TRANSPORT, UDP_MOST, pass_udp);
}

static int raw_send_to(struct socket *socket, struct exchange *exchange, bool waits) {
    (void)waits;
    return send(socket, exchange, PBUF_IP, RAW_MOST, pass_raw);
}

/* ---- The rest ---- */

static int datagram_shut(struct socket *socket, bool input, bool output) {
    if (!socket->is_connected)
        return -ENOTCONN;
    socket->input_shut |= input;
    socket->output_shut |= output;
    socket_wake(socket);
    return 0;
}

static void datagram_release(struct socket *socket) {
    if (socket->block.udp != NULL)
        udp_remove(socket->block.udp);
    message_drop_all(socket);
    stack_settle();
}

static void raw_release(struct socket *socket) {
    if (socket->block.raw != NULL)
        raw_remove(socket->block.raw);
    message_drop_all(socket);
    stack_settle();
}

const struct socket_operations datagram_operations = {
    .bind = datagram_bind,
    .connect = datagram_connect,
    .listen = socket_no_listen,
    .accept = socket_no_accept,
    .send = datagram_send,
    .receive = message_receive,
    .shut = datagram_shut,
    .name = datagram_name,
    .poll = message_poll,
    .readable = message_readable,
    .release = datagram_release,
};

const struct socket_operations raw_operations = {
    .bind = raw_bind_to,
    .connect = raw_connect_to,
    .listen = socket_no_listen,
    .accept = socket_no_accept,
    .send = raw_send_to,
    .receive = message_receive,
    .shut = datagram_shut,
    .name = datagram_name,
    .poll = message_poll,
    .readable = message_readable,
    .release = raw_release,
};
