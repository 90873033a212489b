// SPDX-License-Identifier: MIT
/*
 * Messages of sockets that are no streams: those that have come wait in a bounded queue, one that goes is taken at once.
 *
 *   lwIP, the card, rtnetlink ──message_queue()──> socket->first … last ──message_receive()──> the app
 *   the app ──message_take()──> whoever sends it
 */
#ifndef DOMAINS_LINUX_NETWORK_MESSAGE_H
#define DOMAINS_LINUX_NETWORK_MESSAGE_H

#include "domains/linux/network/socket.h"

bool message_fits(const struct socket *socket, uint32_t bytes); /* into its queue */
/* Takes `data` over; without room for it, it is dropped: false. */
bool message_queue(struct socket *socket, struct pbuf *data, const struct endpoint *from);
/* The same with rights (domains/linux/local/rights.h), which may be NULL: they and a name in `from` are taken over unless it is
 * dropped. */
bool message_queue_with(struct socket *socket, struct pbuf *data, const struct endpoint *from,
                        struct rights *rights);
void message_drop_first(struct socket *socket);
void message_drop_all(struct socket *socket);
/* A packet with the app's next `bytes`; NULL: *error says why. The lock is released meanwhile. */
struct pbuf *message_take_piece(struct exchange *exchange, pbuf_layer layer, uint32_t bytes,
                                int *error);
/* The same with all of them, if they are not more than `most`. */
struct pbuf *message_take(struct exchange *exchange, pbuf_layer layer, uint32_t most, int *error);

/* The message's rights go to the exchange. */
void message_take_rights(struct message *message, struct exchange *exchange);

/* As in struct socket_operations. */
int message_receive(struct socket *socket, struct exchange *exchange, bool waits);
uint32_t message_poll(struct socket *socket);
uint32_t message_readable(struct socket *socket);

#endif
