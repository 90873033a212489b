// SPDX-License-Identifier: MIT
/*
 * TCP sockets.
 *
 *   FRESH ──connect()──> CONNECTING ──SYN+ACK──> CONNECTED ──reset, given up──> OVER
 *     │                       └──refused, no answer──> OVER       ^
 *     └──listen()──> LISTENS ──a connection comes: pending, accept() takes it ┘
 *
 * Received bytes stay in lwIP's buffers until they are read, and count against the window: a reader who does not read
 * stops the sender, not the manager.
 */
#include "domains/linux/network/backlog.h"
#include "domains/linux/network/socket.h"

#include "domains/lib/heap.h"
#include "domains/linux/errno.h"
#include "domains/linux/network/clock.h"
#include "domains/linux/network/stack.h"
#include "kernel/abi/gate.h"
#include "kernel/abi/layout.h"

#include <lwip/tcp.h>

static uint32_t smaller(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

/* ---- What lwIP tells ---- */

static err_t received(void *context, struct tcp_pcb *block, struct pbuf *data, err_t error) {
    struct socket *socket = context;
    (void)block;
    (void)error;
    if (data == NULL)
        socket->ended = true;
    else if (socket->received != NULL)
        pbuf_cat(socket->received, data);
    else
        socket->received = data;
    socket_wake(socket);
    return ERR_OK;
}

static err_t sent(void *context, struct tcp_pcb *block, u16_t bytes) {
    (void)block;
    (void)bytes;
    socket_wake(context);
    return ERR_OK;
}

/* The block is gone already. */
static void failed(void *context, err_t error) {
    struct socket *socket = context;
    socket->block.tcp = NULL;
    socket->error = -errno_of(error);
    if (error == ERR_RST && socket->state == STREAM_CONNECTING)
        socket->error = ECONNREFUSED;
    socket->state = STREAM_OVER;
    socket->ended = true;
    socket_wake(socket);
}

static err_t connected(void *context, struct tcp_pcb *block, err_t error) {
    struct socket *socket = context;
    (void)block;
    (void)error;
    socket->state = STREAM_CONNECTED;
    socket_wake(socket);
    return ERR_OK;
}

static void watch(struct socket *socket) {
    struct tcp_pcb *block = socket->block.tcp;
    tcp_arg(block, socket);
    tcp_recv(block, received);
    tcp_sent(block, sent);
    tcp_err(block, failed);
}

static void forget(struct tcp_pcb *block) {
    tcp_arg(block, NULL);
    tcp_recv(block, NULL);
    tcp_sent(block, NULL);
    tcp_err(block, NULL);
}

/* lwIP counts those whose connection lasts; one that was reset has a place, too, until it is accepted. */
static err_t arrived(void *context, struct tcp_pcb *block, err_t error) {
    struct socket *listener = context;
    if (error != ERR_OK || block == NULL)
        return ERR_VAL;
    if (listener->pending_count == listener->pending_most)
        return ERR_MEM;
    struct socket *socket = socket_make(listener->family, SOCK_STREAM, PROTOCOL_TCP);
    if (socket == NULL)
        return ERR_MEM;
    socket->block.tcp = block;
    socket->state = STREAM_CONNECTED;
    socket->is_connected = true;
    watch(socket);
    tcp_backlog_delayed(block);
    socket_queue_pending(listener, socket);
    socket_wake(listener);
    return ERR_OK;
}

/* ---- Names ---- */

int stream_open(struct socket *socket) {
    socket->block.tcp = tcp_new_ip_type(socket_address_type(socket));
    if (socket->block.tcp == NULL)
        return -ENOBUFS;
    watch(socket);
    return 0;
}

static int stream_bind(struct socket *socket, const struct endpoint *name) {
    int error = socket_check_address(name);
    if (error != 0)
        return error;
    if (socket->state != STREAM_FRESH || socket->block.tcp->local_port != 0)
        return -EINVAL;
    return errno_of(
        tcp_bind(socket->block.tcp, socket_bind_address(socket, name), (u16_t)name->port));
}

static int stream_name(struct socket *socket, bool of_peer, struct endpoint *name) {
    const struct tcp_pcb *block = socket->block.tcp;
    if (of_peer && (block == NULL || socket->state != STREAM_CONNECTED))
        return -ENOTCONN;
    if (block == NULL)
        return 0;
    name->address = of_peer ? block->remote_ip : block->local_ip;
    name->port = of_peer ? block->remote_port : block->local_port;
    return 0;
}

/* ---- Connections ---- */

static int stream_connect(struct socket *socket, const struct endpoint *peer, bool waits) {
    if (socket->state == STREAM_CONNECTED && socket->is_connected)
        return -EISCONN;
    if (socket->state == STREAM_CONNECTED)
        return socket_end_connecting(socket);
    if (socket->state == STREAM_CONNECTING)
        return waits ? socket_await_connection(socket) : -EALREADY;
    if (socket->state != STREAM_FRESH)
        return socket->error != 0 ? socket_take_error(socket) : -ECONNABORTED;
    if (peer == NULL)
        return -EAFNOSUPPORT;
    err_t error = tcp_connect(socket->block.tcp, &peer->address, (u16_t)peer->port, connected);
    if (error != ERR_OK)
        return errno_of(error);
    socket->state = STREAM_CONNECTING;
    clock_is_active();
    stack_settle();
    if (waits)
        return socket_await_connection(socket);
    return socket->state == STREAM_CONNECTING ? -EINPROGRESS : socket_await_connection(socket);
}

uint32_t backlog_most = BACKLOG_LIMIT;

static int stream_listen(struct socket *socket, uint32_t backlog) {
    if (socket->state == STREAM_LISTENS)
        return 0;
    if (socket->state != STREAM_FRESH)
        return -EINVAL;
    err_t error = ERR_OK;
    if (socket->block.tcp->local_port == 0)
        error = tcp_bind(socket->block.tcp, NULL, 0);
    backlog = smaller(backlog, backlog_most);
    backlog = backlog == 0 ? 1 : backlog;
    struct tcp_pcb *listens =
        error == ERR_OK ? tcp_listen_with_backlog_and_err(socket->block.tcp, (u8_t)backlog, &error)
                        : NULL;
    if (listens == NULL)
        return errno_of(error);
    socket->block.tcp = listens;
    socket->state = STREAM_LISTENS;
    socket->pending_most = backlog;
    tcp_arg(listens, socket);
    tcp_accept(listens, arrived);
    return 0;
}

static int stream_accept(struct socket *socket, bool waits, struct socket **accepted) {
    int error = socket_accept_pending(socket, waits, accepted);
    if (error != 0)
        return error;
    if ((*accepted)->block.tcp != NULL)
        tcp_backlog_accepted((*accepted)->block.tcp);
    return 0;
}

/* ---- Receiving ---- */

/* Until there is something to be read by this reader alone: 1; 0 at the end; or a negative errno. */
static int await_bytes(struct socket *socket, uint64_t deadline, bool waits) {
    while (socket->reading || socket->received == NULL) {
        if (!socket->reading && socket->error != 0)
            return socket_take_error(socket);
        if (!socket->reading && (socket->ended || socket->input_shut))
            return 0;
        if (socket->state == STREAM_FRESH || socket->state == STREAM_LISTENS)
            return -ENOTCONN;
        int error = waits ? socket_wait(socket, deadline) : -EAGAIN;
        if (error != 0)
            return error;
    }
    return 1;
}

static void consume(struct socket *socket, uint32_t bytes) {
    socket->received = pbuf_free_header(socket->received, (u16_t)bytes);
    if (socket->block.tcp == NULL)
        return;
    tcp_recved(socket->block.tcp, (u16_t)bytes);
    stack_settle();
}

/* What there is, as far as it has room. With `peeks` it stays. */
static int take_bytes(struct socket *socket, struct transfer *to, bool peeks) {
    int total = 0;
    for (struct pbuf *piece = socket->received; piece != NULL && to->total > 0;) {
        uint32_t bytes = smaller(to->total, piece->len);
        int moved = transfer_put(to, piece->payload, bytes);
        if (moved <= 0)
            return total > 0 ? total : moved;
        total += moved;
        if (!peeks)
            consume(socket, (uint32_t)moved);
        piece = peeks ? piece->next : socket->received;
    }
    return total;
}

static int stream_receive(struct socket *socket, struct exchange *exchange, bool waits) {
    bool peeks = (exchange->flags & MSG_PEEK) != 0;
    bool waits_for_all = (exchange->flags & MSG_WAITALL) != 0 && !peeks;
    int total = 0, moved;
    if (exchange->flags & MSG_OOB)
        return -EINVAL;
    do {
        moved = exchange->data->total > 0 ? await_bytes(socket, exchange->deadline, waits) : 0;
        if (moved != 1)
            break;
        socket->reading = true;
        moved = take_bytes(socket, exchange->data, peeks);
        socket->reading = false;
        socket_wake(socket);
        total += moved > 0 ? moved : 0;
    } while (moved > 0 && waits_for_all);
    return total > 0 ? total : moved;
}

/* ---- Sending ---- */

static uint32_t room(const struct socket *socket) {
    const struct tcp_pcb *block = socket->block.tcp;
    return tcp_sndqueuelen(block) < TCP_SND_QUEUELEN - 4 ? tcp_sndbuf(block) : 0;
}

/* Until this writer may send something: 0 or a negative errno. */
static int await_room(struct socket *socket, const struct exchange *exchange, bool waits) {
    for (;;) {
        if (socket->error != 0)
            return socket_take_error(socket);
        if (socket->state == STREAM_OVER || socket->output_shut)
            return socket_broken_pipe(exchange);
        if (socket->state == STREAM_FRESH || socket->state == STREAM_LISTENS)
            return socket_broken_pipe(exchange);
        if (socket->state == STREAM_CONNECTED && !socket->writing && room(socket) > 0)
            return 0;
        int error = waits ? socket_wait(socket, exchange->deadline) : -EAGAIN;
        if (error != 0)
            return error;
    }
}

/* One page at most: the copying releases the lock, and lwIP copies from there. */
static int put_bytes(struct socket *socket, struct transfer *from, void *page) {
    uint32_t bytes = smaller(smaller(from->total, PAGE_SIZE), room(socket));
    int moved = transfer_take(from, page, bytes);
    if (moved <= 0 || socket->block.tcp == NULL)
        return moved;
    u8_t flags = TCP_WRITE_FLAG_COPY | (from->total > 0 ? TCP_WRITE_FLAG_MORE : 0);
    err_t error = tcp_write(socket->block.tcp, page, (u16_t)moved, flags);
    if (error != ERR_OK)
        return errno_of(error);
    tcp_output(socket->block.tcp);
    clock_is_active();
    stack_settle();
    return moved;
}

static int send_all(struct socket *socket, struct exchange *exchange, bool waits, void *page) {
    int total = 0, moved = 0;
    while (exchange->data->total > 0) {
        moved = await_room(socket, exchange, waits);
        if (moved != 0)
            break;
        socket->writing = true;
        moved = put_bytes(socket, exchange->data, page);
        socket->writing = false;
        if (moved <= 0)
            break;
        total += moved;
    }
    socket_wake(socket);
    return total > 0 ? total : moved;
}

static int stream_send(struct socket *socket, struct exchange *exchange, bool waits) {
    if (exchange->flags & MSG_OOB)
        return -EOPNOTSUPP;
    uint32_t frame = frame_allocate_unzeroed();
    if (frame == NO_FRAME)
        return -ENOBUFS;
    int result = send_all(socket, exchange, waits, frame_pointer(frame));
    frame_release(frame);
    return result;
}

/* ---- The end ---- */

static int stream_shut(struct socket *socket, bool input, bool output) {
    if (socket->state != STREAM_CONNECTED)
        return -ENOTCONN;
    socket->input_shut |= input;
    if (output && !socket->output_shut && socket->block.tcp != NULL) {
        socket->output_shut = true;
        tcp_shutdown(socket->block.tcp, 0, 1);
    }
    stack_settle();
    socket_wake(socket);
    return 0;
}

static void close_block(struct socket *socket) {
    struct tcp_pcb *block = socket->block.tcp;
    if (block == NULL)
        return;
    if (socket->state == STREAM_LISTENS) {
        tcp_arg(block, NULL);
        tcp_accept(block, NULL);
        tcp_close(block);
        return;
    }
    forget(block);
    bool at_once = socket->lingers && socket->linger_seconds == 0;
    if (at_once || tcp_close(block) != ERR_OK)
        tcp_abort(block);
}

static void drop_pending(struct socket *socket) {
    while (socket->pending_first != NULL) {
        struct socket *pending = socket->pending_first;
        socket_unqueue_pending(pending);
        pending->lingers = true; /* it is reset: nobody has read a byte of it */
        if (pending->block.tcp != NULL)
            tcp_backlog_accepted(pending->block.tcp);
        socket_free(pending);
    }
}

static void stream_release(struct socket *socket) {
    drop_pending(socket);
    close_block(socket);
    if (socket->received != NULL)
        pbuf_free(socket->received);
    stack_settle();
}

static uint32_t stream_poll(struct socket *socket) {
    uint32_t events = 0;
    if (socket->state == STREAM_LISTENS)
        return socket->pending_first != NULL ? POLLIN : 0;
    if (socket->state == STREAM_CONNECTING)
        return 0;
    if (socket->state == STREAM_FRESH)
        return POLLOUT | POLLHUP;
    bool no_input = socket->ended || socket->input_shut;
    bool no_output = socket->output_shut || socket->state == STREAM_OVER;
    events |= socket->received != NULL || no_input ? POLLIN : 0u;
    events |= no_input ? POLLRDHUP : 0u;
    events |= no_output || room(socket) > TCP_SNDLOWAT ? POLLOUT : 0u;
    events |= no_input && no_output ? POLLHUP : 0u;
    return events;
}

static uint32_t stream_readable(struct socket *socket) {
    return socket->received != NULL ? socket->received->tot_len : 0;
}

const struct socket_operations stream_operations = {
    .bind = stream_bind,
    .connect = stream_connect,
    .listen = stream_listen,
    .accept = stream_accept,
    .send = stream_send,
    .receive = stream_receive,
    .shut = stream_shut,
    .name = stream_name,
    .poll = stream_poll,
    .readable = stream_readable,
    .release = stream_release,
};
