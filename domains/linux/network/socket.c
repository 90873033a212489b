// SPDX-License-Identifier: MIT
/*
 * Sockets as open files.
 */
#include "domains/linux/network/socket.h"

#include "domains/lib/clock.h"
#include "domains/lib/heap.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/flags.h"
#include "domains/linux/link/vsock.h"
#include "domains/linux/local/local.h"
#include "domains/linux/local/rights.h"
#include "domains/linux/netlink/netlink.h"
#include "domains/linux/network/membership.h"
#include "domains/linux/network/packet.h"
#include "domains/linux/network/watch.h"
#include "domains/linux/process/process.h"
#include "domains/linux/signal/restart.h"
#include "domains/linux/signal/signal.h"
#include "kernel/abi/gate.h"

#include <lwip/err.h>
#include <lwip/netif.h>

#define FIONREAD    0x541Bu
#define SOCKET_MODE (S_IFSOCK | 0777)

static const struct socket_operations *local_operations(uint32_t type) {
    return type == SOCK_STREAM  ? &local_stream_operations
           : type == SOCK_DGRAM ? &local_datagram_operations
                                : &local_packet_operations;
}

struct socket *socket_make(uint32_t family, uint32_t type, uint32_t protocol) {
    struct socket *socket = heap_allocate(sizeof *socket);
    if (socket == NULL)
        return NULL;
    socket->family = family;
    socket->type = type;
    socket->protocol = protocol;
    socket->operations = family == AF_UNIX      ? local_operations(type)
                         : family == AF_VSOCK   ? &vsock_operations
                         : family == AF_PACKET  ? &packet_operations
                         : family == AF_NETLINK ? &netlink_operations
                         : type == SOCK_STREAM  ? &stream_operations
                         : type == SOCK_DGRAM   ? &datagram_operations
                                                : &raw_operations;
    return socket;
}

void socket_free(struct socket *socket) {
    membership_leave_all(socket);
    socket->operations->release(socket);
    heap_free(socket);
}

uint8_t socket_address_type(const struct socket *socket) {
    return socket->family == AF_INET ? IPADDR_TYPE_V4 : IPADDR_TYPE_ANY;
}

const ip_addr_t *socket_bind_address(const struct socket *socket, const struct endpoint *name) {
    bool is_all = socket->family == AF_INET6 && ip_addr_isany(&name->address);
    return is_all && !socket->only_ipv6 ? IP_ANY_TYPE : &name->address;
}

static bool is_own(const ip_addr_t *address) {
    struct netif *interface;
    NETIF_FOREACH(interface) {
        if (IP_IS_V4(address) && ip4_addr_cmp(ip_2_ip4(address), netif_ip4_addr(interface)))
            return true;
        if (IP_IS_V6(address) && netif_get_ip6_addr_match(interface, ip_2_ip6(address)) >= 0)
            return true;
    }
    return IP_IS_V4(address) && ip4_addr_isloopback(ip_2_ip4(address));
}

int socket_check_address(const struct endpoint *name) {
    const ip_addr_t *address = &name->address;
    bool fits = ip_addr_isany(address) || ip_addr_ismulticast(address) || is_own(address) ||
                (IP_IS_V4(address) && ip_2_ip4(address)->addr == IPADDR_BROADCAST);
    return fits ? 0 : -EADDRNOTAVAIL;
}

/* ---- Waiting ---- */

static bool is_on_network(const struct socket *socket) {
    return socket->family == AF_INET || socket->family == AF_INET6 || socket->family == AF_PACKET;
}

void socket_wake(struct socket *socket) {
    poll_wake(&socket->changed);
    network_wake(&socket->changed);
}

int socket_wait(struct socket *socket, uint64_t deadline) {
    enum wait_result result = is_on_network(socket) ? network_wait(&socket->changed, deadline)
                                                    : wait_on(&socket->changed, deadline);
    if (result == WAIT_INTERRUPTED)
        return -ERESTARTSYS;
    return result == WAIT_TIMED_OUT ? -EAGAIN : 0;
}

uint64_t socket_deadline(uint64_t timeout) {
    return timeout == 0 ? DEADLINE_NEVER : clock_nanoseconds() + timeout;
}

static int without_restart(int result, uint64_t deadline) {
    return result == -ERESTARTSYS && deadline != DEADLINE_NEVER ? -EINTR : result;
}

int socket_send(struct socket *socket, struct exchange *exchange, bool waits) {
    exchange->deadline = socket_deadline(socket->send_timeout);
    return without_restart(socket->operations->send(socket, exchange, waits), exchange->deadline);
}

int socket_receive(struct socket *socket, struct exchange *exchange, bool waits) {
    exchange->deadline = socket_deadline(socket->receive_timeout);
    return without_restart(socket->operations->receive(socket, exchange, waits),
                           exchange->deadline);
}

int socket_end_connecting(struct socket *socket) {
    socket->is_connected = socket->state == STREAM_CONNECTED;
    if (socket->is_connected)
        return 0;
    int error = socket_take_error(socket);
    return error != 0 ? error : -ECONNABORTED;
}

int socket_await_connection(struct socket *socket) {
    while (socket->state == STREAM_CONNECTING) {
        int error = socket_wait(socket, DEADLINE_NEVER);
        if (error != 0)
            return error;
    }
    return socket_end_connecting(socket);
}

int socket_broken_pipe(const struct exchange *exchange) {
    if ((exchange->flags & MSG_NOSIGNAL) == 0)
        signal_process(current_process(), SIGPIPE);
    return -EPIPE;
}

void socket_queue_pending(struct socket *listener, struct socket *socket) {
    socket->listener = listener;
    *(listener->pending_last != NULL ? &listener->pending_last->pending_next
                                     : &listener->pending_first) = socket;
    listener->pending_last = socket;
    listener->pending_count++;
}

void socket_unqueue_pending(struct socket *socket) {
    struct socket *listener = socket->listener, **link = &listener->pending_first, *before = NULL;
    while (*link != socket) {
        before = *link;
        link = &before->pending_next;
    }
    *link = socket->pending_next;
    if (listener->pending_last == socket)
        listener->pending_last = before;
    listener->pending_count--;
    socket->listener = NULL;
}

void socket_drop_pending(struct socket *listener) {
    while (listener->pending_first != NULL) {
        struct socket *pending = listener->pending_first;
        socket_unqueue_pending(pending);
        socket_free(pending);
    }
}

int socket_accept_pending(struct socket *listener, bool waits, struct socket **accepted) {
    uint64_t deadline = socket_deadline(listener->receive_timeout);
    if (listener->state != STREAM_LISTENS)
        return -EINVAL;
    while (listener->pending_first == NULL || listener->input_shut) {
        int error = waits ? socket_wait(listener, deadline) : -EAGAIN;
        if (listener->input_shut)
            return -EINVAL;
        if (error != 0)
            return without_restart(error, deadline);
    }
    *accepted = listener->pending_first;
    socket_unqueue_pending(*accepted);
    return 0;
}

int socket_no_listen(struct socket *socket, uint32_t backlog) {
    (void)socket;
    (void)backlog;
    return -EOPNOTSUPP;
}

int socket_no_accept(struct socket *socket, bool waits, struct socket **accepted) {
    (void)socket;
    (void)waits;
    *accepted = NULL;
    return -EOPNOTSUPP;
}

int socket_no_shut(struct socket *socket, bool input, bool output) {
    (void)socket;
    (void)input;
    (void)output;
    return -EOPNOTSUPP;
}

void socket_enlist(struct socket **list, struct socket *socket) {
    socket->next = *list;
    *list = socket;
}

void socket_unlist(struct socket **list, struct socket *socket) {
    while (*list != NULL && *list != socket)
        list = &(*list)->next;
    if (*list != NULL)
        *list = socket->next;
}

int socket_take_error(struct socket *socket) {
    int error = socket->error;
    socket->error = 0;
    return -error;
}

int errno_of(int8_t lwip_error) {
    switch (lwip_error) {
    case ERR_OK:
        return 0;
    case ERR_MEM:
    case ERR_BUF:
        return -ENOBUFS;
    case ERR_TIMEOUT:
        return -ETIMEDOUT;
    case ERR_RTE:
        return -ENETUNREACH;
    case ERR_USE:
        return -EADDRINUSE;
    case ERR_ALREADY:
        return -EALREADY;
    case ERR_ISCONN:
        return -EISCONN;
    case ERR_CONN:
    case ERR_CLSD:
        return -ENOTCONN;
    case ERR_IF:
        return -ENETDOWN;
    case ERR_ABRT:
        return -ETIMEDOUT;
    case ERR_RST:
        return -ECONNRESET;
    default:
        return -EINVAL;
    }
}

/* ---- Files ---- */

static int read(struct file *file, struct transfer *to, uint64_t *offset) {
    struct socket *socket = file->private;
    struct exchange exchange = {.data = to};
    (void)offset;
    int result = socket_receive(socket, &exchange, (file->flags & O_NONBLOCK) == 0);
    rights_release(exchange.rights);
    return result;
}

static int write(struct file *file, struct transfer *from, uint64_t *offset) {
    struct socket *socket = file->private;
    struct exchange exchange = {.data = from};
    (void)offset;
    return socket_send(socket, &exchange, (file->flags & O_NONBLOCK) == 0);
}

static int ioctl(struct file *file, uint32_t request, uint32_t argument) {
    struct socket *socket = file->private;
    if (request != FIONREAD && socket->family == AF_VSOCK)
        return -ENOTTY;
    if (request != FIONREAD)
        return interface_ioctl(socket, request, argument);
    uint32_t bytes = socket->operations->readable(socket);
    return copy_out(argument, &bytes, sizeof bytes);
}

static uint32_t poll(struct file *file) {
    struct socket *socket = file->private;
    return socket->operations->poll(socket) | (socket->error != 0 ? POLLERR : 0u);
}

static void release(struct file *file) {
    socket_free(file->private);
}

static uint32_t changes(struct file *file) {
    const struct socket *socket = file->private;
    return socket->changed.sequence;
}

static void lost(struct file *file) {
    const struct socket *socket = file->private;
    if (socket->local != NULL)
        local_lost(socket->local);
}

static const struct file_operations operations = {.read = read,
                                                  .write = write,
                                                  .ioctl = ioctl,
                                                  .poll = poll,
                                                  .changes = changes,
                                                  .release = release,
                                                  .lost = lost};

struct socket *file_socket(const struct file *file) {
    return file->operations == &operations ? file->private : NULL;
}

struct file *socket_file(struct socket *socket, uint32_t flags) {
    struct file *file =
        file_make_anonymous("socket", SOCKET_MODE, O_RDWR | flags, &operations, socket);
    if (file == NULL)
        socket_free(socket);
    else if (socket->local != NULL)
        socket->local->file = file;
    return file;
}
