// SPDX-License-Identifier: MIT
/*
 *   FRESH ──connect(): a link is offered──> CONNECTING ──a listener has taken it──> CONNECTED
 *     │                                        └──refused, ended, 2 s──> OVER            │
 *     └──listen()──> LISTENS ──a link is offered to its port: pending, accept() takes it─┘
 *
 * Who offered a link owns its memory, so it keeps the link after close() until the other side has read the rest
 * (`socket` is NULL meanwhile): the memory is its own, and so is the loss if the other never does.
 *
 * How bytes go: vsock_transfer.c.
 */
#include "domains/linux/link/vsock.h"

#include "domains/lib/clock.h"
#include "domains/lib/gate.h"
#include "domains/lib/heap.h"
#include "domains/lib/information.h"
#include "domains/linux/device/event.h"
#include "domains/linux/errno.h"
#include "domains/linux/link/device.h"
#include "domains/linux/link/vsock_parts.h"

#define CONTEXT_FIRST    2u
#define PORT_FIRST       1024u /* of those that are chosen here */
#define PEER_LINKS_MOST  32u   /* that one tenant may have open here: others want some, too */
#define PEER_CLOSED_MOST 16u   /* and that wait for one tenant to read the rest */
#define OFFERS_A_LOOK    4u    /* who offers without a pause keeps nobody from the manager */
#define OFFERS_PAUSE     1000000ull
#define CONNECT_PATIENCE 2000000000ull
#define CLOSED_PATIENCE  60000000000ull /* until the rest was read, or is lost */
#define BACKLOG_MOST     128u

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
    if (vsock_has_ended(vsock))
        fail(vsock, ECONNRESET);
    else if (link_end_state(&vsock->end) == LINK_OPEN && vsock->end.page->accepted != 0)
        socket->state = STREAM_CONNECTED;
    else if (now >= vsock->deadline)
        fail(vsock, ETIMEDOUT);
    else
        event_wanted_by(vsock->deadline);
}

/* The word on which a reader sleeps may stay as it is: a poke is not lost, even if it does not sleep yet. */
static void wake(const struct vsock *vsock) {
    socket_wake(vsock->socket);
    if (vsock->sleeper != 0)
        core_thread_poke(vsock->sleeper);
}

static void look_at(struct vsock *vsock, uint64_t now) {
    bool changed = vsock_has_changed(vsock);
    if (vsock->socket == NULL) {
        if (link_is_refused(&vsock->end) || vsock_has_ended(vsock) || now >= vsock->deadline)
            forget(vsock);
        else
            event_wanted_by(vsock->deadline);
        return;
    }
    enum stream_state before = vsock->socket->state;
    if (before == STREAM_CONNECTING)
        look_at_connecting(vsock, now);
    else if (changed)
        vsock_is_at_end(vsock);
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
        return socket->is_connected ? -EISCONN : socket_end_connecting(socket);
    if (socket->state == STREAM_CONNECTING)
        return waits ? socket_await_connection(socket) : -EALREADY;
    if (socket->error != 0)
        return socket_take_error(socket);
    if (socket->state != STREAM_FRESH)
        return -EINVAL;
    if (peer == NULL)
        return -EAFNOSUPPORT;
    int error = begin_connecting(socket, peer);
    if (error != 0)
        return error;
    return waits ? socket_await_connection(socket) : -EINPROGRESS;
}

static int vsock_listen(struct socket *socket, uint32_t backlog) {
    if ((socket->state != STREAM_FRESH && socket->state != STREAM_LISTENS) ||
        !socket->vsock->has_port)
        return -EINVAL;
    socket->state = STREAM_LISTENS;
    socket->pending_most = backlog == 0 ? 1 : smaller(backlog, BACKLOG_MOST);
    return 0;
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
    return vsock->side == LINK_OFFERER && !vsock_has_ended(vsock) && !link_is_refused(&vsock->end);
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

static void vsock_release(struct socket *socket) {
    struct vsock *vsock = socket->vsock;
    bool was_connected = socket->state == STREAM_CONNECTED;
    socket_drop_pending(socket);
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
