// SPDX-License-Identifier: MIT
/*
 * Is a frame what its sender may say of itself? Pure logic, on the frame's first bytes.
 *
 *   Ethernet  own hardware address as source; IPv4, ARP or IPv6 inside, no tags
 *   ARP       own addresses as sender
 *   IPv4      own address as source, if it is given; nothing from a DHCP server's port
 *   IPv6      own interface identifier (RFC 4291, appendix A: made of the hardware address) or none as source;
 *             no word of a router (an advertisement, a redirect, "packet too big"), none of another's address (RFC 4861), and no control message where
 *             this could not be seen: in fragments or behind options
 *
 * So no tenant answers for another, and none tells others where their gateway is.
 */
#ifndef KERNEL_NETWORK_SENDER_H
#define KERNEL_NETWORK_SENDER_H

#include "kernel/abi/network.h"

#include <stdbool.h>

#define HEADER_BYTES 96u /* of a frame, that are looked at */

/* `header` has min(bytes, HEADER_BYTES) bytes of a frame of `bytes`. */
bool sender_is_honest(const uint8_t *header, uint32_t bytes,
                      const struct network_identity *identity);

#endif
