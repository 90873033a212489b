// SPDX-License-Identifier: MIT
/*
 * struct sockaddr of apps, in and out.
 */
#ifndef DOMAINS_LINUX_NETWORK_NAME_H
#define DOMAINS_LINUX_NETWORK_NAME_H

#include "domains/linux/local/name.h"
#include "domains/linux/network/socket.h"

#define NAME_BYTES_MOST 128u /* struct sockaddr_storage */

/* An address that an app gives to a socket of this family: 0, -EINVAL (too short), -EAFNOSUPPORT (of another family) or
 * -EFAULT. AF_UNSPEC: 1. After 0 the caller ends with name_release(). */
int name_read(const struct socket *socket, uint32_t user, uint32_t bytes, struct endpoint *name);
static inline void name_release(struct endpoint *name) {
    local_name_release(name->local);
}
/* As getsockname() and recvfrom() give it: cut to the room in *user_bytes, which gets the true length. */
int name_write(const struct socket *socket, const struct endpoint *name, uint32_t user,
               uint32_t user_bytes);
/* The same, into `room` bytes at `user`; the true length, or -EFAULT. */
int name_put(const struct socket *socket, const struct endpoint *name, uint32_t user,
             uint32_t room);

#endif
