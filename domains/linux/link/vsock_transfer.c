// SPDX-License-Identifier: MIT
/*
 * Bytes of AF_VSOCK, between an app and the memory of a link.
 *
 *   recv ──span of the ring──> app ──still not ended?──> consumed      send ──app──> span of the ring ──> produced
 *
 * A link's end at the acceptor may turn into pages of zeros at any time (the offerer is gone). So what was copied from
 * there counts only if the link had not ended behind the copying.
 */
#include "domains/linux/link/vsock_parts.h"

#include "domains/lib/gate.h"
#include "domains/lib/thread.h"
#include "domains/linux/errno.h"
#include "domains/linux/signal/restart.h"

static uint32_t smaller(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

/* ---- What the other side did ---- */

bool vsock_has_changed(struct vsock *vsock) {
    const struct link_end *end = &vsock->end;
    struct marks now = {.state = end->page->state,
                        .accepted = end->page->accepted,
                        .produced = end->input->produced,
                        .finished = end->input->finished,
                        .consumed = end->output->consumed,
                        .refused = end->output->refused};
    bool changed = __builtin_memcmp(&now, &vsock->marks, sizeof now) != 0;
    vsock->marks = now;
    return changed;
}

bool vsock_is_at_end(struct vsock *vsock) {
    bool must_ring;
    bool is_end = link_at_end(&vsock->end, &must_ring);
    if (must_ring)
        link_ring(vsock->link);
    return is_end;
}

/* ---- Receiving ---- */

static bool may_have_turned_to_zeros(const struct vsock *vsock) {
    return vsock->side == LINK_ACCEPTOR && vsock_has_ended(vsock);
}

/* Bytes that can be read in a row; 0: none, and no more will come: *error says why. Whether the link has ended is looked at
 * first: what was sent and finished before that is there now, however soon it ends after the look. */
static const uint8_t *look_for_bytes(struct socket *socket, uint32_t *bytes, int *error) {
    struct vsock *vsock = socket->vsock;
    bool has_ended = vsock_has_ended(vsock);
    const uint8_t *span = link_read_span(&vsock->end, bytes);
    *error = 1;
    if (*bytes > 0 && !may_have_turned_to_zeros(vsock))
        return span;
    *bytes = 0;
    if (socket->error != 0)
        *error = socket_take_error(socket);
    else if (vsock_is_at_end(vsock) || socket->input_shut)
        *error = 0;
    else if (has_ended || link_readable(&vsock->end) == LINK_BROKEN)
        *error = socket->state == STREAM_OVER ? 0 : -ECONNRESET;
    if (*error == -ECONNRESET)
        socket->state = STREAM_OVER;
    return span;
}

/* Who sleeps on the word itself is woken by the core, and not by the event service: half the way. What has changed
 * besides, the others who wait hear from this thread. */
static int sleep_for_bytes(struct socket *socket, uint64_t deadline) {
    struct vsock *vsock = socket->vsock;
    if (vsock->sleeper != 0)
        return socket_wait(socket, deadline);
    vsock->sleeper = thread_control()->handle;
    enum wait_result result =
        wait_on_word(&vsock->end.input->produced, vsock->end.consumed, deadline);
    vsock->sleeper = 0;
    if (vsock_has_changed(vsock))
        socket_wake(socket);
    return result == WAIT_INTERRUPTED ? -ERESTARTSYS : result == WAIT_TIMED_OUT ? -EAGAIN : 0;
}

/* Until there is something to be read by this reader alone: then *bytes is not 0. Else 0 at the end, or an errno. */
static int await_bytes(struct socket *socket, const struct exchange *exchange, bool waits,
                       const uint8_t **span, uint32_t *bytes) {
    for (;;) {
        int error = 1;
        *bytes = 0;
        if (!socket->vsock->has_link || socket->state == STREAM_CONNECTING)
            return socket->error != 0 ? socket_take_error(socket) : -ENOTCONN;
        if (!socket->reading)
            *span = look_for_bytes(socket, bytes, &error);
        if (*bytes > 0)
            return 0;
        if (error <= 0)
            return error;
        if (!socket->reading && link_await_bytes(&socket->vsock->end))
            continue;
        if (!waits)
            return -EAGAIN;
        error = socket->reading ? socket_wait(socket, exchange->deadline)
                                : sleep_for_bytes(socket, exchange->deadline);
        if (error != 0)
            return error;
    }
}

static int take_bytes(struct socket *socket, struct exchange *exchange, const uint8_t *span,
                      uint32_t bytes) {
    struct vsock *vsock = socket->vsock;
    int moved = transfer_put(exchange->data, span, smaller(bytes, exchange->data->total));
    if (may_have_turned_to_zeros(vsock)) {
        socket->state = STREAM_OVER;
        return -ECONNRESET;
    }
    if (moved <= 0 || (exchange->flags & MSG_PEEK) != 0)
        return moved;
    if (link_consumed(&vsock->end, (uint32_t)moved))
        link_ring(vsock->link);
    vsock_is_at_end(vsock);
    return moved;
}

int vsock_receive(struct socket *socket, struct exchange *exchange, bool waits) {
    bool waits_for_all = (exchange->flags & (MSG_WAITALL | MSG_PEEK)) == MSG_WAITALL;
    int total = 0, moved = 0;
    if (exchange->flags & MSG_OOB)
        return -EOPNOTSUPP;
    while (exchange->data->total > 0) {
        const uint8_t *span = NULL;
        uint32_t bytes;
        moved =
            await_bytes(socket, exchange, waits && (total == 0 || waits_for_all), &span, &bytes);
        if (bytes == 0)
            break;
        socket->reading = true;
        moved = take_bytes(socket, exchange, span, bytes);
        socket->reading = false;
        if (moved <= 0)
            break;
        total += moved;
        if ((exchange->flags & MSG_PEEK) != 0)
            break;
    }
    if (total > 0 && moved == -ECONNRESET)
        socket->error = ECONNRESET; /* told by the next call */
    socket_wake(socket);
    return total > 0 ? total : moved;
}

/* ---- Sending ---- */

static bool can_send(const struct socket *socket) {
    const struct vsock *vsock = socket->vsock;
    return socket->state == STREAM_CONNECTED && !socket->output_shut && !vsock_has_ended(vsock) &&
           !link_is_refused(&vsock->end) && link_room(&vsock->end) != LINK_BROKEN;
}

/* Until this writer has room for something: 0 or a negative errno. */
static int await_room(struct socket *socket, const struct exchange *exchange, bool waits) {
    for (;;) {
        if (socket->error != 0)
            return socket_take_error(socket);
        if (socket->state == STREAM_FRESH || socket->state == STREAM_LISTENS)
            return -ENOTCONN;
        if (socket->state != STREAM_CONNECTING && !can_send(socket))
            return socket_broken_pipe(exchange);
        if (socket->state == STREAM_CONNECTED && !socket->writing &&
            link_await_room(&socket->vsock->end))
            return 0;
        int error = waits ? socket_wait(socket, exchange->deadline) : -EAGAIN;
        if (error != 0)
            return error;
    }
}

static int put_bytes(struct socket *socket, struct transfer *from) {
    struct vsock *vsock = socket->vsock;
    uint32_t bytes;
    uint8_t *span = link_write_span(&vsock->end, &bytes);
    int moved = transfer_take(from, span, smaller(bytes, from->total));
    if (moved > 0 && link_produced(&vsock->end, (uint32_t)moved))
        link_ring(vsock->link);
    return moved;
}

int vsock_send(struct socket *socket, struct exchange *exchange, bool waits) {
    int total = 0, moved = 0;
    if (exchange->flags & MSG_OOB)
        return -EOPNOTSUPP;
    while (exchange->data->total > 0) {
        moved = await_room(socket, exchange, waits);
        if (moved != 0)
            break;
        socket->writing = true;
        moved = put_bytes(socket, exchange->data);
        socket->writing = false;
        if (moved < 0)
            break;
        total += moved; /* 0: it was refused meanwhile, as the next turn finds */
    }
    socket_wake(socket);
    return total > 0 ? total : moved;
}

/* ---- Readiness ---- */

uint32_t vsock_poll(struct socket *socket) {
    struct vsock *vsock = socket->vsock;
    if (socket->state == STREAM_LISTENS)
        return socket->pending_first != NULL ? POLLIN : 0;
    if (socket->state == STREAM_CONNECTING)
        return 0;
    if (!vsock->has_link)
        return POLLOUT | POLLHUP;
    bool no_input = vsock_is_at_end(vsock) || socket->input_shut || vsock_has_ended(vsock);
    bool no_output = !can_send(socket);
    uint32_t events = no_input || link_await_bytes(&vsock->end) ? POLLIN : 0u;
    events |= no_output || link_await_room(&vsock->end) ? POLLOUT : 0u;
    events |= no_input ? POLLRDHUP : 0u;
    events |= no_input && no_output ? POLLHUP : 0u;
    return events;
}

uint32_t vsock_readable(struct socket *socket) {
    uint32_t bytes = socket->vsock->has_link ? link_readable(&socket->vsock->end) : 0;
    return bytes == LINK_BROKEN ? 0 : bytes;
}
