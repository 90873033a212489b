// SPDX-License-Identifier: MIT
/*
 * The blocks that were written last, on all devices: whole, in a piece of memory of fixed size. One that is written again
 * counts as the newest; the oldest gives its place to a new one. Pure logic.
 *
 *   memory:  data (4 KiB each) …    records[0 … count]    buckets[count]
 *
 *   records[0] ──newer──> oldest ──newer──> … ──newer──> newest ──newer──> records[0]
 *   buckets[hash] ──chain──> record ──chain──> … ──> 0
 */
#ifndef KERNEL_IO_BLOCK_COPIES_H
#define KERNEL_IO_BLOCK_COPIES_H

#include <stdint.h>

#define COPY_BYTES 4096u

struct copy_record {
    uint64_t key; /* 0: no block yet */
    uint32_t older, newer, chain;
};

struct block_copies {
    uint8_t *data;
    struct copy_record *records; /* from 1; the data of record n lies at (n - 1) * COPY_BYTES */
    uint32_t *buckets;
    uint32_t count;
};

/* Over `bytes` of zeroed memory, as many blocks as fit. */
void copies_initialise(struct block_copies *copies, void *memory, uint32_t bytes);
/* Keeps the COPY_BYTES at `data` as what `block` of `device` (< 128) holds. */
void copies_keep(struct block_copies *copies, uint32_t device, uint64_t block, const void *data);
/* What was kept of it last; NULL: nothing, or not any more. Good until the next copies_keep(). */
const void *copies_find(const struct block_copies *copies, uint32_t device, uint64_t block);

#endif
