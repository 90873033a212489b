// SPDX-License-Identifier: MIT
/*
 * Copying and filling by the string instructions, which the emulators and the processors both do
 * fastest for the sizes seen here: structures and pages.
 */
#include "domains/lib/memory.h"

#include <stdint.h>

typedef uint32_t __attribute__((may_alias, aligned(1))) word; /* x86 reads one anywhere */

void *memcpy(void *restrict to, const void *restrict from, size_t bytes) {
    void *target = to;
    size_t words = bytes / 4, rest = bytes % 4;
    __asm__ volatile("rep movsl" : "+D"(to), "+S"(from), "+c"(words) : : "memory");
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(rest) : : "memory");
    return target;
}

void *memmove(void *to, const void *from, size_t bytes) {
    if ((uintptr_t)to - (uintptr_t)from >= bytes)
        return memcpy(to, from, bytes);
    char *target = to;
    const char *source = from;
    while (bytes-- > 0)
        target[bytes] = source[bytes];
    return to;
}

void *memset(void *to, int value, size_t bytes) {
    void *target = to;
    uint32_t pattern = (uint8_t)value * 0x01010101u;
    size_t words = bytes / 4, rest = bytes % 4;
    __asm__ volatile("rep stosl" : "+D"(to), "+c"(words) : "a"(pattern) : "memory");
    __asm__ volatile("rep stosb" : "+D"(to), "+c"(rest) : "a"(pattern) : "memory");
    return target;
}

/* Word by word as long as they are the same: which byte differs is for the bytes to say. */
int memcmp(const void *left, const void *right, size_t bytes) {
    const uint8_t *one = left, *other = right;
    for (; bytes >= sizeof(word) && *(const word *)one == *(const word *)other;
         bytes -= sizeof(word)) {
        one += sizeof(word);
        other += sizeof(word);
    }
    for (; bytes > 0; bytes--, one++, other++)
        if (*one != *other)
            return *one - *other;
    return 0;
}

void *memchr(const void *bytes, int wanted, size_t count) {
    const uint8_t *at = bytes;
    for (; count > 0; count--, at++)
        if (*at == (uint8_t)wanted)
            return (void *)(uintptr_t)at;
    return NULL;
}
