// SPDX-License-Identifier: MIT
/*
 * Words 0 to 3: magic, owner, place, generation. The others: a sequence that they start.
 */
#include "tests/faults/workload/block.h"

#include <stdbool.h>

#define MAGIC  0x6B6C4257u
#define HEADER 4u

static uint32_t mix(uint32_t value) {
    value = (value ^ value >> 16) * 0x7FEB352Du;
    value = (value ^ value >> 15) * 0x846CA68Bu;
    return value ^ value >> 16;
}

static uint32_t first_word(struct block_stamp stamp) {
    return mix(stamp.owner ^ mix(stamp.place ^ mix(stamp.generation)));
}

static uint32_t word_after(uint32_t word) {
    return word * 1664525u + 1013904223u;
}

void block_fill(uint32_t *block, struct block_stamp stamp) {
    uint32_t word = first_word(stamp);
    block[0] = MAGIC;
    block[1] = stamp.owner;
    block[2] = stamp.place;
    block[3] = stamp.generation;
    for (uint32_t n = HEADER; n < BLOCK_WORDS; n++, word = word_after(word))
        block[n] = word;
}

static uint32_t bytes_that_differ(uint32_t a, uint32_t b) {
    uint32_t count = 0;
    for (uint32_t difference = a ^ b; difference != 0; difference >>= 8)
        count += (difference & 0xFF) != 0;
    return count;
}

uint32_t block_differs(const uint32_t *block, struct block_stamp stamp) {
    uint32_t word = first_word(stamp), count = bytes_that_differ(block[0], MAGIC);
    count += bytes_that_differ(block[1], stamp.owner) + bytes_that_differ(block[2], stamp.place) +
             bytes_that_differ(block[3], stamp.generation);
    for (uint32_t n = HEADER; n < BLOCK_WORDS; n++, word = word_after(word))
        if (block[n] != word)
            count += bytes_that_differ(block[n], word);
    return count;
}

const char *block_kind(const uint32_t *block, struct block_stamp stamp) {
    struct block_stamp found = {block[1], block[2], block[3]};
    if (block[0] != MAGIC)
        return "garbage";
    if (block_differs(block, found) != 0)
        return "damaged";
    if (found.owner != stamp.owner)
        return "foreign";
    return found.place != stamp.place ? "misplaced" : "stale";
}
