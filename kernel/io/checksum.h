// SPDX-License-Identifier: MIT
/*
 * CRC32C (Castagnoli; RFC 3720, appendix B.4), as disks, networks and the CPU's own instruction compute it. Pure logic.
 */
#ifndef KERNEL_IO_CHECKSUM_H
#define KERNEL_IO_CHECKSUM_H

#include <stdbool.h>
#include <stdint.h>

/* Once, first. `has_instruction`: the CPU has CRC32 (SSE4.2). */
void checksum_initialise(bool has_instruction);
uint32_t checksum(const void *bytes, uint32_t count); /* count: a multiple of 4 */

#endif
