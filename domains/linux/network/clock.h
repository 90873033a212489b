// SPDX-License-Identifier: MIT
/*
 * lwIP's timers, which all tick at fixed intervals, without the ticks of a stack that has nothing to do.
 *
 *   active ──no frame for LINGER, no connection, no lease that runs──> asleep: no wake-up at all
 *     ^                                                                   │
 *     └──a frame, a socket call: the ticks that were missed, at once──────┘
 */
#ifndef DOMAINS_LINUX_NETWORK_CLOCK_H
#define DOMAINS_LINUX_NETWORK_CLOCK_H

void clock_run(void);       /* the ticks that are due */
void clock_is_active(void); /* something was sent or received: ticks go on for a while */
void clock_settle(void);    /* the event service wakes for the next tick */
void clock_ask_again(void); /* it has woken, and has to be told anew */

#endif
