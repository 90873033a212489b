// SPDX-License-Identifier: MIT
/*
 * Datagrams: each by itself to whom it names, or to whom the socket is connected. Whose queue is full keeps the sender waiting;
 * nothing is lost.
 */
#include "domains/linux/errno.h"
#include "domains/linux/local/local.h"
#include "domains/linux/network/message.h"

#define DATAGRAM_MOST 65000u /* a pbuf's length has 16 bits */

static bool hears(const struct local *to, const struct local *from) {
    return to->other == NULL || to->other == from;
}

/* What its old peer and others had sent is dropped, and that peer told, if it was connected to this one. */
static void change_peer(struct socket *socket, struct local *other) {
    struct local *before = socket->local->other;
    socket->local->other = other;
    if (before == NULL)
        return;
    if (before != other && socket->first != NULL && !socket->reading) {
        message_drop_all(socket);
        local_wake_senders(socket->local);
        if (before->socket != NULL && before->other == socket->local) {
            before->socket->error = ECONNRESET;
            socket_wake(before->socket);
        }
    }
    local_release(before);
}

static int datagram_connect(struct socket *socket, const struct endpoint *peer, bool waits) {
    int error = 0;
    (void)waits;
    struct local *other = peer != NULL ? local_find(socket, peer->local, &error) : NULL;
    if (error != 0)
        return error;
    if (other != NULL && !hears(other, socket->local)) {
        local_release(other);
        return -EPERM;
    }
    change_peer(socket, other);
    return 0;
}

/* Whom the datagram is for, held; NULL: *error says why there is nobody. */
static struct local *target(struct socket *socket, const struct exchange *exchange, int *error) {
    struct local *other = socket->local->other;
    *error = 0;
    if (exchange->to != NULL)
        return local_find(socket, exchange->to->local, error);
    if (other == NULL)
        *error = -ENOTCONN;
    else if (other->socket == NULL) {
        *error = -ECONNREFUSED;
        local_part(socket->local);
    }
    return *error == 0 ? local_hold(other) : NULL;
}

/* One that is connected hears nobody else. */
static int check_target(const struct socket *socket, const struct local *to) {
    if (to->socket == NULL)
        return -ECONNREFUSED;
    if (!hears(to, socket->local))
        return -EPERM;
    return socket->output_shut || to->socket->input_shut ? -EPIPE : 0;
}

static int send_to(struct socket *socket, struct exchange *exchange, struct local *to, bool waits) {
    uint32_t bytes = exchange->data->total;
    int error = check_target(socket, to);
    struct pbuf *data = error == 0 ? message_take(exchange, PBUF_RAW, DATAGRAM_MOST, &error) : NULL;
    if (data == NULL)
        return error;
    error = local_await_room(socket, to, bytes, exchange->deadline, waits, check_target);
    if (error == 0)
        return local_pass(socket, to, exchange, data);
    pbuf_free(data);
    return error;
}

static int datagram_send(struct socket *socket, struct exchange *exchange, bool waits) {
    uint32_t bytes = exchange->data->total;
    int error;
    if (exchange->flags & MSG_OOB)
        return -EOPNOTSUPP;
    if (socket->error != 0)
        return socket_take_error(socket);
    struct local *to = target(socket, exchange, &error);
    if (to == NULL)
        return error;
    error = send_to(socket, exchange, to, waits);
    local_release(to);
    if (error != 0 && socket->error != 0) /* while it waited */
        return socket_take_error(socket);
    return error != 0 ? error : (int)bytes;
}

static bool is_full(const struct socket *socket) {
    return !message_fits(socket, DATAGRAM_MOST);
}

/* Whether anybody waits is known only afterwards: while the bytes were copied, the queue may have become full. */
static int datagram_receive(struct socket *socket, struct exchange *exchange, bool waits) {
    if (socket->error != 0)
        return socket_take_error(socket);
    int result = message_receive(socket, exchange, waits);
    if (is_full(socket))
        local_room_changed();
    else
        local_wake_senders(socket->local);
    return result;
}

static uint32_t datagram_poll(struct socket *socket) {
    struct local *other = socket->local->other;
    bool waits = other != NULL && other->socket != NULL && is_full(other->socket);
    if (waits)
        other->is_awaited = true;
    return message_poll(socket) & ~(waits ? POLLOUT : 0u);
}

const struct socket_operations local_datagram_operations = {
    .bind = local_bind,
    .connect = datagram_connect,
    .listen = socket_no_listen,
    .accept = socket_no_accept,
    .send = datagram_send,
    .receive = datagram_receive,
    .shut = local_shut,
    .name = local_name_of,
    .poll = datagram_poll,
    .readable = message_readable,
    .release = local_close,
};
