// SPDX-License-Identifier: MIT
/*
 * Pages of an app that a device reads from or writes to, without a copy between.
 *
 *   lent ──the request──> done ──still shown──> the app has it
 *                          └──unmapped, or copied on a write meanwhile──> who lent it copies what was read
 *
 * A lent page has one owner more, so its frame stays whatever the app does. fork() gives the child a copy of one that a
 * device may write to, so that what comes is the parent's alone.
 */
#ifndef DOMAINS_LINUX_MEMORY_LEND_H
#define DOMAINS_LINUX_MEMORY_LEND_H

#include "domains/linux/memory/space.h"

/* The frame behind the page at `address`, held for the caller; with `written` the device writes to it. NO_FRAME: it has
 * none that could be lent (an image's, not allowed, no memory). May sleep for a file's page. */
uint32_t page_lend(struct address_space *space, uint32_t address, bool written);
/* Has the app still this frame there? */
bool page_is_shown(const struct address_space *space, uint32_t address, uint32_t frame);

#endif
