// SPDX-License-Identifier: MIT
/*
 * Who waits for the network. A thread that waits while nobody watches the card watches it itself, and takes in what comes
 * for all: so an answer reaches who asked without another thread between. All others, and all if nobody watches, wait for
 * the one that does, or for the event service, to bring it to their socket.
 *
 *   waits ──nobody watches──> watches ──a frame──> takes it in ──for it──> goes on; nobody watches
 *     │                         └──poked: another thread has changed its socket──┘  │
 *     └──somebody does──> sleeps at its socket <──────────for others────────────────┘
 */
#ifndef DOMAINS_LINUX_NETWORK_WATCH_H
#define DOMAINS_LINUX_NETWORK_WATCH_H

#include "domains/lib/lock.h"

/* As wait_on(changed, deadline); may return for nothing. The lock is held. */
enum wait_result network_wait(struct wait_queue *changed, uint64_t deadline);
/* Besides wait_wake(changed): who watches may be the one that waits for it. */
void network_wake(const struct wait_queue *changed);

#endif
