// SPDX-License-Identifier: MIT
/*
 * The system calls of sockets, each by its own number and through socketcall().
 */
#include "domains/linux/entry/call.h"

#include "domains/lib/clock.h"
#include "domains/lib/heap.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/file/permission.h"
#include "domains/linux/link/vsock.h"
#include "domains/linux/netlink/netlink.h"
#include "domains/linux/network/name.h"
#include "domains/linux/network/packet.h"
#include "domains/linux/network/stack.h"
#include "domains/linux/signal/restart.h"
#include "kernel/abi/gate.h"

#define CALL(number, name) SYSTEM_CALL_0(name);
#include "domains/linux/network/calls.h"
#undef CALL

#define OPTION_MOST 64u

/* ---- Making ---- */

/* Of frames: what Ethernet calls it, in the order of the wire. Of netlink: the one there is. */
static int choose_other_protocol(uint32_t family, uint32_t type, uint32_t *protocol) {
    if (family == AF_PACKET && current_credentials().uid != 0)
        return -EPERM;
    if (type != SOCK_DGRAM && type != SOCK_RAW)
        return -ESOCKTNOSUPPORT;
    if (family == AF_NETLINK)
        return *protocol == NETLINK_ROUTE ? 0 : -EPROTONOSUPPORT;
    *protocol = lwip_ntohs((u16_t)*protocol);
    return 0;
}

/* The protocol that 0 stands for; or whether the one that is asked for fits. */
static int choose_protocol(uint32_t family, uint32_t type, uint32_t *protocol) {
    uint32_t usual = type == SOCK_STREAM ? PROTOCOL_TCP : PROTOCOL_UDP;
    if (family == AF_VSOCK && *protocol != 0)
        return -EPROTONOSUPPORT;
    if (family == AF_VSOCK)
        return type == SOCK_STREAM ? 0 : -ESOCKTNOSUPPORT;
    if (family == AF_PACKET || family == AF_NETLINK)
        return choose_other_protocol(family, type, protocol);
    if (family != AF_INET && family != AF_INET6)
        return -EAFNOSUPPORT;
    if (type != SOCK_STREAM && type != SOCK_DGRAM && type != SOCK_RAW)
        return -ESOCKTNOSUPPORT;
    if (type == SOCK_RAW) {
        if (current_credentials().uid != 0)
            return -EPERM;
        uint32_t last = family == AF_INET ? PROTOCOL_RAW : PROTOCOL_RAW - 1;
        return *protocol != 0 && *protocol <= last ? 0 : -EPROTONOSUPPORT;
    }
    if (*protocol == 0)
        *protocol = usual;
    return *protocol == usual ? 0 : -EPROTONOSUPPORT;
}

static int enlist(struct socket *socket, void (*open)(struct socket *)) {
    open(socket);
    return 0;
}

static int open_block(struct socket *socket) {
    if (socket->family == AF_VSOCK)
        return vsock_open(socket);
    if (socket->family == AF_PACKET)
        return enlist(socket, packet_open);
    if (socket->family == AF_NETLINK)
        return enlist(socket, netlink_open);
    if (socket->type == SOCK_STREAM)
        return stream_open(socket);
    return socket->type == SOCK_DGRAM ? datagram_open(socket) : raw_open(socket);
}

/* SOCK_NONBLOCK and SOCK_CLOEXEC are O_NONBLOCK and O_CLOEXEC. */
static int32_t install(struct socket *socket, uint32_t flags) {
    struct file *file = socket_file(socket, flags & SOCK_NONBLOCK);
    return file == NULL ? -ENOMEM : install_or_release(file, flags & SOCK_CLOEXEC);
}

SYSTEM_CALL_3(socket, family, type, protocol) {
    uint32_t flags = type & ~(uint32_t)SOCK_TYPE_MASK;
    if ((flags & ~(uint32_t)(SOCK_NONBLOCK | SOCK_CLOEXEC)) != 0)
        return -EINVAL;
    int error = choose_protocol(family, type & SOCK_TYPE_MASK, &protocol);
    if (error == 0 && family != AF_VSOCK)
        error = stack_need();
    if (error != 0)
        return error;
    struct socket *socket = socket_make(family, type & SOCK_TYPE_MASK, protocol);
    if (socket == NULL)
        return -ENOMEM;
    error = open_block(socket);
    if (error == 0)
        return install(socket, flags);
    socket_free(socket);
    return error;
}

SYSTEM_CALL_4(socketpair, family, type, protocol, user) {
    (void)type;
    (void)protocol;
    (void)user;
    return family == AF_UNIX ? -EAFNOSUPPORT : -EOPNOTSUPP;
}

/* ---- The socket behind a descriptor ---- */

struct user {
    struct file *file; /* held */
    struct socket *socket;
    bool waits;
};

static int take(uint32_t descriptor, struct user *user) {
    user->file = descriptor_file(descriptor);
    if (user->file == NULL)
        return -EBADF;
    user->socket = file_socket(user->file);
    user->waits = (user->file->flags & O_NONBLOCK) == 0;
    if (user->socket != NULL)
        return 0;
    file_release(user->file);
    return -ENOTSOCK;
}

static int32_t give(struct user *user, int32_t result) {
    file_release(user->file);
    return result;
}

/* ---- Names and connections ---- */

static bool has_ports(const struct socket *socket) {
    return socket->family != AF_PACKET && socket->family != AF_NETLINK;
}

SYSTEM_CALL_3(bind, descriptor, address, bytes) {
    struct user user;
    struct endpoint name;
    int error = take(descriptor, &user);
    if (error != 0)
        return error;
    error = name_read(user.socket, address, bytes, &name);
    if (error == 0 && has_ports(user.socket) && name.port != 0 && name.port < 1024 &&
        current_credentials().uid != 0)
        error = -EACCES;
    if (error == 0)
        error = user.socket->operations->bind(user.socket, &name);
    return give(&user, error == 1 ? -EAFNOSUPPORT : error);
}

SYSTEM_CALL_3(connect, descriptor, address, bytes) {
    struct user user;
    struct endpoint name;
    int error = take(descriptor, &user);
    if (error != 0)
        return error;
    error = name_read(user.socket, address, bytes, &name);
    if (error >= 0)
        error =
            user.socket->operations->connect(user.socket, error == 1 ? NULL : &name, user.waits);
    return give(&user, error);
}

SYSTEM_CALL_2(listen, descriptor, backlog) {
    struct user user;
    int error = take(descriptor, &user);
    if (error != 0)
        return error;
    return give(&user, user.socket->operations->listen(user.socket, backlog));
}

static int32_t write_peer(struct socket *socket, uint32_t address, uint32_t bytes) {
    struct endpoint name = {0};
    if (address == 0)
        return 0;
    int error = socket->operations->name(socket, true, &name);
    return error != 0 ? error : name_write(socket, &name, address, bytes);
}

static int32_t accept(struct user *user, uint32_t address, uint32_t bytes, uint32_t flags) {
    struct socket *accepted;
    int error = user->socket->operations->accept(user->socket, user->waits, &accepted);
    if (error != 0)
        return error;
    struct file *file = socket_file(accepted, flags & SOCK_NONBLOCK);
    if (file == NULL)
        return -ENOMEM;
    error = write_peer(accepted, address, bytes);
    if (error == 0 || error == -ENOTCONN) /* it may be over already: the program will read that */
        return install_or_release(file, flags & SOCK_CLOEXEC);
    file_release(file);
    return error;
}

SYSTEM_CALL_4(accept4, descriptor, address, bytes, flags) {
    struct user user;
    if ((flags & ~(uint32_t)(SOCK_NONBLOCK | SOCK_CLOEXEC)) != 0)
        return -EINVAL;
    int error = take(descriptor, &user);
    return error != 0 ? error : give(&user, accept(&user, address, bytes, flags));
}

static int32_t write_name(uint32_t descriptor, bool of_peer, uint32_t address, uint32_t bytes) {
    struct user user;
    struct endpoint name = {0};
    int error = take(descriptor, &user);
    if (error != 0)
        return error;
    error = user.socket->operations->name(user.socket, of_peer, &name);
    if (error == 0)
        error = name_write(user.socket, &name, address, bytes);
    return give(&user, error);
}

SYSTEM_CALL_3(getsockname, descriptor, address, bytes) {
    return write_name(descriptor, false, address, bytes);
}

SYSTEM_CALL_3(getpeername, descriptor, address, bytes) {
    return write_name(descriptor, true, address, bytes);
}

SYSTEM_CALL_2(shutdown, descriptor, how) {
    struct user user;
    if (how > SHUT_RDWR)
        return -EINVAL;
    int error = take(descriptor, &user);
    if (error != 0)
        return error;
    return give(&user, user.socket->operations->shut(user.socket, how != SHUT_WR, how != SHUT_RD));
}

/* ---- Sending and receiving ---- */

static uint64_t deadline_after(uint64_t timeout) {
    return timeout == 0 ? DEADLINE_NEVER : clock_nanoseconds() + timeout;
}

static bool may_wait(const struct user *user, uint32_t flags) {
    return user->waits && (flags & MSG_DONTWAIT) == 0;
}

/* A wait with a timeout of the socket's is not begun again after a signal (signal(7)). */
static int without_restart(int result, uint64_t deadline) {
    return result == -ERESTARTSYS && deadline != DEADLINE_NEVER ? -EINTR : result;
}

static int send(const struct user *user, struct exchange *exchange) {
    exchange->deadline = deadline_after(user->socket->send_timeout);
    int result =
        user->socket->operations->send(user->socket, exchange, may_wait(user, exchange->flags));
    return without_restart(result, exchange->deadline);
}

static int receive(const struct user *user, struct exchange *exchange) {
    exchange->deadline = deadline_after(user->socket->receive_timeout);
    int result =
        user->socket->operations->receive(user->socket, exchange, may_wait(user, exchange->flags));
    if (result >= 0 && (exchange->flags & MSG_TRUNC) != 0 && user->socket->type != SOCK_STREAM)
        result += (int)exchange->left_out;
    return without_restart(result, exchange->deadline);
}

/* A stream that is connected pays no heed to an address. */
static int read_target(const struct user *user, uint32_t address, uint32_t bytes,
                       struct endpoint *name, struct exchange *exchange) {
    if (address == 0 || bytes == 0 || user->socket->type == SOCK_STREAM)
        return 0;
    int error = name_read(user->socket, address, bytes, name);
    if (error == 0)
        exchange->to = name;
    return error == 1 ? -EAFNOSUPPORT : error;
}

SYSTEM_CALL_6(sendto, descriptor, buffer, bytes, flags, address, address_bytes) {
    struct user user;
    struct endpoint name;
    struct transfer transfer;
    struct exchange exchange = {.data = &transfer, .flags = flags};
    int error = take(descriptor, &user);
    if (error != 0)
        return error;
    transfer_user(&transfer, buffer, bytes);
    error = read_target(&user, address, address_bytes, &name, &exchange);
    return give(&user, error != 0 ? error : send(&user, &exchange));
}

SYSTEM_CALL_6(recvfrom, descriptor, buffer, bytes, flags, address, address_bytes) {
    struct user user;
    struct endpoint from = {0};
    struct transfer transfer;
    struct exchange exchange = {.data = &transfer, .flags = flags, .from = &from};
    int result = take(descriptor, &user);
    if (result != 0)
        return result;
    transfer_user(&transfer, buffer, bytes);
    result = receive(&user, &exchange);
    int error = 0;
    if (result >= 0 && address != 0 && user.socket->type != SOCK_STREAM)
        error = name_write(user.socket, &from, address, address_bytes);
    return give(&user, error != 0 ? error : result);
}

struct message_header { /* struct msghdr */
    uint32_t name, name_bytes;
    uint32_t vector, vector_count;
    uint32_t control, control_bytes;
    uint32_t flags;
};

static int begin_message(uint32_t address, struct message_header *message,
                         struct transfer *transfer) {
    if (copy_in(message, address, sizeof *message) != 0)
        return -EFAULT;
    return transfer_iovec(transfer, message->vector, message->vector_count);
}

SYSTEM_CALL_3(sendmsg, descriptor, address, flags) {
    struct user user;
    struct endpoint name;
    struct message_header message;
    struct transfer transfer;
    struct exchange exchange = {.data = &transfer, .flags = flags};
    int error = take(descriptor, &user);
    if (error != 0)
        return error;
    error = begin_message(address, &message, &transfer);
    if (error == 0)
        error = read_target(&user, message.name, message.name_bytes, &name, &exchange);
    return give(&user, error != 0 ? error : send(&user, &exchange));
}

/* No control messages are ever given. */
static int end_message(const struct user *user, uint32_t address, struct message_header *message,
                       const struct exchange *exchange) {
    message->control_bytes = 0;
    message->flags = exchange->left_out != 0 ? MSG_TRUNC : 0;
    if (message->name == 0 || user->socket->type == SOCK_STREAM) {
        message->name_bytes = 0;
    } else {
        int bytes = name_put(user->socket, exchange->from, message->name, message->name_bytes);
        if (bytes < 0)
            return bytes;
        message->name_bytes = (uint32_t)bytes;
    }
    return copy_out(address, message, sizeof *message);
}

SYSTEM_CALL_3(recvmsg, descriptor, address, flags) {
    struct user user;
    struct endpoint from = {0};
    struct message_header message;
    struct transfer transfer;
    struct exchange exchange = {.data = &transfer, .flags = flags, .from = &from};
    int result = take(descriptor, &user);
    if (result != 0)
        return result;
    result = begin_message(address, &message, &transfer);
    if (result == 0)
        result = receive(&user, &exchange);
    int error = result >= 0 ? end_message(&user, address, &message, &exchange) : 0;
    return give(&user, error != 0 ? error : result);
}

/* ---- Options ---- */

SYSTEM_CALL_5(setsockopt, descriptor, level, name, value, bytes) {
    struct user user;
    uint8_t copy[OPTION_MOST] = {0};
    int error = take(descriptor, &user);
    if (error != 0)
        return error;
    if ((int32_t)bytes < 0)
        error = -EINVAL;
    else if (copy_in(copy, value, bytes < OPTION_MOST ? bytes : OPTION_MOST) != 0)
        error = -EFAULT;
    else
        error = option_set(user.socket, level, name, copy, bytes);
    return give(&user, error);
}

SYSTEM_CALL_5(getsockopt, descriptor, level, name, value, user_bytes) {
    struct user user;
    uint8_t copy[OPTION_MOST] = {0};
    int32_t room;
    int error = take(descriptor, &user);
    if (error != 0)
        return error;
    if (copy_in(&room, user_bytes, sizeof room) != 0)
        return give(&user, -EFAULT);
    uint32_t bytes = sizeof(int32_t);
    error = room < 0 ? -EINVAL : option_get(user.socket, level, name, copy, &bytes);
    bytes = (uint32_t)room < bytes ? (uint32_t)room : bytes;
    if (error == 0 &&
        (copy_out(value, copy, bytes) != 0 || copy_out(user_bytes, &bytes, sizeof bytes) != 0))
        error = -EFAULT;
    return give(&user, error);
}

/* ---- socketcall ---- */

typedef int32_t handler(uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t);

static int32_t accept_plain(uint32_t descriptor, uint32_t address, uint32_t bytes, uint32_t unused,
                            uint32_t unused2, uint32_t unused3) {
    (void)unused;
    (void)unused2;
    (void)unused3;
    return sys_accept4(descriptor, address, bytes, 0, 0, 0);
}

static int32_t send_plain(uint32_t descriptor, uint32_t buffer, uint32_t bytes, uint32_t flags,
                          uint32_t unused, uint32_t unused2) {
    (void)unused;
    (void)unused2;
    return sys_sendto(descriptor, buffer, bytes, flags, 0, 0);
}

static int32_t receive_plain(uint32_t descriptor, uint32_t buffer, uint32_t bytes, uint32_t flags,
                             uint32_t unused, uint32_t unused2) {
    (void)unused;
    (void)unused2;
    return sys_recvfrom(descriptor, buffer, bytes, flags, 0, 0);
}

SYSTEM_CALL_2(socketcall, number, address) {
    static const struct {
        handler *call;
        uint32_t arguments;
    } calls[] = {
        {NULL, 0},           {sys_socket, 3},   {sys_bind, 3},        {sys_connect, 3},
        {sys_listen, 2},     {accept_plain, 3}, {sys_getsockname, 3}, {sys_getpeername, 3},
        {sys_socketpair, 4}, {send_plain, 4},   {receive_plain, 4},   {sys_sendto, 6},
        {sys_recvfrom, 6},   {sys_shutdown, 2}, {sys_setsockopt, 5},  {sys_getsockopt, 5},
        {sys_sendmsg, 3},    {sys_recvmsg, 3},  {sys_accept4, 4},
    };
    uint32_t words[6] = {0};
    if (number == 0 || number >= sizeof calls / sizeof calls[0])
        return -EINVAL;
    if (copy_in(words, address, calls[number].arguments * sizeof words[0]) != 0)
        return -EFAULT;
    return calls[number].call(words[0], words[1], words[2], words[3], words[4], words[5]);
}
