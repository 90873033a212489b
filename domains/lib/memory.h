// SPDX-License-Identifier: MIT
/*
 * The memory and string functions of the C standard that the manager uses; a freestanding program
 * must bring its own.
 */
#ifndef DOMAINS_LIB_MEMORY_H
#define DOMAINS_LIB_MEMORY_H

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *to, int value, size_t bytes);
int memcmp(const void *left, const void *right, size_t bytes);
void *memchr(const void *bytes, int wanted, size_t count);
size_t strlen(const char *text);
size_t strnlen(const char *text, size_t most);
int strcmp(const char *left, const char *right);
int strncmp(const char *left, const char *right, size_t most);
char *strchr(const char *text, int wanted);
char *strrchr(const char *text, int wanted);

#endif
