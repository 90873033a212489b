// SPDX-License-Identifier: MIT
/*
 * A block of the workload: 4 KiB that say whose they are, where they belong and how often they were written, and
 * are filled to the last byte with what follows from that. So a block that is wrong tells in which way.
 */
#ifndef TESTS_FAULTS_WORKLOAD_BLOCK_H
#define TESTS_FAULTS_WORKLOAD_BLOCK_H

#include <stdint.h>

#define BLOCK_BYTES 4096u
#define BLOCK_WORDS (BLOCK_BYTES / 4)

struct block_stamp {
    uint32_t owner;      /* of the volume */
    uint32_t place;      /* on the volume, in blocks */
    uint32_t generation; /* from 1 on; 0: unknown */
};

void block_fill(uint32_t *block, struct block_stamp stamp);
/* How many bytes of `block` are not what block_fill() makes of `stamp`. */
uint32_t block_differs(const uint32_t *block, struct block_stamp stamp);
/* What a block that differs is: "stale", "misplaced", "foreign", "damaged" or "garbage". */
const char *block_kind(const uint32_t *block, struct block_stamp stamp);

#endif
