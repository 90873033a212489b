// SPDX-License-Identifier: MIT
/*
 * For what of /proc is written to.
 */
#ifndef TESTS_ABI_CALLS_PROC_PUT_H
#define TESTS_ABI_CALLS_PROC_PUT_H

#include "tests/abi/calls/show.h"

/* One write to a file that is there: bytes, or -1. */
static inline int put(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_TRUNC);
    if (file < 0)
        return -1;
    int result = (int)write(file, text, strlen(text));
    close(file);
    return result;
}

#endif
