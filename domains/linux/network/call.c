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
#include "domains/linux/local/local.h"
#include "domains/linux/netlink/netlink.h"
#include "domains/linux/network/name.h"
#include "domains/linux/network/packet.h"
#include "domains/linux/network/stack.h"
#include "domains/linux/network/user.h"
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

/* Raw ones are datagrams. */
static int choose_local(uint32_t *type, uint32_t protocol) {
    if (protocol != 0 && protocol != AF_UNIX)
        return -EPROTONOSUPPORT;
    if (*type == SOCK_RAW)
        *type = SOCK_DGRAM;
    bool fits = *type == SOCK_STREAM || *type == SOCK_DGRAM || *type == SOCK_SEQPACKET;
    return fits ? 0 : -ESOCKTNOSUPPORT;
}

/* The protocol that 0 stands for; or whether the one that is asked for fits. */
static int choose_protocol(uint32_t family, uint32_t *asked_type, uint32_t *protocol) {
    uint32_t type = *asked_type;
    uint32_t usual = type == SOCK_STREAM ? PROTOCOL_TCP : PROTOCOL_UDP;
    if (family == AF_UNIX)
        return choose_local(asked_type, *protocol);
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
    if (socket->family == AF_UNIX)
        return local_open(socket);
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
    type &= SOCK_TYPE_MASK;
    int error = choose_protocol(family, &type, &protocol);
    if (error == 0 && family != AF_VSOCK && family != AF_UNIX)
        error = stack_need();
    if (error != 0)
        return error;
    struct socket *socket = socket_make(family, type, protocol);
    if (socket == NULL)
        return -ENOMEM;
    error = open_block(socket);
    if (error == 0)
        return install(socket, flags);
    socket_free(socket);
    return error;
}

/* ---- Pairs ---- */

static struct socket *make_half(uint32_t type) {
    struct socket *half = socket_make(AF_UNIX, type, 0);
    if (half == NULL || local_open(half) == 0)
        return half;
    socket_free(half);
    return NULL;
}

/* Both ends, open; or an errno, and neither. */
static int32_t make_pair(uint32_t type, uint32_t flags, int32_t ends[2]) {
    struct socket *one = make_half(type), *two = make_half(type);
    if (one == NULL || two == NULL) {
        if (one != NULL)
            socket_free(one);
        if (two != NULL)
            socket_free(two);
        return -ENOMEM;
    }
    local_pair(one, two);
    ends[0] = install(one, flags);
    ends[1] = ends[0] < 0 ? ends[0] : install(two, flags);
    if (ends[0] < 0)
        socket_free(two);
    else if (ends[1] < 0)
        file_close(current_process()->files, ends[0]);
    return ends[1] < 0 ? ends[1] : 0;
}

SYSTEM_CALL_4(socketpair, family, type, protocol, user) {
    uint32_t flags = type & ~(uint32_t)SOCK_TYPE_MASK;
    int32_t ends[2];
    type &= SOCK_TYPE_MASK;
    if ((flags & ~(uint32_t)(SOCK_NONBLOCK | SOCK_CLOEXEC)) != 0)
        return -EINVAL;
    int error = choose_protocol(family, &type, &protocol);
    if (error == 0 && family != AF_UNIX)
        error = -EOPNOTSUPP;
    if (error == 0)
        error = make_pair(type, flags, ends);
    if (error != 0 || copy_out(user, ends, sizeof ends) == 0)
        return error;
    file_close(current_process()->files, ends[0]);
    file_close(current_process()->files, ends[1]);
    return -EFAULT;
}

/* ---- Names and connections ---- */

static bool has_ports(const struct socket *socket) {
    return socket->family != AF_PACKET && socket->family != AF_NETLINK;
}

SYSTEM_CALL_3(bind, descriptor, address, bytes) {
    struct socket_user user;
    struct endpoint name = {0};
    int error = socket_take(descriptor, &user);
    if (error != 0)
        return error;
    error = name_read(user.socket, address, bytes, &name);
    if (error == 0 && has_ports(user.socket) && name.port != 0 && name.port < 1024 &&
        current_credentials().uid != 0)
        error = -EACCES;
    if (error == 1 && user.socket->family == AF_UNIX)
        error = -EINVAL;
    user.socket->mode = user.file->inode->mode & 0777;
    if (error == 0)
        error = user.socket->operations->bind(user.socket, &name);
    name_release(&name);
    return socket_give(&user, error == 1 ? -EAFNOSUPPORT : error);
}

SYSTEM_CALL_3(connect, descriptor, address, bytes) {
    struct socket_user user;
    struct endpoint name = {0};
    int error = socket_take(descriptor, &user);
    if (error != 0)
        return error;
    error = name_read(user.socket, address, bytes, &name);
    if (error >= 0)
        error =
            user.socket->operations->connect(user.socket, error == 1 ? NULL : &name, user.waits);
    name_release(&name);
    return socket_give(&user, error);
}

SYSTEM_CALL_2(listen, descriptor, backlog) {
    struct socket_user user;
    int error = socket_take(descriptor, &user);
    if (error != 0)
        return error;
    return socket_give(&user, user.socket->operations->listen(user.socket, backlog));
}

static int32_t write_peer(struct socket *socket, uint32_t address, uint32_t bytes) {
    struct endpoint name = {0};
    if (address == 0)
        return 0;
    int error = socket->operations->name(socket, true, &name);
    if (error == 0)
        error = name_write(socket, &name, address, bytes);
    name_release(&name);
    return error;
}

static int32_t accept(struct socket_user *user, uint32_t address, uint32_t bytes, uint32_t flags) {
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
    struct socket_user user;
    if ((flags & ~(uint32_t)(SOCK_NONBLOCK | SOCK_CLOEXEC)) != 0)
        return -EINVAL;
    int error = socket_take(descriptor, &user);
    return error != 0 ? error : socket_give(&user, accept(&user, address, bytes, flags));
}

static int32_t write_name(uint32_t descriptor, bool of_peer, uint32_t address, uint32_t bytes) {
    struct socket_user user;
    struct endpoint name = {0};
    int error = socket_take(descriptor, &user);
    if (error != 0)
        return error;
    error = user.socket->operations->name(user.socket, of_peer, &name);
    if (error == 0)
        error = name_write(user.socket, &name, address, bytes);
    name_release(&name);
    return socket_give(&user, error);
}

SYSTEM_CALL_3(getsockname, descriptor, address, bytes) {
    return write_name(descriptor, false, address, bytes);
}

SYSTEM_CALL_3(getpeername, descriptor, address, bytes) {
    return write_name(descriptor, true, address, bytes);
}

SYSTEM_CALL_2(shutdown, descriptor, how) {
    struct socket_user user;
    if (how > SHUT_RDWR)
        return -EINVAL;
    int error = socket_take(descriptor, &user);
    if (error != 0)
        return error;
    return socket_give(&user,
                       user.socket->operations->shut(user.socket, how != SHUT_WR, how != SHUT_RD));
}

/* ---- Options ---- */

SYSTEM_CALL_5(setsockopt, descriptor, level, name, value, bytes) {
    struct socket_user user;
    uint8_t copy[OPTION_MOST] = {0};
    int error = socket_take(descriptor, &user);
    if (error != 0)
        return error;
    if ((int32_t)bytes < 0)
        error = -EINVAL;
    else if (copy_in(copy, value, bytes < OPTION_MOST ? bytes : OPTION_MOST) != 0)
        error = -EFAULT;
    else
        error = option_set(user.socket, level, name, copy, bytes);
    return socket_give(&user, error);
}

SYSTEM_CALL_5(getsockopt, descriptor, level, name, value, user_bytes) {
    struct socket_user user;
    uint8_t copy[OPTION_MOST] = {0};
    int32_t room;
    int error = socket_take(descriptor, &user);
    if (error != 0)
        return error;
    if (copy_in(&room, user_bytes, sizeof room) != 0)
        return socket_give(&user, -EFAULT);
    uint32_t bytes = sizeof(int32_t);
    error = room < 0 ? -EINVAL : option_get(user.socket, level, name, copy, &bytes);
    bytes = (uint32_t)room < bytes ? (uint32_t)room : bytes;
    if (error == 0 &&
        (copy_out(value, copy, bytes) != 0 || copy_out(user_bytes, &bytes, sizeof bytes) != 0))
        error = -EFAULT;
    return socket_give(&user, error);
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
