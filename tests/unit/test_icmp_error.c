// SPDX-License-Identifier: MIT
// sources: domains/linux/network/icmp_error.c
/*
 * Which ICMP messages tell a socket something, for all types and codes.
 */
#include "domains/linux/network/icmp_error.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void nobody_listens(void **state) {
    (void)state;
    assert_int_equal(icmp_error(false, 3, 3), ECONNREFUSED);
    assert_int_equal(icmp_error(true, 1, 4), ECONNREFUSED);
    assert_int_equal(icmp_error(false, 3, 2), ENOPROTOOPT);
}

static void what_may_pass_is_not_told(void **state) {
    (void)state;
    for (int code = 0; code < 256; code++) {
        assert_int_equal(icmp_error(false, 11, (uint8_t)code), 0); /* time exceeded */
        assert_int_equal(icmp_error(true, 3, (uint8_t)code), 0);
        assert_int_equal(icmp_error(true, 2, (uint8_t)code), 0); /* too big */
    }
    static const uint8_t passing[] = {0, 1, 4, 5, 11, 12, 16, 255}, passing_6[] = {0, 2, 3};
    for (size_t n = 0; n < sizeof passing; n++)
        assert_int_equal(icmp_error(false, 3, passing[n]), 0);
    for (size_t n = 0; n < sizeof passing_6; n++)
        assert_int_equal(icmp_error(true, 1, passing_6[n]), 0);
}

static void echoes_are_no_errors(void **state) {
    (void)state;
    for (int code = 0; code < 256; code++) {
        assert_int_equal(icmp_error(false, 8, (uint8_t)code), 0);
        assert_int_equal(icmp_error(false, 0, (uint8_t)code), 0);
        assert_int_equal(icmp_error(true, 128, (uint8_t)code), 0);
        assert_int_equal(icmp_error(true, 136, (uint8_t)code), 0); /* a neighbour */
    }
}

static void each_family_has_its_own_numbers(void **state) {
    (void)state;
    assert_int_equal(icmp_error(true, 1, 1), EACCES);
    assert_int_equal(icmp_error(false, 3, 13), EHOSTUNREACH);
    assert_int_equal(icmp_error(true, 1, 200), EPROTO);
    assert_int_equal(icmp_error(false, 12, 0), EPROTO);
    assert_int_equal(icmp_error(true, 4, 0), EPROTO);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_listens),
        cmocka_unit_test(what_may_pass_is_not_told),
        cmocka_unit_test(echoes_are_no_errors),
        cmocka_unit_test(each_family_has_its_own_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
