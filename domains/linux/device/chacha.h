// SPDX-License-Identifier: MIT
/*
 * The ChaCha20 block function of RFC 8439.
 */
#ifndef DOMAINS_LINUX_DEVICE_CHACHA_H
#define DOMAINS_LINUX_DEVICE_CHACHA_H

#include <stdint.h>

/* block = 16 words of key stream for a 256-bit key, a block counter and a 96-bit nonce. */
void chacha_block(const uint32_t key[8], uint32_t counter, const uint32_t nonce[3],
                  uint32_t block[16]);

#endif
