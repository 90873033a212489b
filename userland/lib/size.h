// SPDX-License-Identifier: MIT
/*
 * Sizes and numbers as people write them: "64MiB", "2000", "50".
 */
#ifndef USERLAND_LIB_SIZE_H
#define USERLAND_LIB_SIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A whole number of bytes with an optional B, KiB, MiB or GiB. false: no size, or past 64 bits. */
bool size_parse(const char *text, uint64_t *bytes);
/* A plain number from `least` to `most`. */
bool number_parse(const char *text, uint64_t least, uint64_t most, uint64_t *number);

#define SIZE_TEXT 40
/* "64MiB" if it is exact, else with one digit: "63.5MiB". Returns `text`. */
char *size_format(char text[SIZE_TEXT], uint64_t bytes);

#define DURATION_TEXT 32
/* Three significant digits with a unit: "412us", "1.52ms", "12.0s". */
char *duration_format(char text[DURATION_TEXT], uint64_t nanoseconds);

#endif
