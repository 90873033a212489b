// SPDX-License-Identifier: MIT
// sources: kernel/domain/tenant_backoff.c
/*
 * Two small pieces of arithmetic that others rely on: a quota never lends more than its limit, and the wait
 * between a tenant's restarts.
 */
#include "kernel/domain/tenant_parts.h"
#include "kernel/mem/quota.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define MILLISECOND 1000000ull

static void test_withdraws_up_to_the_limit(void **state) {
    struct quota quota = {.limit = 10};

    (void)state;
    assert_true(quota_withdraw(&quota, 10));
    assert_false(quota_withdraw(&quota, 1));
    assert_int_equal(quota.used, 10);
    assert_int_equal(quota_left(&quota), 0);
}

static void test_refusal_changes_nothing(void **state) {
    struct quota quota = {.limit = 10, .used = 4, .peak = 7};

    (void)state;
    assert_false(quota_withdraw(&quota, 7));
    assert_false(quota_withdraw(&quota, UINT32_MAX));
    assert_int_equal(quota.used, 4);
    assert_int_equal(quota.peak, 7);
}

static void test_peak_is_the_highest_use(void **state) {
    struct quota quota = {.limit = 10};

    (void)state;
    assert_true(quota_withdraw(&quota, 6));
    quota_replenish(&quota, 5);
    assert_true(quota_withdraw(&quota, 2));
    assert_int_equal(quota.used, 3);
    assert_int_equal(quota.peak, 6);
}

static void test_first_restart_comes_at_once(void **state) {
    (void)state;
    assert_int_equal(restart_backoff(0, 0, true), 0);
}

static void test_backoff_doubles_to_a_second(void **state) {
    const uint64_t expected[] = {50, 100, 200, 400, 800, 1000, 1000};
    uint64_t backoff = 0;

    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        backoff = restart_backoff(backoff, MILLISECOND, false);
        assert_int_equal(backoff, expected[i] * MILLISECOND);
    }
}

static void test_a_long_life_ends_the_backoff(void **state) {
    (void)state;
    assert_int_equal(restart_backoff(1000 * MILLISECOND, 1000 * MILLISECOND, false), 0);
    assert_int_equal(restart_backoff(400 * MILLISECOND, 999 * MILLISECOND, false),
                     800 * MILLISECOND);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_withdraws_up_to_the_limit),
        cmocka_unit_test(test_refusal_changes_nothing),
        cmocka_unit_test(test_peak_is_the_highest_use),
        cmocka_unit_test(test_first_restart_comes_at_once),
        cmocka_unit_test(test_backoff_doubles_to_a_second),
        cmocka_unit_test(test_a_long_life_ends_the_backoff),
    };

    return cmocka_run_group_tests_name("quota and backoff", tests, NULL, NULL);
}
