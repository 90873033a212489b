// SPDX-License-Identifier: MIT
// sources: domains/linux/fs/proc_number.c
/*
 * Numbers that are written to /proc: what is one, and what is none.
 */
#include "domains/linux/fs/proc_number.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void expect(const char *text, int32_t expected) {
    int32_t number = 77;
    assert_int_equal(proc_number(text, &number), 0);
    assert_int_equal(number, expected);
}

static void numbers_are_read(void **state) {
    (void)state;
    expect("0", 0);
    expect(" \t12\n", 12);
    expect("-17", -17);
    expect("+5", 5);
    expect("0x1F4", 500);
    expect("0X0a", 10);
    expect("010", 8);
    expect("-0x10", -16);
    expect("2147483647", 2147483647);
    expect("-2147483648", INT32_MIN);
    expect("000000000000000000000001", 1);
}

static void other_texts_are_refused(void **state) {
    (void)state;
    static const char *const texts[] = {"",   " ",  "-",   "+",  "a",   "1a", "1 2",
                                        "0x", "08", "--1", "1-", "0xg", "\n", "- 1"};
    int32_t number;
    for (size_t n = 0; n < sizeof texts / sizeof texts[0]; n++)
        assert_int_equal(proc_number(texts[n], &number), -EINVAL);
}

static void what_is_too_large_is_told_apart(void **state) {
    (void)state;
    static const char *const texts[] = {"2147483648", "-2147483649", "99999999999999999999999",
                                        "0xffffffff", "-0xfffffffffffffffff"};
    int32_t number;
    for (size_t n = 0; n < sizeof texts / sizeof texts[0]; n++)
        assert_int_equal(proc_number(texts[n], &number), -ERANGE);
    assert_int_equal(proc_number("99999999999x", &number), -EINVAL);
}

static void all_that_is_printed_is_read(void **state) {
    (void)state;
    char text[16];
    srand(11);
    for (int round = 0; round < 10000; round++) {
        int32_t number = (int32_t)((uint32_t)rand() * 2u + (uint32_t)rand());
        snprintf(text, sizeof text, "%d", number);
        expect(text, number);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read),
        cmocka_unit_test(other_texts_are_refused),
        cmocka_unit_test(what_is_too_large_is_told_apart),
        cmocka_unit_test(all_that_is_printed_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
