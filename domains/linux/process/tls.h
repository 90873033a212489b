// SPDX-License-Identifier: MIT
/*
 * Thread-local storage segments: Linux i386's struct user_desc, and the descriptor made of it.
 */
#ifndef DOMAINS_LINUX_PROCESS_TLS_H
#define DOMAINS_LINUX_PROCESS_TLS_H

#include <stdbool.h>
#include <stdint.h>

struct user_descriptor {
    uint32_t entry; /* GDT index */
    uint32_t base, limit;
    uint32_t flags; /* bit fields of user_desc, from seg_32bit in bit 0 on */
};

#define USER_DESCRIPTOR_32BIT       0x01u
#define USER_DESCRIPTOR_CONTENTS    0x06u
#define USER_DESCRIPTOR_READ_ONLY   0x08u
#define USER_DESCRIPTOR_LIMIT_PAGES 0x10u
#define USER_DESCRIPTOR_NOT_PRESENT 0x20u
#define USER_DESCRIPTOR_USEABLE     0x40u

/* Pure. The 8 bytes that the core is asked for; 0 for an empty one. false: not a 32-bit data
 * segment. */
bool tls_encode(const struct user_descriptor *description, uint64_t *descriptor);
void tls_decode(uint64_t descriptor, struct user_descriptor *description);

/* Reads a description for clone: a slot of 0..2 and its descriptor. 0 or a negative errno. */
int tls_read(uint32_t user_description, uint32_t *slot, uint64_t *descriptor);

#endif
