// SPDX-License-Identifier: MIT
/*
 * What is known of the blocks on all devices: 4 bytes for a block of 4 KiB, in groups of 1,024 blocks that are made when
 * the first of them is written. A hash table of groups in a piece of memory of fixed size; when it is full, blocks of
 * further groups stay unknown. Pure logic.
 *
 *   memory:  group | group | …   (1,024 sums each)      record | record | …   (of the group of the same number)
 *            bucket | bucket | …   (where the chain of a hash begins)
 */
#ifndef KERNEL_IO_BLOCK_SUMS_H
#define KERNEL_IO_BLOCK_SUMS_H

#include <stdbool.h>
#include <stdint.h>

#define SUM_BLOCK_BYTES 4096u
#define SUM_GROUP       1024u /* blocks */

#define SUM_UNKNOWN 0u
#define SUM_LOST    1u /* what was written is not there any more */

struct sum_record {
    uint32_t key, next; /* the next place in its chain + 1; 0: none */
};

struct block_sums {
    uint32_t (*groups)[SUM_GROUP];
    struct sum_record *records;
    uint32_t *buckets; /* place + 1; 0: an empty chain */
    uint32_t count, used;
    uint32_t refused; /* blocks that had no place */
};

/* Over `bytes` of zeroed memory, as many groups as fit. */
void sums_initialise(struct block_sums *sums, void *memory, uint32_t bytes);
uint32_t sums_look(const struct block_sums *sums, uint32_t device, uint64_t block);
/* A checksum that looks like one of the two words above is kept as another. */
void sums_note(struct block_sums *sums, uint32_t device, uint64_t block, uint32_t sum);
void sums_forget(struct block_sums *sums, uint32_t device, uint64_t block);
void sums_lose(struct block_sums *sums, uint32_t device, uint64_t block);
/* Is `sum` what sums_look() has answered? Anything is, for an unknown block; nothing, for a lost one. */
bool sums_agree(uint32_t known, uint32_t sum);

#endif
