// SPDX-License-Identifier: MIT
#include "domains/linux/network/message.h"

#include "domains/lib/heap.h"
#include "domains/linux/errno.h"
#include "domains/linux/local/rights.h"

#define QUEUE_BYTES  0x20000u /* of one socket; more is dropped */
#define MESSAGE_COST 256u     /* that one takes in the queue besides its bytes */

static uint32_t smaller(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

/* ---- What has come ---- */

bool message_fits(const struct socket *socket, uint32_t bytes) {
    return socket->queued_bytes + bytes + MESSAGE_COST <= QUEUE_BYTES;
}

bool message_queue(struct socket *socket, struct pbuf *data, const struct endpoint *from) {
    return message_queue_with(socket, data, from, NULL);
}

bool message_queue_with(struct socket *socket, struct pbuf *data, const struct endpoint *from,
                        struct rights *rights) {
    struct message *message = NULL;
    if (!socket->input_shut && message_fits(socket, data->tot_len))
        message = heap_allocate_unzeroed(sizeof *message);
    if (message == NULL) {
        pbuf_free(data);
        return false;
    }
    *message = (struct message){.data = data, .from = *from, .rights = rights};
    *(socket->last != NULL ? &socket->last->next : &socket->first) = message;
    socket->last = message;
    socket->queued_bytes += data->tot_len + MESSAGE_COST;
    rights_take_off(rights);
    socket_wake(socket);
    return true;
}

void message_drop_first(struct socket *socket) {
    struct message *message = socket->first;
    socket->first = message->next;
    if (socket->first == NULL)
        socket->last = NULL;
    socket->queued_bytes -= message->data->tot_len + MESSAGE_COST;
    pbuf_free(message->data);
    local_name_release(message->from.local);
    rights_land(message->rights);
    rights_release(message->rights);
    heap_free(message);
}

void message_take_rights(struct message *message, struct exchange *exchange) {
    if (message->rights == NULL)
        return;
    rights_land(message->rights);
    exchange->rights = message->rights;
    message->rights = NULL;
}

void message_drop_all(struct socket *socket) {
    while (socket->first != NULL)
        message_drop_first(socket);
}

/* Until there is one for this reader alone: 1; 0 if none will come; or a negative errno, also of one that came before it. */
static int await_message(struct socket *socket, uint64_t deadline, bool waits) {
    for (;;) {
        if (!socket->reading && socket->error != 0)
            return socket_take_error(socket);
        if (!socket->reading && socket->first != NULL)
            return 1;
        if (!socket->reading && socket->input_shut)
            return 0;
        int error = waits ? socket_wait(socket, deadline) : -EAGAIN;
        if (error != 0)
            return error;
    }
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

int message_receive(struct socket *socket, struct exchange *exchange, bool waits) {
    int result = await_message(socket, exchange->deadline, waits);
    if (result != 1)
        return result;
    struct message *message = socket->first;
    uint32_t bytes = message->data->tot_len;
    if (exchange->from != NULL) {
        *exchange->from = message->from;
        local_name_hold(message->from.local);
    }
    socket->reading = true;
    result = put(exchange, message->data);
    socket->reading = false;
    if ((exchange->flags & MSG_PEEK) == 0) {
        message_take_rights(message, exchange);
        message_drop_first(socket);
    }
    socket_wake(socket);
    if (result >= 0)
        exchange->left_out = bytes - (uint32_t)result;
    return result;
}

uint32_t message_poll(struct socket *socket) {
    uint32_t in = socket->first != NULL || socket->input_shut ? POLLIN : 0u;
    return in | POLLOUT | (socket->input_shut ? POLLRDHUP : 0u);
}

uint32_t message_readable(struct socket *socket) {
    return socket->first != NULL ? socket->first->data->tot_len : 0;
}

/* ---- What goes ---- */

struct pbuf *message_take_piece(struct exchange *exchange, pbuf_layer layer, uint32_t bytes,
                                int *error) {
    struct pbuf *packet = pbuf_alloc(layer, (u16_t)bytes, PBUF_RAM);
    *error = -ENOBUFS;
    if (packet == NULL)
        return NULL;
    int moved = bytes > 0 ? transfer_take(exchange->data, packet->payload, bytes) : 0;
    if (moved == (int)bytes)
        return packet;
    pbuf_free(packet);
    *error = -EFAULT;
    return NULL;
}

struct pbuf *message_take(struct exchange *exchange, pbuf_layer layer, uint32_t most, int *error) {
    *error = -EMSGSIZE;
    return exchange->data->total <= most
               ? message_take_piece(exchange, layer, exchange->data->total, error)
               : NULL;
}
