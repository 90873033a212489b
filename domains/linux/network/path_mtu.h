// SPDX-License-Identifier: MIT
/*
 * How long a packet of IPv6 may be: as long as any way takes, and no longer, whatever routers say. So none goes in pieces whose
 * checksum nobody makes (kernel/abi/network.h).
 */
#ifndef DOMAINS_LINUX_NETWORK_PATH_MTU_H
#define DOMAINS_LINUX_NETWORK_PATH_MTU_H

#define PATH_MTU_LEAST 1280 /* RFC 8200, 5 */

struct netif;

/* After each frame of IPv6 that the card has had, and once behind netif_add(), which sets it anew. */
void path_mtu_settle(struct netif *card);

#endif
