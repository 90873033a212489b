// SPDX-License-Identifier: MIT
/*
 * What every fuzz target is made of. A target is one function, LLVMFuzzerTestOneInput(): it hands hostile
 * bytes to the project's own code and checks what that code promises. Two engines call it: libFuzzer, which
 * looks for new paths (`make fuzz`), and engine.c, which replays what is kept and tries a fixed number of
 * changes (`make test`).
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold whatever the input is. */
#define PROMISE(condition) ((condition) ? (void)0 : promise_broken(#condition, __FILE__, __LINE__))

_Noreturn static inline void promise_broken(const char *what, const char *file, int line) {
    fprintf(stderr, "%s:%d: broken promise: %s\n", file, line, what);
    abort();
}

/* An input that is read piece by piece; behind its end there are zeros. */
struct input {
    const uint8_t *at, *end;
};

static inline void take(struct input *input, void *to, size_t bytes) {
    size_t left = (size_t)(input->end - input->at), there = bytes < left ? bytes : left;

    memcpy(to, input->at, there);
    memset((uint8_t *)to + there, 0, bytes - there);
    input->at += there;
}

static inline uint32_t take8(struct input *input) {
    uint8_t value;

    take(input, &value, sizeof value);
    return value;
}

static inline uint32_t take32(struct input *input) {
    uint32_t value;

    take(input, &value, sizeof value);
    return value;
}

static inline uint64_t take64(struct input *input) {
    uint64_t value;

    take(input, &value, sizeof value);
    return value;
}

/* Reads every byte, so that AddressSanitizer sees whether it may be read. */
static inline void touch(const void *bytes, size_t count) {
    static volatile uint8_t sum;

    for (size_t i = 0; i < count; i++)
        sum = (uint8_t)(sum + ((const uint8_t *)bytes)[i]);
}

#endif
