// SPDX-License-Identifier: MIT
/*
 *   FRESH ──connect(): a link is offered──> CONNECTING ──a listener has taken it──> CONNECTED
 *     │                                        └──refused, ended, 2 s──> OVER            │
 *     └──listen()──> LISTENS ──a link is offered to its port: pending, accept() takes it─┘
 *
 * Who offered a link owns its memory, so it keeps the link after close() until the other side has read the rest
 * (`socket` is NULL meanwhile): the memory is its own, and so is the loss if the other never does.
 *
 * A link's end at the acceptor may turn into a page of zeros at any time (the offerer is gone). So what was copied from
 * there counts only if the link had not ended behind the copying.
 */
#include "domains/linux/link/vsock.h"

#include "domains/lib/clock.h"
#include "domains/lib/gate.h"
#include "domains/lib/heap.h"
#include "domains/lib/information.h"
#include "domains/lib/thread.h"
#include "domains/linux/device/event.h"
#include "domains/linux/errno.h"
#include "domains/linux/link/device.h"
#include "domains/linux/link/end.h"
#include "domains/linux/process/process.h"
#include "domains/linux/signal/restart.h"
#include "domains/linux/signal/signal.h"

#define CONTEXT_FIRST    2u
#define PORT_FIRST       1024u /* of those that are chosen here */
#define PEER_LINKS_MOST  32u   /* that one tenant may have open here: others want some, too */
#define PEER_CLOSED_MOST 16u   /* and that wait for one tenant to read the rest */
#define OFFERS_A_LOOK    4u    /* who offers without a pause keeps nobody from the manager */
#define OFFERS_PAUSE     1000000ull
#define CONNECT_PATIENCE 2000000000ull
#define CLOSED_PATIENCE  60000000000ull /* until the rest was read, or is lost */
#define BACKLOG_MOST     128u

/* What of a link may change without a call. */
struct marks {
    uint32_t state, accepted, produced, finished, consumed, refused;
};

struct vsock {
    struct socket *socket; /* NULL: closed, and the rest is yet to be read */
    struct vsock *next;
    bool has_port, has_link;
    uint32_t
        sleeper; /* a thread: it reads, and sleeps on the word that the other side's next bytes change; 0: none */
    uint32_t port, peer_context, peer_port;
    uint32_t link;
    enum link_side side;
    struct link_end end;
    struct marks marks; /* as last seen */
    uint64_t deadline;  /* of a connection that is being made, or of the rest that is to be read */
};

static struct vsock *all;
static uint32_t last_sequence, next_port = PORT_FIRST;

static uint32_t smaller(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

uint32_t vsock_own_context(void) {
    return information()->tenant + CONTEXT_FIRST;
}

/* ---- The list of all ---- */

int vsock_open(struct socket *socket) {
    struct vsock *vsock = heap_allocate(sizeof *vsock);
    if (vsock == NULL)
        return -ENOMEM;
    *vsock = (struct vsock){.socket = socket, .next = all};
    socket->vsock = all = vsock;
    return 0;
}

static void forget(struct vsock *vsock) {
    struct vsock **link = &all;
    while (*link != vsock)
        link = &(*link)->next;
    *link = vsock->next;
    if (vsock->has_link)
        link_close(vsock->link);
    heap_free(vsock);
}

/* Who is bound to the port: a listener, or one that may become one or connect. */
static struct vsock *owner_of(uint32_t port) {
    struct vsock *vsock = all;
    while (vsock != NULL && !(vsock->has_port && vsock->port == port && vsock->socket != NULL &&
                              !(vsock->has_link && vsock->side == LINK_ACCEPTOR)))
        vsock = vsock->next;
    return vsock;
}

static void choose_port(struct vsock *vsock) {
    while (owner_of(next_port) != NULL)
        next_port = next_port + 1 >= PORT_FIRST ? next_port + 1 : PORT_FIRST;
    vsock->port = next_port++;
    vsock->has_port = true;
}

static uint32_t links_with(uint32_t context) {
    uint32_t count = 0;
    for (const struct vsock *vsock = all; vsock != NULL; vsock = vsock->next)
        count += vsock->has_link && vsock->peer_context == context;
    return count;
}

static void begin_link(struct vsock *vsock, uint32_t link, enum link_side side) {
    vsock->link = link;
    vsock->side = side;
    vsock->has_link = true;
    link_end_begin(&vsock->end, (void *)link_address(link), side);
}

static bool has_ended(const struct vsock *vsock) {
    return link_end_state(&vsock->end) == LINK_ENDED;
}

/* ---- What others do ---- */

/* It may be tried again. */
static void fail(struct vsock *vsock, int error) {
    link_close(vsock->link);
    vsock->has_link = false;
    vsock->socket->error = error;
    vsock->socket->state = STREAM_FRESH;
}

static void look_at_connecting(struct vsock *vsock, uint64_t now) {
    struct socket *socket = vsock->socket;
    if (has_ended(vsock))
        fail(vsock, ECONNRESET);
    else if (link_end_state(&vsock->end) == LINK_OPEN && vsock->end.page->accepted != 0)
        socket->state = STREAM_CONNECTED;
    else if (now >= vsock->deadline)
        fail(vsock, ETIMEDOUT);
    else
        event_wanted_by(vsock->deadline);
}

static bool have_changed(struct vsock *vsock) {
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

static bool at_end(struct vsock *vsock) {
    bool must_ring;
    bool is_end = link_at_end(&vsock->end, &must_ring);
    if (must_ring)
        link_ring(vsock->link);
    return is_end;
}

/* The word on which a reader sleeps may stay as it is: a poke is not lost, even if it does not sleep yet. */
static void wake(const struct vsock *vsock) {
    socket_wake(vsock->socket);
    if (vsock->sleeper != 0)
        core_thread_poke(vsock->sleeper);
}

static void look_at(struct vsock *vsock, uint64_t now) {
    bool changed = have_changed(vsock);
    if (vsock->socket == NULL) {
        if (link_is_refused(&vsock->end) || has_ended(vsock) || now >= vsock->deadline)
            forget(vsock);
        else
            event_wanted_by(vsock->deadline);
        return;
    }
    enum stream_state before = vsock->socket->state;
    if (before == STREAM_CONNECTING)
        look_at_connecting(vsock, now);
    else if (changed)
        at_end(vsock);
    if (changed || vsock->socket->state != before)
        wake(vsock);
}

/* ---- Links that are offered ---- */

static struct vsock *make_pending(struct vsock *listener, uint32_t link,
                                  const struct link_description *offered) {
    struct socket *socket = socket_make(AF_VSOCK, SOCK_STREAM, 0);
    if (socket == NULL || vsock_open(socket) != 0) {
        heap_free(socket);
        return NULL;
    }
    struct vsock *vsock = socket->vsock;
    vsock->port = listener->port;
    vsock->has_port = true;
    vsock->peer_context = offered->tenant + CONTEXT_FIRST;
    vsock->peer_port = offered->from_port;
    begin_link(vsock, link, LINK_ACCEPTOR);
    socket->state = STREAM_CONNECTED;
    socket->is_connected = true;
    socket_queue_pending(listener->socket, socket);
    return vsock;
}

static bool may_come(const struct vsock *listener, uint32_t context) {
    return listener != NULL && listener->socket->state == STREAM_LISTENS &&
           listener->socket->pending_count < listener->socket->pending_most &&
           links_with(context) < PEER_LINKS_MOST;
}

static void take_offer(uint32_t link) {
    struct link_description offered = {0};
    link_describe(link, &offered);
    struct vsock *listener = owner_of(offered.to_port), *vsock = NULL;
    if (may_come(listener, offered.tenant + CONTEXT_FIRST))
        vsock = make_pending(listener, link, &offered);
    if (vsock == NULL) {
        link_close(link);
        return;
    }
    vsock->end.page->accepted = 1;
    link_ring(link);
    socket_wake(listener->socket);
}

/* Of closed links that wait for somebody to read the rest, the oldest gives way. `context`: only with that one; 0: any. */
static bool drop_closed(uint32_t context) {
    struct vsock *oldest = NULL;
    for (struct vsock *vsock = all; vsock != NULL; vsock = vsock->next)
        if (vsock->socket == NULL && (context == 0 || vsock->peer_context == context))
            oldest = vsock;
    if (oldest != NULL)
        forget(oldest);
    return oldest != NULL;
}

/* Some offers; whether more may be there. */
static bool take_offers(void) {
    for (uint32_t n = 0; n < OFFERS_A_LOOK; n++) {
        struct gate_answer offered = link_accept();
        if (offered.status == STATUS_OK)
            take_offer(offered.value);
        else if (offered.status == STATUS_AGAIN || !drop_closed(0))
            return offered.status != STATUS_AGAIN;
    }
    return true;
}

static void look(void *unused) {
    (void)unused;
    uint32_t sequence = information()->link_sequence;
    uint64_t now = clock_nanoseconds();
    if (sequence != last_sequence && take_offers())
        event_wanted_by(now + OFFERS_PAUSE);
    else
        last_sequence = sequence;
    for (struct vsock *vsock = all, *next; vsock != NULL; vsock = next) {
        next = vsock->next;
        if (vsock->has_link)
            look_at(vsock, now);
    }
}

/* ---- Names ---- */

static int vsock_bind(struct socket *socket, const struct endpoint *name) {
    struct vsock *vsock = socket->vsock;
    if (vsock->has_port || socket->state != STREAM_FRESH)
        return -EINVAL;
    if (name->context != VSOCK_CONTEXT_ANY && name->context != vsock_own_context())
        return -EADDRNOTAVAIL;
    if (name->port == VSOCK_PORT_ANY) {
        choose_port(vsock);
        return 0;
    }
    if (owner_of(name->port) != NULL)
        return -EADDRINUSE;
    vsock->port = name->port;
    vsock->has_port = true;
    return 0;
}

static int vsock_name(struct socket *socket, bool of_peer, struct endpoint *name) {
    const struct vsock *vsock = socket->vsock;
    if (of_peer && socket->state != STREAM_CONNECTED)
        return -ENOTCONN;
    name->context = of_peer           ? vsock->peer_context
                    : vsock->has_link ? vsock_own_context()
                                      : VSOCK_CONTEXT_ANY;
    name->port = of_peer ? vsock->peer_port : vsock->has_port ? vsock->port : VSOCK_PORT_ANY;
    return 0;
}

/* ---- Connections ---- */

static int offer(struct vsock *vsock, const struct endpoint *peer) {
    struct gate_answer answer;
    if (peer->context < CONTEXT_FIRST)
        return -ENODEV;
    do
        answer = link_offer(peer->context - CONTEXT_FIRST, vsock->port, peer->port);
    while ((answer.status == STATUS_FULL || answer.status == STATUS_NO_MEMORY) && drop_closed(0));
    switch (answer.status) {
    case STATUS_OK:
        begin_link(vsock, answer.value, LINK_OFFERER);
        return 0;
    case STATUS_NOT_PERMITTED:
        return -ENODEV;
    case STATUS_GONE:
        return -ECONNRESET;
    default:
        return -ENOMEM;
    }
}

/* Another thread may have been told the reason. */
static int end_connecting(struct socket *socket) {
    socket->is_connected = socket->state == STREAM_CONNECTED;
    if (socket->is_connected)
        return 0;
    int error = socket_take_error(socket);
    return error != 0 ? error : -ECONNRESET;
}

static int await_connection(struct socket *socket) {
    while (socket->state == STREAM_CONNECTING) {
        int error = socket_wait(socket, DEADLINE_NEVER);
        if (error != 0)
            return error;
    }
    return end_connecting(socket);
}

static int begin_connecting(struct socket *socket, const struct endpoint *peer) {
    struct vsock *vsock = socket->vsock;
    if (!vsock->has_port)
        choose_port(vsock);
    vsock->peer_context = peer->context;
    vsock->peer_port = peer->port;
    int error = offer(vsock, peer);
    if (error != 0)
        return error;
    socket->state = STREAM_CONNECTING;
    vsock->deadline = clock_nanoseconds() + CONNECT_PATIENCE;
    event_wanted_by(vsock->deadline);
    return 0;
}

static int vsock_connect(struct socket *socket, const struct endpoint *peer, bool waits) {
    if (socket->state == STREAM_CONNECTED)
        return socket->is_connected ? -EISCONN : end_connecting(socket);
    if (socket->state == STREAM_CONNECTING)
        return waits ? await_connection(socket) : -EALREADY;
    if (socket->error != 0)
        return socket_take_error(socket);
    if (socket->state != STREAM_FRESH)
        return -EINVAL;
    if (peer == NULL)
        return -EAFNOSUPPORT;
    int error = begin_connecting(socket, peer);
    if (error != 0)
        return error;
    return waits ? await_connection(socket) : -EINPROGRESS;
}

static int vsock_listen(struct socket *socket, uint32_t backlog) {
    if ((socket->state != STREAM_FRESH && socket->state != STREAM_LISTENS) ||
        !socket->vsock->has_port)
        return -EINVAL;
    socket->state = STREAM_LISTENS;
    socket->pending_most = backlog == 0 ? 1 : smaller(backlog, BACKLOG_MOST);
    return 0;
}

/* ---- Receiving ---- */

static bool may_have_turned_to_zeros(const struct vsock *vsock) {
    return vsock->side == LINK_ACCEPTOR && has_ended(vsock);
}

/* Bytes that can be read in a row; 0: none, and no more will come: *error says why. */
static const uint8_t *look_for_bytes(struct socket *socket, uint32_t *bytes, int *error) {
    struct vsock *vsock = socket->vsock;
    const uint8_t *span = link_read_span(&vsock->end, bytes);
    *error = 1;
    if (*bytes > 0 && !may_have_turned_to_zeros(vsock))
        return span;
    *bytes = 0;
    if (socket->error != 0)
        *error = socket_take_error(socket);
    else if (at_end(vsock) || socket->input_shut)
        *error = 0;
    else if (has_ended(vsock) || link_readable(&vsock->end) == LINK_BROKEN)
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
    if (have_changed(vsock))
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
    at_end(vsock);
    return moved;
}

static int vsock_receive(struct socket *socket, struct exchange *exchange, bool waits) {
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

static int broken(const struct exchange *exchange) {
    if ((exchange->flags & MSG_NOSIGNAL) == 0)
        signal_process(current_process(), SIGPIPE);
    return -EPIPE;
}

static bool can_send(const struct socket *socket) {
    const struct vsock *vsock = socket->vsock;
    return socket->state == STREAM_CONNECTED && !socket->output_shut && !has_ended(vsock) &&
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
            return broken(exchange);
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

static int vsock_send(struct socket *socket, struct exchange *exchange, bool waits) {
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

/* ---- The end ---- */

static int vsock_shut(struct socket *socket, bool input, bool output) {
    struct vsock *vsock = socket->vsock;
    if (socket->state != STREAM_CONNECTED)
        return -ENOTCONN;
    socket->input_shut |= input;
    socket->output_shut |= output;
    if (input)
        link_refuse(&vsock->end);
    if (output)
        link_finish(&vsock->end);
    link_ring(vsock->link);
    wake(vsock);
    return 0;
}

static bool has_unread_output(const struct vsock *vsock) {
    return vsock->side == LINK_OFFERER && !has_ended(vsock) && !link_is_refused(&vsock->end);
}

static void keep_closed(struct vsock *vsock) {
    uint32_t count = 0;
    for (const struct vsock *one = all; one != NULL; one = one->next)
        count += one->socket == NULL && one->peer_context == vsock->peer_context;
    if (count >= PEER_CLOSED_MOST)
        drop_closed(vsock->peer_context);
    vsock->socket = NULL;
    vsock->deadline = clock_nanoseconds() + CLOSED_PATIENCE;
    event_wanted_by(vsock->deadline);
    link_ring(vsock->link);
}

static void drop_pending(struct socket *socket) {
    while (socket->pending_first != NULL) {
        struct socket *pending = socket->pending_first;
        socket_unqueue_pending(pending);
        socket_free(pending);
    }
}

static void vsock_release(struct socket *socket) {
    struct vsock *vsock = socket->vsock;
    bool was_connected = socket->state == STREAM_CONNECTED;
    drop_pending(socket);
    if (was_connected && !(socket->lingers && socket->linger_seconds == 0)) {
        link_finish(&vsock->end);
        link_refuse(&vsock->end);
        if (has_unread_output(vsock)) {
            keep_closed(vsock);
            return;
        }
    }
    forget(vsock);
}

/* ---- Readiness ---- */

static uint32_t vsock_poll(struct socket *socket) {
    struct vsock *vsock = socket->vsock;
    if (socket->state == STREAM_LISTENS)
        return socket->pending_first != NULL ? POLLIN : 0;
    if (socket->state == STREAM_CONNECTING)
        return 0;
    if (!vsock->has_link)
        return POLLOUT | POLLHUP;
    bool no_input = at_end(vsock) || socket->input_shut || has_ended(vsock);
    bool no_output = !can_send(socket);
    uint32_t events = no_input || link_await_bytes(&vsock->end) ? POLLIN : 0u;
    events |= no_output || link_await_room(&vsock->end) ? POLLOUT : 0u;
    events |= no_input ? POLLRDHUP : 0u;
    events |= no_input && no_output ? POLLHUP : 0u;
    return events;
}

static uint32_t vsock_readable(struct socket *socket) {
    uint32_t bytes = socket->vsock->has_link ? link_readable(&socket->vsock->end) : 0;
    return bytes == LINK_BROKEN ? 0 : bytes;
}

const struct socket_operations vsock_operations = {
    .bind = vsock_bind,
    .connect = vsock_connect,
    .listen = vsock_listen,
    .accept = socket_accept_pending,
    .send = vsock_send,
    .receive = vsock_receive,
    .shut = vsock_shut,
    .name = vsock_name,
    .poll = vsock_poll,
    .readable = vsock_readable,
    .release = vsock_release,
};

int vsock_start(void) {
    static struct event_watcher watcher = {.changed = look};
    event_watch(&watcher);
    return 0;
}
