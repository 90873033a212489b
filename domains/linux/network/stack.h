// SPDX-License-Identifier: MIT
/*
 * lwIP in the manager: one stack a tenant, with the loopback and, if it was granted one, the card.
 *
 *   socket calls ──┐                                  ┌── loopback: what is sent to oneself waits for stack_settle()
 *                  ├── lwIP, under the lock ──────────┤
 *   event service ─┘   (frames, time: clock.h)        └── card.h ── the core's switch
 *
 * A tenant without a card has no stack before its first socket.
 */
#ifndef DOMAINS_LINUX_NETWORK_STACK_H
#define DOMAINS_LINUX_NETWORK_STACK_H

#include <stdbool.h>

#define STACK_MTU 1500 /* of the card */

int network_start(void); /* at the start of the manager: 0, -ENOMEM or -EIO */
int stack_need(void);    /* before a socket is made: the stack is there, or -ENOMEM */
/* After whatever may have sent something: delivers what has come from the card, since the event service may not get to it while
 * apps keep sending, and what went to the loopback, and asks to be called again when the next timer is due. */
void stack_settle(void);
/* After the core has told of something: the same, and what waited to be sent, and what is due by time. */
void stack_look(void);

/* Whether datagrams to the card get their checksum here; no, unless somebody says so. */
void stack_sum_datagrams(bool on);

struct netif;
struct netif *stack_card(void); /* NULL: none */

#endif
