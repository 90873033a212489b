// SPDX-License-Identifier: MIT
/*
 * The system calls that move bytes: send and receive, each in three forms.
 */
#include "domains/linux/entry/call.h"

#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/local/local.h"
#include "domains/linux/local/rights.h"
#include "domains/linux/network/name.h"
#include "domains/linux/network/user.h"

static bool may_wait(const struct socket_user *user, uint32_t flags) {
    return user->waits && (flags & MSG_DONTWAIT) == 0;
}

static int send(const struct socket_user *user, struct exchange *exchange) {
    return socket_send(user->socket, exchange, may_wait(user, exchange->flags));
}

static int receive(const struct socket_user *user, struct exchange *exchange) {
    int result = socket_receive(user->socket, exchange, may_wait(user, exchange->flags));
    if (result >= 0 && (exchange->flags & MSG_TRUNC) != 0 && user->socket->type != SOCK_STREAM)
        result += (int)exchange->left_out;
    return result;
}

/* A connection pays no heed to an address. */
static bool is_connection(const struct socket *socket) {
    return socket->type == SOCK_STREAM || socket->type == SOCK_SEQPACKET;
}

static int read_target(const struct socket_user *user, uint32_t address, uint32_t bytes,
                       struct endpoint *name, struct exchange *exchange) {
    if (address == 0 || bytes == 0)
        return 0;
    if (user->socket->family == AF_UNIX && user->socket->type == SOCK_STREAM)
        return user->socket->local->other != NULL ? -EISCONN : -EOPNOTSUPP;
    if (is_connection(user->socket))
        return 0;
    int error = name_read(user->socket, address, bytes, name);
    if (error == 0)
        exchange->to = name;
    return error == 1 ? -EAFNOSUPPORT : error;
}

SYSTEM_CALL_6(sendto, descriptor, buffer, bytes, flags, address, address_bytes) {
    struct socket_user user;
    struct endpoint name = {0};
    struct transfer transfer;
    struct exchange exchange = {.data = &transfer, .flags = flags};
    int error = socket_take(descriptor, &user);
    if (error != 0)
        return error;
    transfer_user(&transfer, buffer, bytes);
    error = read_target(&user, address, address_bytes, &name, &exchange);
    if (error == 0)
        error = send(&user, &exchange);
    name_release(&name);
    return socket_give(&user, error);
}

SYSTEM_CALL_6(recvfrom, descriptor, buffer, bytes, flags, address, address_bytes) {
    struct socket_user user;
    struct endpoint from = {0};
    struct transfer transfer;
    struct exchange exchange = {.data = &transfer, .flags = flags, .from = &from};
    int result = socket_take(descriptor, &user);
    if (result != 0)
        return result;
    transfer_user(&transfer, buffer, bytes);
    result = receive(&user, &exchange);
    int error = 0;
    if (result >= 0 && address != 0 && user.socket->type != SOCK_STREAM)
        error = name_write(user.socket, &from, address, address_bytes);
    name_release(&from);
    rights_release(exchange.rights);
    return socket_give(&user, error != 0 ? error : result);
}

#define PLACES_MOST 1024u /* UIO_MAXIOV */

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
    if (message->vector_count > PLACES_MOST)
        return -EMSGSIZE;
    return transfer_iovec(transfer, message->vector, message->vector_count);
}

SYSTEM_CALL_3(sendmsg, descriptor, address, flags) {
    struct socket_user user;
    struct endpoint name = {0};
    struct message_header message;
    struct transfer transfer;
    struct exchange exchange = {.data = &transfer, .flags = flags};
    int error = socket_take(descriptor, &user);
    if (error != 0)
        return error;
    error = begin_message(address, &message, &transfer);
    if (error == 0)
        error = read_target(&user, message.name, message.name_bytes, &name, &exchange);
    if (error == 0 && user.socket->family == AF_UNIX)
        error = rights_read(message.control, message.control_bytes, &exchange.rights);
    if (error == 0)
        error = send(&user, &exchange);
    name_release(&name);
    rights_release(exchange.rights);
    return socket_give(&user, error);
}

/* What went with the bytes; 0 or MSG_CTRUNC. */
static uint32_t write_control(const struct socket_user *user, struct message_header *message,
                              const struct exchange *exchange) {
    uint32_t room = message->control != 0 ? message->control_bytes : 0;
    message->control_bytes = 0;
    if (user->socket->family != AF_UNIX)
        return 0;
    return rights_write(exchange->rights, user->socket->local->wants_credentials, message->control,
                        room, exchange->flags, &message->control_bytes);
}

static int end_message(const struct socket_user *user, uint32_t address,
                       struct message_header *message, const struct exchange *exchange) {
    uint32_t cut = write_control(user, message, exchange);
    message->flags =
        (exchange->left_out != 0 ? MSG_TRUNC : 0) | cut | (exchange->flags & MSG_CMSG_CLOEXEC);
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
    struct socket_user user;
    struct endpoint from = {0};
    struct message_header message;
    struct transfer transfer;
    struct exchange exchange = {.data = &transfer, .flags = flags, .from = &from};
    int result = socket_take(descriptor, &user);
    if (result != 0)
        return result;
    result = begin_message(address, &message, &transfer);
    if (result == 0)
        result = receive(&user, &exchange);
    int error = result >= 0 ? end_message(&user, address, &message, &exchange) : 0;
    name_release(&from);
    rights_release(exchange.rights);
    return socket_give(&user, error != 0 ? error : result);
}
