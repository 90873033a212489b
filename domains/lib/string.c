// SPDX-License-Identifier: MIT
/*
 * Strings that end with NUL.
 */
#include "domains/lib/memory.h"

#include <stdint.h>

size_t strlen(const char *text) {
    size_t length = 0;
    while (text[length] != '\0')
        length++;
    return length;
}

size_t strnlen(const char *text, size_t most) {
    size_t length = 0;
    while (length < most && text[length] != '\0')
        length++;
    return length;
}

int strcmp(const char *left, const char *right) {
    return strncmp(left, right, SIZE_MAX);
}

int strncmp(const char *left, const char *right, size_t most) {
    for (; most > 0; most--, left++, right++)
        if (*left != *right || *left == '\0')
            return (uint8_t)*left - (uint8_t)*right;
    return 0;
}

char *strchr(const char *text, int wanted) {
    for (; *text != (char)wanted; text++)
        if (*text == '\0')
            return NULL;
    return (char *)(uintptr_t)text;
}

char *strrchr(const char *text, int wanted) {
    const char *found = NULL;
    do {
        if (*text == (char)wanted)
            found = text;
    } while (*text++ != '\0');
    return (char *)(uintptr_t)found;
}
