// SPDX-License-Identifier: MIT
// sources: domains/lib/scale.c
/*
 * Ticks to nanoseconds, of a TSC above and below 1 GHz, against arithmetic of 128 bits.
 */
#include "domains/lib/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static uint64_t random_bits(unsigned bits) {
    uint64_t value = 0;
    for (int n = 0; n < 5; n++)
        value = value << 15 ^ (uint64_t)rand();
    return bits == 0 ? 0 : value >> (64 - bits);
}

static void scales_as_wide_arithmetic_does(void **state) {
    (void)state;
    for (unsigned n = 0; n < 1000000; n++) {
        uint64_t ticks = random_bits(n % 62 + 1), multiplier = random_bits(n % 37 + 1);
        uint64_t expected = (uint64_t)((unsigned __int128)ticks * multiplier >> 32);
        assert_int_equal(clock_scale(ticks, multiplier), expected);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(scales_as_wide_arithmetic_does)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
