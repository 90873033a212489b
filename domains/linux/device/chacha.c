// SPDX-License-Identifier: MIT
/*
 * The state is a 4x4 matrix of words; ten double rounds mix its columns and its diagonals, and
 * adding the first state makes the function one-way.
 */
#include "domains/linux/device/chacha.h"

static uint32_t rotate(uint32_t value, uint32_t bits) {
    return value << bits | value >> (32 - bits);
}

static void quarter_round(uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d) {
    *a += *b, *d = rotate(*d ^ *a, 16);
    *c += *d, *b = rotate(*b ^ *c, 12);
    *a += *b, *d = rotate(*d ^ *a, 8);
    *c += *d, *b = rotate(*b ^ *c, 7);
}

void chacha_block(const uint32_t key[8], uint32_t counter, const uint32_t nonce[3],
                  uint32_t block[16]) {
    /* "expand 32-byte k" */
    uint32_t state[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, key[0], key[1],
                          key[2],     key[3],     key[4],     key[5],     key[6], key[7],
                          counter,    nonce[0],   nonce[1],   nonce[2]};
    for (int i = 0; i < 16; i++)
        block[i] = state[i];
    for (int round = 0; round < 10; round++) {
        for (int i = 0; i < 4; i++)
            quarter_round(&block[i], &block[4 + i], &block[8 + i], &block[12 + i]);
        for (int i = 0; i < 4; i++)
            quarter_round(&block[i], &block[4 + (i + 1) % 4], &block[8 + (i + 2) % 4],
                          &block[12 + (i + 3) % 4]);
    }
    for (int i = 0; i < 16; i++)
        block[i] += state[i];
}
