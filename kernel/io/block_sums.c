// SPDX-License-Identifier: MIT
/*
 * Groups are made one behind the other and never given back; those whose hash is the same are in a chain. So a search
 * is as short when there is no place left as it was before.
 */
#include "kernel/io/block_sums.h"

#include <stddef.h>

#define DEVICE_SHIFT 27 /* of a key: 16 devices; 2^27 groups of 4 MiB are 512 TiB */
#define NO_PLACE     UINT32_MAX

void sums_initialise(struct block_sums *sums, void *memory, uint32_t bytes) {
    uint32_t each = sizeof *sums->groups + sizeof *sums->records + sizeof *sums->buckets;
    uint32_t count = bytes / each;
    *sums = (struct block_sums){.count = count, .groups = memory};
    sums->records = (struct sum_record *)(void *)(sums->groups + count);
    sums->buckets = (uint32_t *)(void *)(sums->records + count);
}

static uint32_t key_of(uint32_t device, uint64_t block) {
    return device << DEVICE_SHIFT | (uint32_t)(block / SUM_GROUP);
}

static uint32_t *bucket_of(const struct block_sums *sums, uint32_t key) {
    return &sums->buckets[key * 2654435761u % sums->count];
}

static uint32_t place_of(const struct block_sums *sums, uint32_t key) {
    uint32_t next = sums->count != 0 ? *bucket_of(sums, key) : 0;
    while (next != 0 && sums->records[next - 1].key != key)
        next = sums->records[next - 1].next;
    return next != 0 ? next - 1 : NO_PLACE;
}

static uint32_t *find(const struct block_sums *sums, uint32_t device, uint64_t block) {
    uint32_t place = place_of(sums, key_of(device, block));
    return place != NO_PLACE ? &sums->groups[place][block % SUM_GROUP] : NULL;
}

static uint32_t *make(struct block_sums *sums, uint32_t device, uint64_t block) {
    uint32_t key = key_of(device, block), place = place_of(sums, key);
    if (place == NO_PLACE && sums->used == sums->count) {
        sums->refused++;
        return NULL;
    }
    if (place == NO_PLACE) {
        uint32_t *bucket = bucket_of(sums, key);
        place = sums->used++;
        sums->records[place] = (struct sum_record){.key = key, .next = *bucket};
        *bucket = place + 1;
    }
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
