// SPDX-License-Identifier: MIT
/*
 * Interfaces by their Linux names: "lo" and "eth0".
 */
#ifndef DOMAINS_LINUX_NETWORK_INTERFACE_H
#define DOMAINS_LINUX_NETWORK_INTERFACE_H

#include <stdint.h>

struct netif;

const char *interface_name(const struct netif *interface);
struct netif *interface_find(const char *name);          /* NULL: there is none */
uint32_t interface_flags(const struct netif *interface); /* IFF_* */

#endif
