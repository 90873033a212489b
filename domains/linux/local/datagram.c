// SPDX-License-Identifier: MIT
/*
 * Datagrams: each by itself to whom it names, or to whom the socket is connected. Whose queue is full keeps the sender waiting;
 * nothing is lost.
 */
#include "domains/linux/errno.h"
#include "domains/linux/local/local.h"
#include "domains/linux/network/message.h"

#define DATAGRAM_MOST 65535u

static int datagram_connect(struct socket *socket, const struct endpoint *peer, bool waits) {
    int error = 0;
    (void)waits;
    struct local *other = peer != NULL ? local_find(socket, peer->local, &error) : NULL;
    if (error != 0)
        return error;
    local_part(socket->local);
    socket->local->other = other;
    return 0;
}

/* Whom the datagram is for, held; NULL: *error says why there is nobody. */
static struct local *target(const struct socket *socket, const struct exchange *exchange,
                            int *error) {
    struct local *other = socket->local->other;
    *error = 0;
    if (exchange->to != NULL)
        return local_find(socket, exchange->to->local, error);
    if (other == NULL)
        *error = -ENOTCONN;
    else if (other->socket == NULL)
        *error = -ECONNREFUSED;
    return *error == 0 ? local_hold(other) : NULL;
}

/* One that is connected hears nobody else. */
static int check_target(const struct socket *socket, const struct local *to,
                        const struct exchange *exchange) {
    if (to->socket == NULL)
        return -ECONNREFUSED;
    if (to->other != NULL && to->other != socket->local)
        return -EPERM;
    return socket->output_shut || to->socket->input_shut ? socket_broken_pipe(exchange) : 0;
}

static int send_to(struct socket *socket, struct exchange *exchange, struct local *to, bool waits) {
    uint32_t bytes = exchange->data->total;
    int error = check_target(socket, to, exchange);
    struct pbuf *data = error == 0 ? message_take(exchange, PBUF_RAW, DATAGRAM_MOST, &error) : NULL;
    if (data == NULL)
        return error;
    error = local_await_room(to, bytes, exchange->deadline, waits);
    if (error == 0)
        error = check_target(socket, to, exchange);
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
    struct local *to = target(socket, exchange, &error);
    if (to == NULL)
        return error;
    error = send_to(socket, exchange, to, waits);
    local_release(to);
    return error != 0 ? error : (int)bytes;
}

static int datagram_receive(struct socket *socket, struct exchange *exchange, bool waits) {
    int result = message_receive(socket, exchange, waits);
    poll_wake(&socket->local->room);
    return result;
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
    .poll = message_poll,
    .readable = message_readable,
    .release = local_close,
};
