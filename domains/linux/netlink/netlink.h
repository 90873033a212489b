// SPDX-License-Identifier: MIT
/*
 * AF_NETLINK: the sockets of rtnetlink, by which ip(8), and musl's getifaddrs() and if_nameindex(), see and change interfaces.
 */
#ifndef DOMAINS_LINUX_NETLINK_NETLINK_H
#define DOMAINS_LINUX_NETLINK_NETLINK_H

#include "domains/linux/network/socket.h"

extern const struct socket_operations netlink_operations;

void netlink_open(struct socket *socket);

#endif
