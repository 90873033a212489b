// SPDX-License-Identifier: MIT
/*
 * Streams and sequenced packets: connections.
 *
 *   FRESH ──connect(): the other end is made, and waits at the listener──> CONNECTED
 *     └──listen()──> LISTENS ──accept() takes an end──> …
 *
 * connect() never waits for accept(), but while the listener's backlog is full. A stream's bytes lie in its queue in pieces as
 * they were written; `consumed` says how much of the first piece was read.
 */
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/local/local.h"
#include "domains/linux/local/rights.h"
#include "domains/linux/network/message.h"
#include "domains/linux/signal/restart.h"
#include "kernel/abi/gate.h"

#define PIECE_MOST   16384u
#define PACKET_MOST  65000u /* a pbuf's length has 16 bits */
#define BACKLOG_MOST 4096u

static uint32_t smaller(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

/* ---- Connections ---- */

static int local_listen(struct socket *socket, uint32_t backlog) {
    if ((socket->state != STREAM_FRESH && socket->state != STREAM_LISTENS) ||
        socket->local->name == NULL)
        return -EINVAL;
    socket->state = STREAM_LISTENS;
    socket->pending_most = smaller(backlog, BACKLOG_MOST);
    socket->local->peer = local_own_credentials();
    socket->local->has_peer = true;
    local_room_changed();
    return 0;
}

static bool is_full(const struct socket *listener) {
    return listener->pending_count > listener->pending_most;
}

/* 1: it is, and has room; 0: it has none; else an errno. */
static int look_at_listener(const struct socket *socket, const struct local *listener) {
    if (socket->state != STREAM_FRESH)
        return socket->state == STREAM_CONNECTED ? -EISCONN : -EINVAL;
    if (listener->socket == NULL || listener->socket->state != STREAM_LISTENS ||
        listener->socket->input_shut)
        return -ECONNREFUSED;
    return is_full(listener->socket) ? 0 : 1;
}

/* The other end of a connection, which waits to be accepted. */
static int meet(struct socket *socket, struct local *listener) {
    struct socket *end = socket_make(AF_UNIX, socket->type, 0);
    if (end == NULL)
        return -ENOMEM;
    if (local_open(end) != 0) {
        socket_free(end);
        return -ENOMEM;
    }
    end->local->name = local_name_hold(listener->name);
    end->local->peer = local_own_credentials();
    end->local->has_peer = socket->local->has_peer = end->local->is_pending = true;
    end->local->wants_credentials = listener->wants_credentials;
    socket->local->peer = listener->peer;
    local_join(socket->local, end->local);
    end->state = socket->state = STREAM_CONNECTED;
    socket_queue_pending(listener->socket, end);
    socket_wake(listener->socket);
    return 0;
}

static int local_connect(struct socket *socket, const struct endpoint *peer, bool waits) {
    int error = socket->state == STREAM_LISTENS ? -EINVAL : 0;
    if (peer == NULL || error != 0)
        return -EINVAL;
    struct local *listener = local_find(socket, peer->local, &error);
    if (listener == NULL)
        return error;
    uint64_t deadline = socket_deadline(socket->send_timeout);
    while ((error = look_at_listener(socket, listener)) == 0) {
        error = waits ? local_wait_for_room(deadline) : -EAGAIN;
        if (error != 0)
            break;
    }
    if (error == 1)
        error = meet(socket, listener);
    local_release(listener);
    return error;
}

static int local_accept(struct socket *listener, bool waits, struct socket **accepted) {
    int error = socket_accept_pending(listener, waits, accepted);
    if (error != 0)
        return error;
    (*accepted)->local->is_pending = false;
    local_room_changed();
    return 0;
}

/* ---- Sending ---- */

/* The peer takes bytes: 0, or why it never will. */
static int check_peer(const struct socket *socket, const struct local *other) {
    if (other == NULL)
        return -ENOTCONN;
    bool takes = !socket->output_shut && other->socket != NULL && !other->socket->input_shut;
    return takes ? 0 : -EPIPE;
}

/* The lock is released while bytes are copied, so the peer is looked at again behind it. */
static int send_piece(struct socket *socket, struct exchange *exchange, uint32_t bytes,
                      bool waits) {
    int error = check_peer(socket, socket->local->other);
    if (error != 0)
        return error;
    struct local *other = local_hold(socket->local->other);
    error = local_await_room(socket, other, bytes, exchange->deadline, waits, check_peer);
    struct pbuf *piece = error == 0 ? message_take_piece(exchange, PBUF_RAW, bytes, &error) : NULL;
    if (piece != NULL) {
        error = check_peer(socket, other);
        if (error == 0)
            error = local_pass(socket, other, exchange, piece);
        else
            pbuf_free(piece);
    }
    local_release(other);
    return error;
}

static int begin_writing(struct socket *socket, const struct exchange *exchange, bool waits) {
    while (socket->writing) {
        int error = waits ? socket_wait(socket, exchange->deadline) : -EAGAIN;
        if (error != 0)
            return error;
    }
    socket->writing = true;
    return 0;
}

static void end_writing(struct socket *socket) {
    socket->writing = false;
    socket_wake(socket);
}

static int stream_send(struct socket *socket, struct exchange *exchange, bool waits) {
    uint32_t left = exchange->data->total, sent = 0;
    if (exchange->flags & MSG_OOB)
        return -EOPNOTSUPP;
    int error = begin_writing(socket, exchange, waits);
    if (error != 0)
        return error;
    if (left == 0)
        error = check_peer(socket, socket->local->other);
    while (error == 0 && sent < left) {
        uint32_t bytes = smaller(left - sent, PIECE_MOST);
        error = send_piece(socket, exchange, bytes, waits);
        sent += error == 0 ? bytes : 0;
    }
    end_writing(socket);
    if (sent > 0)
        return (int)sent; /* whatever came then */
    return error == -EPIPE ? socket_broken_pipe(exchange) : error;
}

static int packet_send(struct socket *socket, struct exchange *exchange, bool waits) {
    uint32_t bytes = exchange->data->total;
    if (exchange->flags & MSG_OOB)
        return -EOPNOTSUPP;
    if (bytes > PACKET_MOST)
        return -EMSGSIZE;
    int error = begin_writing(socket, exchange, waits);
    if (error != 0)
        return error;
    error = send_piece(socket, exchange, bytes, waits);
    end_writing(socket);
    return error != 0 ? error : (int)bytes;
}

/* ---- Receiving ---- */

static void wake_sender(const struct socket *socket) {
    struct local *other = socket->local->other;
    local_room_changed();
    if (other != NULL && other->socket != NULL)
        socket_wake(other->socket);
}

/* 1: there are bytes; 0: there will be none any more; else an errno. */
static int await_bytes(struct socket *socket, uint64_t deadline, bool waits) {
    if (socket->local->other == NULL)
        return socket->state == STREAM_LISTENS || socket->type == SOCK_STREAM ? -EINVAL : -ENOTCONN;
    while (socket->reading || socket->first == NULL) {
        if (!socket->reading && socket->error != 0)
            return socket_take_error(socket);
        if (!socket->reading && (socket->ended || socket->input_shut))
            return 0;
        int error = waits ? socket_wait(socket, deadline) : -EAGAIN;
        if (error != 0)
            return error;
    }
    return 1;
}

/* Files end a read: with those of a later message they could not be told apart. So does another sender, if it is asked for. */
struct reading {
    struct message *at;
    uint32_t consumed; /* of it */
    uint32_t done;
    struct local_credentials sender; /* of what is done */
    bool over;
};

static int read_some(struct exchange *exchange, struct reading *reading) {
    struct pbuf *data = reading->at->data;
    uint32_t bytes = smaller(exchange->data->total, data->tot_len - reading->consumed);
    int moved = transfer_put(exchange->data, (uint8_t *)data->payload + reading->consumed, bytes);
    if (moved < (int)bytes)
        return -EFAULT;
    reading->done += bytes;
    reading->consumed += bytes;
    return 0;
}

/* Bytes that came without credentials have a sender of their own, who is nobody. */
static void look_at_sender(const struct socket *socket, struct reading *reading) {
    const struct rights *rights = reading->at->rights;
    struct local_credentials sender = {0, UINT32_MAX, UINT32_MAX};
    if (rights != NULL)
        sender = rights->credentials;
    if (reading->done == 0)
        reading->sender = sender;
    if (socket->local->wants_credentials)
        reading->over |= memcmp(&sender, &reading->sender, sizeof sender) != 0;
}

/* The files go with the first of the bytes; who sent them is asked for again with the rest. */
static void take_rights(struct exchange *exchange, struct message *message, bool is_whole) {
    struct rights *rest = is_whole ? NULL : rights_of_same_sender(message->rights);
    if (message->rights == NULL)
        return;
    rights_release(exchange->rights);
    message_take_rights(message, exchange);
    message->rights = rest;
}

static void next_piece(struct socket *socket, struct exchange *exchange, struct reading *reading) {
    struct message *read = reading->at;
    bool is_whole = reading->consumed == read->data->tot_len;
    if ((exchange->flags & MSG_PEEK) == 0)
        take_rights(exchange, read, is_whole);
    reading->over = exchange->rights != NULL && exchange->rights->count > 0;
    if (!is_whole)
        return;
    reading->at = read->next;
    reading->consumed = 0;
    if ((exchange->flags & MSG_PEEK) == 0)
        message_drop_first(socket);
}

static bool goes_on(const struct socket *socket, const struct exchange *exchange,
                    struct reading *reading) {
    if (reading->at != NULL)
        look_at_sender(socket, reading);
    return reading->at != NULL && exchange->data->total > 0 && !reading->over;
}

static int read_queue(struct socket *socket, struct exchange *exchange, struct reading *reading) {
    int error = 0;
    socket->reading = true;
    reading->at = socket->first;
    reading->consumed = socket->consumed;
    while (error == 0 && goes_on(socket, exchange, reading)) {
        error = read_some(exchange, reading);
        if (error == 0)
            next_piece(socket, exchange, reading);
        if ((exchange->flags & MSG_PEEK) == 0)
            socket->consumed = reading->consumed;
    }
    socket->reading = false;
    socket_wake(socket);
    wake_sender(socket);
    return error;
}

static int stream_receive(struct socket *socket, struct exchange *exchange, bool waits) {
    bool wants_all = (exchange->flags & (MSG_WAITALL | MSG_PEEK)) == MSG_WAITALL;
    struct reading reading = {0};
    int result;
    if (exchange->flags & MSG_OOB)
        return -EOPNOTSUPP;
    if (exchange->data->total == 0)
        return 0;
    do {
        result = await_bytes(socket, exchange->deadline, waits);
        if (result != 1)
            break;
        result = read_queue(socket, exchange, &reading);
    } while (result == 0 && wants_all && !reading.over && exchange->data->total > 0);
    return reading.done > 0 ? (int)reading.done : result;
}

static int packet_receive(struct socket *socket, struct exchange *exchange, bool waits) {
    int result = await_bytes(socket, exchange->deadline, waits);
    if (result != 1)
        return result;
    result = message_receive(socket, exchange, waits);
    wake_sender(socket);
    return result;
}

/* ---- Polling ---- */

static uint32_t poll_output(const struct socket *socket) {
    const struct local *other = socket->local->other;
    if (other == NULL)
        return POLLOUT | POLLHUP;
    if (other->socket == NULL || socket->output_shut)
        return POLLOUT;
    uint32_t most = socket->type == SOCK_STREAM ? PIECE_MOST : PACKET_MOST;
    return message_fits(other->socket, most) ? POLLOUT : 0u;
}

static uint32_t stream_poll(struct socket *socket) {
    bool is_over = socket->ended || socket->input_shut;
    const struct local *other = socket->local->other;
    bool is_dead = other != NULL && other->socket == NULL;
    if (socket->state == STREAM_LISTENS && !is_over)
        return socket->pending_first != NULL ? POLLIN : 0u;
    uint32_t events = socket->state == STREAM_LISTENS ? 0 : poll_output(socket);
    events |= socket->first != NULL || is_over ? POLLIN : 0u;
    events |= is_over ? POLLRDHUP : 0u;
    bool is_closed = socket->state == STREAM_LISTENS || (is_over && socket->output_shut);
    return events | (is_dead || is_closed ? POLLHUP : 0u);
}

static uint32_t stream_readable(struct socket *socket) {
    uint32_t bytes = 0;
    for (const struct message *message = socket->first; message != NULL; message = message->next)
        bytes += message->data->tot_len;
    return bytes - socket->consumed;
}

const struct socket_operations local_stream_operations = {
    .bind = local_bind,
    .connect = local_connect,
    .listen = local_listen,
    .accept = local_accept,
    .send = stream_send,
    .receive = stream_receive,
    .shut = local_shut,
    .name = local_name_of,
    .poll = stream_poll,
    .readable = stream_readable,
    .release = local_close,
};

const struct socket_operations local_packet_operations = {
    .bind = local_bind,
    .connect = local_connect,
    .listen = local_listen,
    .accept = local_accept,
    .send = packet_send,
    .receive = packet_receive,
    .shut = local_shut,
    .name = local_name_of,
    .poll = stream_poll,
    .readable = message_readable,
    .release = local_close,
};
