// SPDX-License-Identifier: MIT
/*
 * What a request is answered with: messages that go into the socket's queue, as many in one datagram as fit into a page. And
 * news, which answer nobody: a message for all sockets of a group.
 */
#ifndef DOMAINS_LINUX_NETLINK_ANSWER_H
#define DOMAINS_LINUX_NETLINK_ANSWER_H

#include "domains/linux/netlink/format.h"
#include "domains/linux/network/socket.h"

struct answer {
    struct socket *socket;                 /* NULL: it is news */
    const struct netlink_request *request; /* likewise */
    uint32_t group;                        /* of news: netlink.h */
    bool is_gone; /* of news: the types of messages are those of deletions */
    struct netlink_writer writer;
    bool lost; /* something found no room, in memory or in the queue */
};

bool answer_begin(struct answer *answer, struct socket *socket,
                  const struct netlink_request *request); /* false: no memory */
/* News for a group: false if nobody listens, or there is no memory. Then a message or more, and answer_end_news(). */
bool answer_begin_news(struct answer *answer, uint32_t group, bool is_gone);
void answer_end_news(struct answer *answer);
/* A message with a body; attributes may follow, then answer_message_end(). The body is never NULL. */
void *answer_message(struct answer *answer, uint16_t type, uint32_t body_bytes);
void answer_message_end(struct answer *answer);
/* After all: whether the request failed or not, if that is told. */
void answer_end(struct answer *answer, int error);

#endif
