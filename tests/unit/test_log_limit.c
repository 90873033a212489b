// SPDX-License-Identifier: MIT
// sources: kernel/log/log_limit.c
/*
 * The limit of log lines: a burst passes, a flood passes at the rate, and what was dropped is told once.
 */
#include "kernel/log/log_limit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static uint32_t flood(struct log_limit *limit, uint64_t now, uint32_t lines) {
    uint32_t passed = 0, dropped;
    for (uint32_t n = 0; n < lines; n++)
        passed += log_limit_pass(limit, now, &dropped);
    return passed;
}

static void a_burst_passes_and_no_more(void **state) {
    struct log_limit limit = {0};
    (void)state;
    assert_int_equal(flood(&limit, 1000, 10 * LOG_BURST), LOG_BURST);
    assert_int_equal(flood(&limit, 1000 + LOG_INTERVAL, 100), 1);
}

static void a_flood_passes_at_the_rate(void **state) {
    struct log_limit limit = {0};
    uint64_t second = 1000000000ull, now = 0;
    uint32_t passed = 0;
    (void)state;
    for (; now < 100 * second; now += second / 1000)
        passed += flood(&limit, now, 5);
    assert_in_range(passed, 100 * second / LOG_INTERVAL, 100 * second / LOG_INTERVAL + LOG_BURST);
}

static void what_was_dropped_is_told_once(void **state) {
    struct log_limit limit = {0};
    uint32_t dropped;
    (void)state;
    flood(&limit, 0, LOG_BURST + 7);
    assert_true(log_limit_pass(&limit, LOG_INTERVAL, &dropped));
    assert_int_equal(dropped, 7);
    assert_true(log_limit_pass(&limit, 2 * LOG_INTERVAL, &dropped));
    assert_int_equal(dropped, 0);
}

static void silence_earns_one_burst_at_most(void **state) {
    struct log_limit limit = {0};
    (void)state;
    flood(&limit, 0, 1);
    assert_int_equal(flood(&limit, 1ull << 60, 1000), LOG_BURST);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_passes_and_no_more),
        cmocka_unit_test(a_flood_passes_at_the_rate),
        cmocka_unit_test(what_was_dropped_is_told_once),
        cmocka_unit_test(silence_earns_one_burst_at_most),
    };
    return cmocka_run_group_tests_name("log_limit", tests, NULL, NULL);
}
