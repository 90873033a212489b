// SPDX-License-Identifier: MIT
/*
 * UDP sockets and raw ones (for ICMP): a bounded queue of datagrams that have come; sending is done at once.
 */
#include "domains/linux/network/socket.h"

#include "domains/lib/heap.h"
#include "domains/linux/errno.h"
#include "domains/linux/network/clock.h"
#include "domains/linux/network/stack.h"
#include "kernel/abi/gate.h"

#include <lwip/icmp.h>
#include <lwip/inet_chksum.h>
#include <lwip/ip.h>
#include <lwip/prot/ip4.h>
#include <lwip/prot/ip6.h>
#include <lwip/raw.h>
#include <lwip/udp.h>

#define QUEUE_BYTES   0x20000u /* of one socket; more is dropped */
#define DATAGRAM_COST 256u     /* that one takes in the queue besides its bytes */
#define UDP_MOST      65507u
#define RAW_MOST      65000u

static uint32_t smaller(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

/* ---- What comes ---- */

static void queue(struct socket *socket, struct pbuf *data, const ip_addr_t *from, uint16_t port) {
    uint32_t bytes = data->tot_len + DATAGRAM_COST;
    struct datagram *datagram = NULL;
    if (!socket->input_shut && socket->queued_bytes + bytes <= QUEUE_BYTES)
        datagram = heap_allocate(sizeof *datagram);
    if (datagram == NULL) {
        pbuf_free(data);
        return;
    }
    *datagram = (struct datagram){.data = data, .from = {.address = *from, .port = port}};
    *(socket->last != NULL ? &socket->last->next : &socket->first) = datagram;
    socket->last = datagram;
    socket->queued_bytes += bytes;
    socket_wake(socket);
}

static void drop_first(struct socket *socket) {
    struct datagram *datagram = socket->first;
    socket->first = datagram->next;
    if (socket->first == NULL)
        socket->last = NULL;
    socket->queued_bytes -= datagram->data->tot_len + DATAGRAM_COST;
    pbuf_free(datagram->data);
    heap_free(datagram);
}

static void came(void *context, struct udp_pcb *block, struct pbuf *data, const ip_addr_t *from,
                 u16_t port) {
    (void)block;
    queue(context, data, from, port);
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
    queue(socket, copy, from, 0);
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

static int no_listen(struct socket *socket, uint32_t backlog) {
    (void)socket;
    (void)backlog;
    return -EOPNOTSUPP;
}

static int no_accept(struct socket *socket, bool waits, struct socket **accepted) {
    (void)socket;
    (void)waits;
    *accepted = NULL;
    return -EOPNOTSUPP;
}

/* ---- Sending ---- */

/* A packet with the program's bytes; NULL: *error says why. */
static struct pbuf *take(struct exchange *exchange, pbuf_layer layer, uint32_t most, int *error) {
    uint32_t bytes = exchange->data->total;
    *error = bytes > most ? -EMSGSIZE : -ENOBUFS;
    struct pbuf *packet = bytes <= most ? pbuf_alloc(layer, (u16_t)bytes, PBUF_RAM) : NULL;
    if (packet == NULL)
        return NULL;
    int moved = bytes > 0 ? transfer_take(exchange->data, packet->payload, bytes) : 0;
    if (moved == (int)bytes)
        return packet;
    pbuf_free(packet);
    *error = -EFAULT;
    return NULL;
}

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
    if (target(socket, exchange) == NULL)
        return -EDESTADDRREQ;
    struct pbuf *packet = take(exchange, layer, most, &error);
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

static err_t pass_udp(struct socket *socket, struct pbuf *packet, const struct endpoint *to) {
    return udp_sendto(socket->block.udp, packet, &to->address, (u16_t)to->port);
}

static err_t pass_raw(struct socket *socket, struct pbuf *packet, const struct endpoint *to) {
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

/* ---- Receiving ---- */

static int await_datagram(struct socket *socket, uint64_t deadline, bool waits) {
    while (socket->reading || socket->first == NULL) {
        if (!socket->reading && socket->error != 0)
            return socket_take_error(socket);
        if (!socket->reading && socket->input_shut)
            return 0;
        int error = waits ? socket_wait(socket, deadline) : -EAGAIN;
        if (error != 0)
            return error;
    }
    return 1;
}

static int put(struct exchange *exchange, const struct pbuf *data) {
    int total = 0;
    for (const struct pbuf *piece = data; piece != NULL && exchange->data->total > 0;
         piece = piece->next) {
        uint32_t bytes = smaller(exchange->data->total, piece->len);
        int moved = bytes > 0 ? transfer_put(exchange->data, piece->payload, bytes) : 0;
        if (moved < (int)bytes)
            return -EFAULT;
        total += moved;
    }
    return total;
}

static int datagram_receive(struct socket *socket, struct exchange *exchange, bool waits) {
    int result = await_datagram(socket, exchange->deadline, waits);
    if (result != 1)
        return result;
    const struct datagram *datagram = socket->first;
    uint32_t bytes = datagram->data->tot_len;
    if (exchange->from != NULL)
        *exchange->from = datagram->from;
    socket->reading = true;
    result = put(exchange, datagram->data);
    socket->reading = false;
    if ((exchange->flags & MSG_PEEK) == 0)
        drop_first(socket);
    socket_wake(socket);
    if (result >= 0)
        exchange->left_out = bytes - (uint32_t)result;
    return result;
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

static uint32_t datagram_poll(struct socket *socket) {
    uint32_t in = socket->first != NULL || socket->input_shut ? POLLIN : 0u;
    return in | POLLOUT | (socket->input_shut ? POLLRDHUP : 0u);
}

static uint32_t datagram_readable(struct socket *socket) {
    return socket->first != NULL ? socket->first->data->tot_len : 0;
}

static void drop_all(struct socket *socket) {
    while (socket->first != NULL)
        drop_first(socket);
}

static void datagram_release(struct socket *socket) {
    if (socket->block.udp != NULL)
        udp_remove(socket->block.udp);
    drop_all(socket);
    stack_settle();
}

static void raw_release(struct socket *socket) {
    if (socket->block.raw != NULL)
        raw_remove(socket->block.raw);
    drop_all(socket);
    stack_settle();
}

const struct socket_operations datagram_operations = {
    .bind = datagram_bind,
    .connect = datagram_connect,
    .listen = no_listen,
    .accept = no_accept,
    .send = datagram_send,
    .receive = datagram_receive,
    .shut = datagram_shut,
    .name = datagram_name,
    .poll = datagram_poll,
    .readable = datagram_readable,
    .release = datagram_release,
};

const struct socket_operations raw_operations = {
    .bind = raw_bind_to,
    .connect = raw_connect_to,
    .listen = no_listen,
    .accept = no_accept,
    .send = raw_send_to,
    .receive = datagram_receive,
    .shut = datagram_shut,
    .name = datagram_name,
    .poll = datagram_poll,
    .readable = datagram_readable,
    .release = raw_release,
};
