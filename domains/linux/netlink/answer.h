// SPDX-License-Identifier: MIT
/*
 * What a request is answered with: messages that go into the socket's queue, as many in one datagram as fit into a page.
 */
#ifndef DOMAINS_LINUX_NETLINK_ANSWER_H
#define DOMAINS_LINUX_NETLINK_ANSWER_H

#include "domains/linux/netlink/format.h"
#include "domains/linux/network/socket.h"

struct answer {
    struct socket *socket;
    const struct netlink_request *request;
    struct netlink_writer writer;
    bool lost; /* something found no room, in memory or in the queue */
};

bool answer_begin(struct answer *answer, struct socket *socket,
                  const struct netlink_request *request); /* false: no memory */
/* A message with a body; attributes may follow, then answer_message_end(). The body is never NULL. */
void *answer_message(struct answer *answer, uint16_t type, uint32_t body_bytes);
void answer_message_end(struct answer *answer);
/* After all: whether the request failed or not, if that is told. */
void answer_end(struct answer *answer, int error);

#endif
