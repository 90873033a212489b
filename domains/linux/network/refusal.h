// SPDX-License-Identifier: MIT
/*
 * ICMP messages that a datagram was refused: lwIP answers with them, but does not read them. They are
 * taken past it, as a raw socket would, and told to the socket that sent the datagram.
 */
#ifndef DOMAINS_LINUX_NETWORK_REFUSAL_H
#define DOMAINS_LINUX_NETWORK_REFUSAL_H

/* From now on; lwIP need not have begun yet. 0 or -ENOBUFS. */
int refusal_watch(void);

#endif
