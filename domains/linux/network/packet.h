// SPDX-License-Identifier: MIT
/*
 * AF_PACKET: frames of the card as they are (SOCK_RAW) or without the header of Ethernet (SOCK_DGRAM), past lwIP. For DHCP
 * clients, arping and the like.
 */
#ifndef DOMAINS_LINUX_NETWORK_PACKET_H
#define DOMAINS_LINUX_NETWORK_PACKET_H

#include "domains/linux/network/socket.h"

extern const struct socket_operations packet_operations;

void packet_open(struct socket *socket);
/* A frame has come, or goes: sockets that want it get a copy. */
void packet_saw(const struct pbuf *frame, bool goes);

#endif
