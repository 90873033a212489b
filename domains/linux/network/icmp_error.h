// SPDX-License-Identifier: MIT
/*
 * What an ICMP message about a packet says of it, as an errno. Pure.
 */
#ifndef DOMAINS_LINUX_NETWORK_ICMP_ERROR_H
#define DOMAINS_LINUX_NETWORK_ICMP_ERROR_H

#include <stdbool.h>
#include <stdint.h>

/* Of type and code: an errno that a connected socket is told, or 0: it says nothing, or nothing that will last. */
int icmp_error(bool is_ipv6, uint8_t type, uint8_t code);

#endif
