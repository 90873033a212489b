// SPDX-License-Identifier: MIT
/*
 * The two rings of descriptors (Software Developer's Manual, 3.2.3 and 3.3.3), in DMA memory:
 *
 *   done ──> next ──> … the card's … ──> tail ──> free
 *
 * The card takes them in order and gives them back in order, so a ring is two counters. Which request of the core's a
 * descriptor serves stands beside it. The frames themselves lie in the core's memory and are never seen.
 */
#ifndef DRIVERS_E1000_RING_H
#define DRIVERS_E1000_RING_H

#include "kernel/abi/driver.h"

#include <stdbool.h>

#define RING_FRAMES 1u /* both rings */

/* Lays both rings out, empty, and tells the card, which must have been reset, of them. */
void rings_lay_out(void);
void ring_receive(const struct driver_request *request);
void ring_send(const struct driver_request *request);
bool ring_sends(void);    /* the card has frames that are to be sent */
void rings_collect(void); /* completes what the card has done */

#endif
