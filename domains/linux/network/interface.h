// SPDX-License-Identifier: MIT
/*
 * Interfaces by their Linux names: "lo" and "eth0".
 */
#ifndef DOMAINS_LINUX_NETWORK_INTERFACE_H
#define DOMAINS_LINUX_NETWORK_INTERFACE_H

#include <lwip/ip4_addr.h>

#include <stdbool.h>
#include <stdint.h>

struct netif;

const char *interface_name(const struct netif *interface);
struct netif *interface_find(const char *name);          /* NULL: there is none */
struct netif *interface_at(uint32_t index);              /* likewise */
uint32_t interface_flags(const struct netif *interface); /* IFF_* */
uint32_t interface_mtu(const struct netif *interface);
void interface_set_up(struct netif *interface, bool up);
/* Instead of the one that it has, also of one by DHCP. */
void interface_set_address(struct netif *interface, const ip4_addr_t *address,
                           const ip4_addr_t *mask);

#define INTERFACE_QUEUE 1000 /* frames, as Linux has it */

#endif
