// SPDX-License-Identifier: MIT
/*
 * Who owns which IO port. A range belongs to the core or to one driver; whoever asks for a port
 * that is taken is refused with the owner's name. Pure logic.
 */
#ifndef KERNEL_DOMAIN_DRIVER_PORTS_H
#define KERNEL_DOMAIN_DRIVER_PORTS_H

#include <stdbool.h>
#include <stdint.h>

struct port_range {
    uint16_t first, count;
};

/* The name of who owns a port of this range; NULL: all of it is free. `count` >= 1. */
const char *ports_owner(uint32_t first, uint32_t count);
/* Gives a free range to `owner`, whose name must outlive the claim; false: the table is full. */
bool ports_claim(struct port_range range, const char *owner);
void ports_release(const char *owner); /* everything of this owner, compared as a pointer */

#endif
