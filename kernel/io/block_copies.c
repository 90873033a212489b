// SPDX-License-Identifier: MIT
#include "kernel/io/block_copies.h"

#include <stddef.h>
#include <string.h>

#define KEY_DEVICE_SHIFT 56

/* All places are in the line from the start: those that were never used are its oldest. */
void copies_initialise(struct block_copies *copies, void *memory, uint32_t bytes) {
    uint32_t head = (uint32_t)sizeof(struct copy_record),
             each = COPY_BYTES + head + (uint32_t)sizeof(uint32_t);
    uint32_t count = bytes > head ? (bytes - head) / each : 0;
    *copies = (struct block_copies){.data = memory, .count = count};
    if (count == 0)
        return;
    copies->records = (struct copy_record *)(void *)(copies->data + (size_t)count * COPY_BYTES);
    copies->buckets = (uint32_t *)(copies->records + count + 1);
    for (uint32_t n = 0; n <= count; n++) {
        copies->records[n].newer = n < count ? n + 1 : 0;
        copies->records[n].older = n > 0 ? n - 1 : count;
    }
}

static uint64_t key_of(uint32_t device, uint64_t block) {
    return (uint64_t)(device + 1) << KEY_DEVICE_SHIFT | block;
}

static uint32_t *bucket_of(const struct block_copies *copies, uint64_t key) {
    uint32_t mixed = ((uint32_t)key ^ (uint32_t)(key >> 32)) * 2654435761u;
    return &copies->buckets[mixed % copies->count];
}

static uint32_t find(const struct block_copies *copies, uint64_t key) {
    uint32_t place = *bucket_of(copies, key);
    while (place != 0 && copies->records[place].key != key)
        place = copies->records[place].chain;
    return place;
}

static void leave_chain(struct block_copies *copies, uint32_t place) {
    uint32_t *link = bucket_of(copies, copies->records[place].key);
    while (*link != place)
        link = &copies->records[*link].chain;
    *link = copies->records[place].chain;
}

static void join_chain(struct block_copies *copies, uint32_t place, uint64_t key) {
    uint32_t *bucket = bucket_of(copies, key);
    copies->records[place].key = key;
    copies->records[place].chain = *bucket;
    *bucket = place;
}

static void make_newest(struct block_copies *copies, uint32_t place) {
    struct copy_record *records = copies->records, *record = &records[place];
    records[record->older].newer = record->newer;
    records[record->newer].older = record->older;
    record->older = records[0].older;
    record->newer = 0;
    records[record->older].newer = place;
    records[0].older = place;
}

/* The oldest place, for another block. */
static uint32_t reuse(struct block_copies *copies, uint64_t key) {
    uint32_t place = copies->records[0].newer;
    if (copies->records[place].key != 0)
        leave_chain(copies, place);
    join_chain(copies, place, key);
    return place;
}

static uint8_t *data_of(const struct block_copies *copies, uint32_t place) {
    return copies->data + (size_t)(place - 1) * COPY_BYTES;
}

void copies_keep(struct block_copies *copies, uint32_t device, uint64_t block, const void *data) {
    uint64_t key = key_of(device, block);
    if (copies->count == 0)
        return;
    uint32_t place = find(copies, key);
    if (place == 0)
        place = reuse(copies, key);
    make_newest(copies, place);
    memcpy(data_of(copies, place), data, COPY_BYTES);
}

const void *copies_find(const struct block_copies *copies, uint32_t device, uint64_t block) {
    uint32_t place = copies->count != 0 ? find(copies, key_of(device, block)) : 0;
    return place != 0 ? data_of(copies, place) : NULL;
}
