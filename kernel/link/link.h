// SPDX-License-Identifier: MIT
/*
 * Links between tenants (kernel/abi/link.h). The offerer pays for all of a link but the acceptor's table of links and
 * its spare page; so nobody can make another pay by offering, or keep another's memory by not closing.
 */
#ifndef KERNEL_LINK_LINK_H
#define KERNEL_LINK_LINK_H

#include "kernel/abi/link.h"
#include "kernel/abi/status.h"
#include "kernel/mem/frame.h"

#include <stdbool.h>

struct tenant;

/* NOT_PERMITTED: there is no such tenant, or the two may not talk. GONE: it does not run. FULL: all of the offerer's
 * links are used. NO_MEMORY: it cannot pay. */
enum status link_offer(struct tenant *offerer, uint32_t tenant, uint32_t from_port,
                       uint32_t to_port, uint32_t *number);
/* The oldest one that was offered. AGAIN: there is none. FULL, NO_MEMORY: as above, of the acceptor. */
enum status link_accept(struct tenant *tenant, uint32_t *number);
enum status link_describe(const struct tenant *tenant, uint32_t number,
                          struct link_description *description);
enum status link_ring(const struct tenant *tenant, uint32_t number); /* GONE: it has ended */
enum status link_close(struct tenant *tenant, uint32_t number);

/* They may talk no more: ends some links between the two; true: none is left. */
bool links_cut_between(struct tenant *one, struct tenant *other);
bool links_tenant_died(struct tenant *tenant); /* some of its ends close; true: all have */
/* For the audit: is this what the page of the tenant's quarter has to show? */
bool link_shows(const struct tenant *tenant, uint32_t address, frame_t frame);

#endif
