// SPDX-License-Identifier: MIT
// sources: domains/lib/text.c domains/lib/scale.c
/*
 * Formatting against the C library's, and the arithmetic of times.
 */
#include "domains/lib/clock.h"
#include "domains/lib/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BOTH(...)                                                                                  \
    do {                                                                                           \
        char ours[64], theirs[64];                                                                 \
        int length = snprintf(theirs, sizeof theirs, __VA_ARGS__);                                 \
        assert_int_equal(text_format(ours, sizeof ours, __VA_ARGS__), length);                     \
        assert_string_equal(ours, theirs);                                                         \
    } while (0)

static void conversions_are_those_of_c(void **state) {
    (void)state;
    BOTH("plain");
    BOTH("%d %i %u", -5, 0, 4000000000u);
    BOTH("%x %X %o", 0xdeadbeefu, 0xBEEFu, 8u);
    BOTH("%08x|%8x|%-8x|", 0x12u, 0x12u, 0x12u);
    BOTH("%05d|%5d|%-5d|", -42, -42, -42);
    BOTH("%lld %llu %llx", -9223372036854775807ll - 1, 18446744073709551615ull, 1ull << 63);
    BOTH("%s|%10s|%-10s|%.2s|", "text", "text", "text", "text");
    BOTH("%*s|%-*d|%.*s|", 6, "ab", 4, 7, 1, "xy");
    BOTH("%c%c %%", 'a', 'b');
}

static void what_does_not_fit_is_cut(void **state) {
    (void)state;
    char buffer[8];
    memset(buffer, 'x', sizeof buffer);
    assert_int_equal(text_format(buffer, 5, "%s", "123456789"), 4);
    assert_string_equal(buffer, "1234");
    assert_int_equal(buffer[5], 'x');
    assert_int_equal(text_format(buffer, 1, "%d", 12345), 0);
    assert_string_equal(buffer, "");
    assert_int_equal(text_format(NULL, 0, "%d", 1), 0);
}

static void odd_formats_harm_nobody(void **state) {
    (void)state;
    char buffer[32];
    const char *volatile null = NULL;
    const char *volatile unfinished = "a%";
    const char *volatile with_string = "%s";
#pragma GCC diagnostic ignored "-Wformat-security"
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    text_format(buffer, sizeof buffer, with_string, null);
    assert_string_equal(buffer, "(null)");
    text_format(buffer, sizeof buffer, unfinished);
    assert_string_equal(buffer, "a");
}

static void copies_end_with_nul(void **state) {
    (void)state;
    char buffer[4];
    assert_int_equal(text_copy(buffer, "abcdef", sizeof buffer), 3);
    assert_string_equal(buffer, "abc");
    assert_int_equal(text_copy(buffer, "", sizeof buffer), 0);
    assert_string_equal(buffer, "");
}

static uint64_t random_u64(void) {
    uint64_t value = 0;
    for (int i = 0; i < 5; i++)
        value = value << 15 ^ (uint64_t)rand();
    return value >> rand() % 64;
}

static void scaling_and_division_are_exact(void **state) {
    (void)state;
    srand(1);
    for (int i = 0; i < 100000; i++) {
        uint64_t value = random_u64(), multiplier = random_u64() >> 24;
        uint32_t divisor = (uint32_t)random_u64() | 1, rest;
        assert_int_equal(clock_scale(value, multiplier),
                         (uint64_t)((unsigned __int128)value * multiplier >> 32));
        assert_int_equal(divide_u64(value, divisor, &rest), value / divisor);
        assert_int_equal(rest, value % divisor);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conversions_are_those_of_c),
        cmocka_unit_test(what_does_not_fit_is_cut),
        cmocka_unit_test(odd_formats_harm_nobody),
        cmocka_unit_test(copies_end_with_nul),
        cmocka_unit_test(scaling_and_division_are_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
