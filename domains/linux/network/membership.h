// SPDX-License-Identifier: MIT
/*
 * The IPv4 multicast groups that a socket has joined. They are the socket's: it leaves them when it is closed, and has
 * 20 at most, as Linux's do.
 */
#ifndef DOMAINS_LINUX_NETWORK_MEMBERSHIP_H
#define DOMAINS_LINUX_NETWORK_MEMBERSHIP_H

#include "domains/linux/network/socket.h"

/* Joins or leaves the group of `value`, a struct ip_mreq. 0 or a negative errno. */
int membership_set(struct socket *socket, bool joins, const void *value, uint32_t bytes);
void membership_leave_all(struct socket *socket);

#endif
