// SPDX-License-Identifier: MIT
/*
 * By the CPU's instruction, four bytes each; or by four tables, so that four bytes take four look-ups that do not
 * wait for each other ("slicing by 4").
 */
#include "kernel/io/checksum.h"

#define POLYNOMIAL 0x82F63B78u /* bits reversed */

static uint32_t tables[4][256];
static bool use_instruction;

static uint32_t shifted(uint32_t sum) {
    for (uint32_t bit = 0; bit < 8; bit++)
        sum = sum >> 1 ^ (sum & 1 ? POLYNOMIAL : 0);
    return sum;
}

void checksum_initialise(bool has_instruction) {
    use_instruction = has_instruction;
    for (uint32_t n = 0; n < 256; n++)
        tables[0][n] = shifted(n);
    for (uint32_t n = 0; n < 256; n++)
        for (uint32_t table = 1; table < 4; table++) {
            uint32_t before = tables[table - 1][n];
            tables[table][n] = before >> 8 ^ tables[0][before & 0xFF];
        }
}

static uint32_t by_instruction(uint32_t sum, const uint32_t *words, uint32_t count) {
    for (; count >= 4; count -= 4, words += 4)
        __asm__("crc32l %1, %0\n\t"
                "crc32l %2, %0\n\t"
                "crc32l %3, %0\n\t"
                "crc32l %4, %0"
                : "+r"(sum)
                : "m"(words[0]), "m"(words[1]), "m"(words[2]), "m"(words[3]));
    for (; count > 0; count--, words++)
        __asm__("crc32l %1, %0" : "+r"(sum) : "m"(*words));
    return sum;
}

static uint32_t by_tables(uint32_t sum, const uint32_t *words, uint32_t count) {
    for (uint32_t n = 0; n < count; n++) {
        sum ^= words[n];
        sum = tables[3][sum & 0xFF] ^ tables[2][sum >> 8 & 0xFF] ^ tables[1][sum >> 16 & 0xFF] ^
              tables[0][sum >> 24];
    }
    return sum;
}

uint32_t checksum(const void *bytes, uint32_t count) {
    const uint32_t *words = bytes;
    return ~(use_instruction ? by_instruction(~0u, words, count / 4)
                             : by_tables(~0u, words, count / 4));
}
