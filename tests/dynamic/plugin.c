// SPDX-License-Identifier: MIT
/*
 * The library that the program loads while it runs. It needs the other one, and has memory of its own in each thread.
 */
#include "tests/dynamic/counter.h"

static _Thread_local int calls = 40;

__attribute__((constructor)) static void begin(void) {
    counter_add(1000);
}

int plugin_call(void) {
    return ++calls;
}

int *plugin_counter(void) {
    return &counter_value;
}
