// SPDX-License-Identifier: MIT
/*
 * See netlink.h. A request is answered within the call that sends it: the answers wait in the socket's queue.
 *
 *   send ──> each message of it ──> a handler of route.h ──> answer.h ──> the queue ──> recv
 */
#include "domains/linux/netlink/netlink.h"

#include "domains/linux/device/random.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/permission.h"
#include "domains/linux/netlink/answer.h"
#include "domains/linux/netlink/route.h"
#include "domains/linux/network/message.h"
#include "domains/linux/network/stack.h"
#include "domains/linux/process/process.h"

#define GROUPS      36 /* of rtnetlink, as Linux 6.1 has them */
#define SEND_MOST   16384u
#define PORT_CHOSEN 0x80000000u

#define FIRST_GROUPS 0xFFFFFFFFull /* that a name has room for */

enum { ADD_MEMBERSHIP = 1, DROP_MEMBERSHIP }; /* NETLINK_* */

static struct socket *all;

void netlink_open(struct socket *socket) {
    socket_enlist(&all, socket);
}

static void release(struct socket *socket) {
    socket_unlist(&all, socket);
    message_drop_all(socket);
}

/* ---- Names ---- */

static bool is_taken(uint32_t port) {
    const struct socket *socket = all;
    while (socket != NULL && socket->port != port)
        socket = socket->next;
    return socket != NULL;
}

/* A process's first socket has its number, others any of the upper half: nobody can have taken many of those. */
static void choose_port(struct socket *socket) {
    uint32_t port = (uint32_t)current_process()->pid;
    while (port == 0 || is_taken(port)) {
        random_bytes(&port, sizeof port);
        port |= PORT_CHOSEN;
    }
    socket->port = port;
}

static int bind_to(struct socket *socket, const struct endpoint *name) {
    if (socket->port != 0 && name->port != socket->port)
        return -EINVAL;
    if (socket->port == 0 && name->port != 0 && is_taken(name->port))
        return -EADDRINUSE;
    socket->port = name->port;
    if (socket->port == 0)
        choose_port(socket);
    socket->groups = (socket->groups & ~FIRST_GROUPS) | name->context;
    return 0;
}

/* To the kernel alone. */
static int connect_to(struct socket *socket, const struct endpoint *peer, bool waits) {
    (void)waits;
    if (peer != NULL && (peer->port != 0 || peer->context != 0))
        return -EPERM;
    if (socket->port == 0)
        choose_port(socket);
    return 0;
}

static int name(struct socket *socket, bool of_peer, struct endpoint *name) {
    *name = (struct endpoint){.port = of_peer ? 0 : socket->port,
                              .context = of_peer ? 0 : (uint32_t)socket->groups};
    return 0;
}

/* ---- News ---- */

static uint64_t bit_of(uint32_t group) {
    return 1ull << (group - 1);
}

int netlink_set_option(struct socket *socket, uint32_t name, int32_t value) {
    if (name != ADD_MEMBERSHIP && name != DROP_MEMBERSHIP)
        return -ENOPROTOOPT;
    if (value < 1 || value > GROUPS)
        return -EINVAL;
    if (name == ADD_MEMBERSHIP)
        socket->groups |= bit_of((uint32_t)value);
    else
        socket->groups &= ~bit_of((uint32_t)value);
    return 0;
}

/* Without a port it hears nothing, as on Linux. */
static bool listens(const struct socket *socket, uint32_t group) {
    return socket->port != 0 && (socket->groups & bit_of(group)) != 0;
}

bool netlink_has_listeners(uint32_t group) {
    const struct socket *socket = all;
    while (socket != NULL && !listens(socket, group))
        socket = socket->next;
    return socket != NULL;
}

static bool queue(struct socket *socket, uint32_t group, struct pbuf *data) {
    const struct endpoint kernel = {.context = (uint32_t)bit_of(group)};
    if (data == NULL)
        return false;
    pbuf_ref(data);
    return message_queue(socket, data, &kernel);
}

void netlink_spread(uint32_t group, struct pbuf *data) {
    for (struct socket *socket = all; socket != NULL; socket = socket->next)
        if (listens(socket, group) && !queue(socket, group, data)) {
            socket->error = ENOBUFS;
            socket_wake(socket);
        }
    if (data != NULL)
        pbuf_free(data);
}

/* ---- Requests ---- */

static int handle(const struct netlink_request *request, struct answer *answer) {
    uint32_t type = request->header.type;
    if (type < NETLINK_TYPES)
        return 0;
    route_handler *handler = route_handler_of(type);
    if (handler == NULL)
        return -EOPNOTSUPP;
    if (!netlink_only_asks(request) && current_credentials().uid != 0)
        return -EPERM;
    return handler(request, answer);
}

static int serve(struct socket *socket, const struct netlink_request *request) {
    struct answer answer;
    if ((request->header.flags & NETLINK_REQUEST) == 0)
        return 0;
    if (!answer_begin(&answer, socket, request))
        return -ENOBUFS;
    answer_end(&answer, handle(request, &answer));
    return 0;
}

static int serve_all(struct socket *socket, const struct pbuf *packet) {
    struct netlink_request request;
    uint32_t at = 0, step;
    int error = 0;
    const uint8_t *bytes = packet->payload; /* one piece: PBUF_RAM */
    while (error == 0 && (step = netlink_read(bytes + at, packet->tot_len - at, &request)) != 0) {
        error = serve(socket, &request);
        at += step;
    }
    return error;
}

static int send(struct socket *socket, struct exchange *exchange, bool waits) {
    int error;
    (void)waits;
    if (exchange->flags & MSG_OOB)
        return -EOPNOTSUPP;
    if (exchange->to != NULL && (exchange->to->port != 0 || exchange->to->context != 0))
        return -ECONNREFUSED; /* there is nobody but the kernel */
    if (socket->port == 0)
        choose_port(socket);
    struct pbuf *packet = message_take(exchange, PBUF_RAW, SEND_MOST, &error);
    if (packet == NULL)
        return error;
    int bytes = packet->tot_len;
    error = serve_all(socket, packet);
    pbuf_free(packet);
    stack_settle();
    return error != 0 ? error : bytes;
}

const struct socket_operations netlink_operations = {
    .bind = bind_to,
    .connect = connect_to,
    .listen = socket_no_listen,
    .accept = socket_no_accept,
    .send = send,
    .receive = message_receive,
    .shut = socket_no_shut,
    .name = name,
    .poll = message_poll,
    .readable = message_readable,
    .release = release,
};
