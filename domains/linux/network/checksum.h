// SPDX-License-Identifier: MIT
/*
 * The Internet checksum (RFC 1071) of a piece of memory, in the byte order of the machine and not complemented: what lwIP
 * calls LWIP_CHKSUM.
 */
#ifndef DOMAINS_LINUX_NETWORK_CHECKSUM_H
#define DOMAINS_LINUX_NETWORK_CHECKSUM_H

#include <stdint.h>

uint16_t network_checksum(const void *bytes, int count);

#endif
