// SPDX-License-Identifier: MIT
/*
 * Open addressing: a group lies at its hash or at the next free place behind it. Groups are never given back, so a
 * free place ends every search.
 */
#include "kernel/io/block_sums.h"

#include <stddef.h>

#define DEVICE_SHIFT 27 /* of a key: 16 devices; 2^27 groups of 4 MiB are 512 TiB */
#define KEY_USED     0x80000000u

void sums_initialise(struct block_sums *sums, void *memory, uint32_t bytes) {
    uint32_t count = bytes / (uint32_t)(sizeof *sums->groups + sizeof *sums->keys);
    *sums = (struct block_sums){.count = count, .groups = memory};
    sums->keys = (uint32_t *)(sums->groups + count);
}

static uint32_t key_of(uint32_t device, uint64_t block) {
    return KEY_USED | device << DEVICE_SHIFT | (uint32_t)(block / SUM_GROUP);
}

/* Where the group is, or the free place where it would be; count: neither. */
static uint32_t place_of(const struct block_sums *sums, uint32_t key) {
    uint32_t place = sums->count != 0 ? key * 2654435761u % sums->count : 0;
    for (uint32_t n = 0; n < sums->count; n++, place = (place + 1) % sums->count)
        if (sums->keys[place] == key || sums->keys[place] == 0)
            return place;
    return sums->count;
}

static uint32_t *find(const struct block_sums *sums, uint32_t device, uint64_t block) {
    uint32_t key = key_of(device, block), place = place_of(sums, key);
    if (place == sums->count || sums->keys[place] == 0)
        return NULL;
    return &sums->groups[place][block % SUM_GROUP];
}

static uint32_t *make(struct block_sums *sums, uint32_t device, uint64_t block) {
    uint32_t key = key_of(device, block), place = place_of(sums, key);
    if (place == sums->count) {
        sums->refused++;
        return NULL;
    }
    sums->used += sums->keys[place] == 0;
    sums->keys[place] = key;
    return &sums->groups[place][block % SUM_GROUP];
}

static uint32_t kept(uint32_t sum) {
    return sum <= SUM_LOST ? sum + 2 : sum;
}

uint32_t sums_look(const struct block_sums *sums, uint32_t device, uint64_t block) {
    const uint32_t *sum = find(sums, device, block);
    return sum != NULL ? *sum : SUM_UNKNOWN;
}

void sums_note(struct block_sums *sums, uint32_t device, uint64_t block, uint32_t sum) {
    uint32_t *place = make(sums, device, block);
    if (place != NULL)
        *place = kept(sum);
}

void sums_forget(struct block_sums *sums, uint32_t device, uint64_t block) {
    uint32_t *place = find(sums, device, block);
    if (place != NULL)
        *place = SUM_UNKNOWN;
}

void sums_lose(struct block_sums *sums, uint32_t device, uint64_t block) {
    uint32_t *place = find(sums, device, block);
    if (place != NULL)
        *place = SUM_LOST;
}

bool sums_agree(uint32_t known, uint32_t sum) {
    return known == SUM_UNKNOWN || (known != SUM_LOST && known == kept(sum));
}
