// SPDX-License-Identifier: MIT
/*
 * Copies between the core and the memory of a domain, page by page through the mapping windows.
 * Whose pages they are is told by a lookup function: a tenant's in kernel/mem/table.h, a driver's
 * in kernel/gate/gate.h.
 */
#ifndef KERNEL_MEM_COPY_H
#define KERNEL_MEM_COPY_H

#include "kernel/abi/status.h"
#include "kernel/mem/frame.h"

/* The frame behind the page of `address`, or NO_FRAME_T if it is not there (or, with `write`,
 * read-only). */
typedef frame_t page_lookup(const void *domain, uint32_t address, bool write);

/* The whole range is looked up before the first byte moves: STATUS_OK, or STATUS_BAD_ADDRESS and
 * nothing has changed. The caller has checked that the range does not wrap. */
enum status copy_from_pages(page_lookup *lookup, const void *domain, void *to, uint32_t from,
                            uint32_t bytes);
enum status copy_to_pages(page_lookup *lookup, const void *domain, uint32_t to, const void *from,
                          uint32_t bytes);

#endif
