// SPDX-License-Identifier: MIT
/*
 * Each block of key stream gives its first half as the next key and its second half to the caller,
 * so the state never holds what could rebuild an answer.
 */
#include "domains/linux/device/random.h"

#include "domains/lib/information.h"
#include "domains/lib/memory.h"
#include "domains/linux/device/chacha.h"

static uint32_t key[8];
static uint32_t requests;

static void seed(void) {
    for (int i = 0; i < 4; i++) {
        key[2 * i] = (uint32_t)information()->random_seed[i];
        key[2 * i + 1] = (uint32_t)(information()->random_seed[i] >> 32);
    }
}

void random_bytes(void *buffer, size_t bytes) {
    static const uint32_t nonce[3];
    uint32_t block[16];
    char *to = buffer;
    if (requests == 0)
        seed();
    while (bytes) {
        chacha_block(key, requests++, nonce, block);
        size_t piece = bytes < sizeof key ? bytes : sizeof key;
        memcpy(key, block, sizeof key);
        memcpy(to, block + 8, piece);
        to += piece;
        bytes -= piece;
    }
    memset(block, 0, sizeof block);
    __asm__ volatile("" : : "r"(block) : "memory"); /* keeps the wipe */
}
