// SPDX-License-Identifier: MIT
/*
 * The socket behind a descriptor, while a system call uses it.
 */
#ifndef DOMAINS_LINUX_NETWORK_USER_H
#define DOMAINS_LINUX_NETWORK_USER_H

#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/network/socket.h"

struct socket_user {
    struct file *file; /* held */
    struct socket *socket;
    bool waits;
};

/* 0, -EBADF or -ENOTSOCK; after 0 socket_give() ends it. */
static inline int socket_take(uint32_t descriptor, struct socket_user *user) {
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

static inline int32_t socket_give(struct socket_user *user, int32_t result) {
    file_release(user->file);
    return result;
}

#endif
