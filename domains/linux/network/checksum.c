// SPDX-License-Identifier: MIT
/*
 * Four bytes an instruction: lwIP's own takes most of the time that a packet costs. The carry of each addition goes into the next; one's complement sums do not care for the order of
 * bytes, so a piece that begins at an odd address needs nothing but alignment, which x86 does not ask for.
 */
#include "domains/linux/network/checksum.h"

#define BLOCK_BYTES 32u

static uint32_t add(uint32_t sum, uint32_t word) {
    __asm__("addl %1, %0\n\t"
            "adcl $0, %0"
            : "+r"(sum)
            : "rm"(word)
            : "cc");
    return sum;
}

static uint32_t word_at(const uint8_t *bytes) {
    uint32_t word;
    __builtin_memcpy(&word, bytes, sizeof word);
    return word;
}

static uint32_t add_block(uint32_t sum, const uint8_t *bytes) {
    __asm__("addl (%1), %0\n\t"
            "adcl 4(%1), %0\n\t"
            "adcl 8(%1), %0\n\t"
            "adcl 12(%1), %0\n\t"
            "adcl 16(%1), %0\n\t"
            "adcl 20(%1), %0\n\t"
            "adcl 24(%1), %0\n\t"
            "adcl 28(%1), %0\n\t"
            "adcl $0, %0"
            : "+r"(sum)
            : "r"(bytes), "m"(*(const uint8_t(*)[BLOCK_BYTES])bytes)
            : "cc");
    return sum;
}

uint16_t network_checksum(const void *bytes, int count) {
    const uint8_t *at = bytes;
    uint32_t sum = 0, left = (uint32_t)count, last = 0;
    for (; left >= BLOCK_BYTES; left -= BLOCK_BYTES, at += BLOCK_BYTES)
        sum = add_block(sum, at);
    for (; left >= 4; left -= 4, at += 4)
        sum = add(sum, word_at(at));
    for (uint32_t n = 0; n < left; n++)
        last |= (uint32_t)at[n] << 8 * n;
    sum = add(sum, last);
    sum = (sum >> 16) + (sum & 0xFFFF);
    return (uint16_t)((sum >> 16) + sum);
}
