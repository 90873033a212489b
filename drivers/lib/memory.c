// SPDX-License-Identifier: MIT
/*
 * The four memory functions that GCC may call on its own. String instructions by double words:
 * short code, and quick enough under an emulator that runs them one element at a time.
 */
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict to, const void *restrict from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *to, int value, size_t bytes);
int memcmp(const void *left, const void *right, size_t bytes);

void *memcpy(void *restrict to, const void *restrict from, size_t bytes) {
    void *target = to;
    size_t words = bytes / 4, rest = bytes % 4;
    __asm__ volatile("rep movsl\n\t"
                     "movl %[rest], %%ecx\n\t"
                     "rep movsb"
                     : "+D"(target), "+S"(from), "+&c"(words)
                     : [rest] "r"(rest)
                     : "memory");
    return to;
}

void *memmove(void *to, const void *from, size_t bytes) {
    if ((uintptr_t)to - (uintptr_t)from >= bytes)
        return memcpy(to, from, bytes);

    /* The target starts inside the source: copy from the end. DF is clear in every caller. */
    uint8_t *target = (uint8_t *)to + bytes - 1;
    const uint8_t *source = (const uint8_t *)from + bytes - 1;
    __asm__ volatile("std\n\t"
                     "rep movsb\n\t"
                     "cld"
                     : "+D"(target), "+S"(source), "+c"(bytes)
                     :
                     : "memory");
    return to;
}

void *memset(void *to, int value, size_t bytes) {
    void *target = to;
    size_t words = bytes / 4, rest = bytes % 4;
    __asm__ volatile("rep stosl\n\t"
                     "movl %[rest], %%ecx\n\t"
                     "rep stosb"
                     : "+D"(target), "+&c"(words)
                     : "a"((uint8_t)value * 0x01010101u), [rest] "r"(rest)
                     : "memory");
    return to;
}

int memcmp(const void *left, const void *right, size_t bytes) {
    const uint8_t *a = left, *b = right;
    for (size_t i = 0; i < bytes; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}
