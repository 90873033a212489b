// SPDX-License-Identifier: MIT
/* What lwIP takes from the C library. */
#include <stddef.h>

int atoi(const char *text);
