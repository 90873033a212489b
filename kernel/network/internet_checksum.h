// SPDX-License-Identifier: MIT
/*
 * The checksums of IPv4's header, TCP and UDP (RFC 1071) that a tenant leaves out: within the machine nothing damages a frame, so only
 * those that go to the wire need them. Pure logic.
 *
 *   0 where the sum belongs ──stays in the machine──> passed on as it is, marked as from inside (kernel/abi/network.h)
 *                           └─goes to the wire──────> filled in
 */
#ifndef KERNEL_NETWORK_INTERNET_CHECKSUM_H
#define KERNEL_NETWORK_INTERNET_CHECKSUM_H

#include <stdint.h>

/*
 * Fills in the checksum of an IPv4 header that has none, and that of TCP or UDP if the frame is a whole packet of it, with none. All
 * others are left alone: pieces of a packet, IPv6 behind options, lengths that do not fit.
 */
void internet_checksum_complete(uint8_t *frame, uint32_t bytes);

#endif
