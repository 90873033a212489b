// SPDX-License-Identifier: MIT
/*
 * The library that the program is linked with.
 */
#include "tests/dynamic/counter.h"

int counter_value = 1;
_Thread_local int counter_mine = 7;
/* Pointers: relocated when the library is loaded, and then as constant as they look. */
const char *const counter_names[] = {"one", "two", 0};

__attribute__((constructor)) static void begin(void) {
    counter_value += 100;
}

int counter_add(int amount) {
    return counter_value += counter_double(amount);
}

int *counter_address(void) {
    return &counter_value;
}

int *counter_mine_address(void) {
    return &counter_mine;
}
