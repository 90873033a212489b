// SPDX-License-Identifier: MIT
/*
 * AF_NETLINK: the sockets of rtnetlink, by which ip(8), and musl's getifaddrs() and if_nameindex(), see and change interfaces.
 */
#ifndef DOMAINS_LINUX_NETLINK_NETLINK_H
#define DOMAINS_LINUX_NETLINK_NETLINK_H

#include "domains/linux/network/socket.h"

extern const struct socket_operations netlink_operations;

/* Whose news a socket may hear (RTNLGRP_*); it may join others too, which are silent. */
enum {
    GROUP_LINK = 1,
    GROUP_ADDRESS4 = 5,
    GROUP_ROUTE4 = 7,
    GROUP_ADDRESS6 = 9,
    GROUP_ROUTE6 = 11,
};

void netlink_open(struct socket *socket);
/* Of the level SOL_NETLINK: 0 or a negative errno. */
int netlink_set_option(struct socket *socket, uint32_t name, int32_t value);
bool netlink_has_listeners(uint32_t group);
/* Queues a message for all sockets of the group. NULL: there was no memory for it, and they are told that one was lost. */
void netlink_spread(uint32_t group, struct pbuf *data);

#endif
