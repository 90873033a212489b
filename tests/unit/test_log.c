// SPDX-License-Identifier: MIT
// sources: kernel/log/log.c kernel/log/format.c
/*
 * Which lines have left on the debug port, and when: at once while the core starts; then when it is asked to, or after 10 ms.
 * The ring has 512 lines.
 */
#include "kernel/dev/clock.h"
#include "kernel/log/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define RING         512
#define MILLISECONDS 1000000ull

static uint64_t now;
static char last[200];
static uint32_t left;

uint64_t clock_now(void) {
    return now;
}
uint64_t clock_tsc_multiplier(void) {
    return 1;
}
void debug_frame(char type, const void *payload, uint32_t bytes) {
    assert_int_equal(type, 'L');
    assert_true(bytes < sizeof last);
    memcpy(last, payload, bytes);
    last[bytes] = '\0';
    left++;
}

static void write_lines(uint32_t first, uint32_t count) {
    for (uint32_t n = first; n < first + count; n++)
        log_line("line %u.", n);
}

static void assert_last(uint32_t number) {
    char expected[32];
    snprintf(expected, sizeof expected, "line %u.", number);
    assert_non_null(strstr(last, expected));
}

/* The log is one for the whole program: this test is the first. */
static void test_lines_leave_at_once_while_the_core_starts(void **state) {
    (void)state;
    write_lines(1, 1);
    assert_int_equal(left, 1);
    assert_last(1);
    assert_true(log_work(now) == DEADLINE_NEVER);
    log_hold();
}

static int none_has_left(void **state) {
    (void)state;
    log_send_all();
    left = 0;
    return 0;
}

static void test_then_they_wait_until_somebody_has_time(void **state) {
    (void)state;
    write_lines(1, 3);
    assert_int_equal(left, 0);
    assert_true(log_send_line());
    assert_last(1);
    assert_true(log_send_line());
    assert_true(log_send_line());
    assert_last(3);
    assert_false(log_send_line());
}

static void test_or_for_ten_milliseconds(void **state) {
    (void)state;
    uint64_t start = now = 50 * MILLISECONDS;
    write_lines(1, 1);
    now += 3 * MILLISECONDS;
    write_lines(2, 1);
    assert_true(log_work(now) == start + 10 * MILLISECONDS);
    assert_int_equal(left, 0);
    now = start + 10 * MILLISECONDS;
    assert_true(log_work(now) == start + 13 * MILLISECONDS);
    assert_int_equal(left, 1);
    assert_last(1);
    now += MILLISECONDS;
    assert_true(log_work(now) == start + 13 * MILLISECONDS);
    assert_int_equal(left, 1);
    now = start + 20 * MILLISECONDS;
    assert_true(log_work(now) == DEADLINE_NEVER);
    assert_last(2);
}

/* Each costs who runs a while with interrupts off, whoever wrote them. */
static void test_of_many_that_are_late_one_leaves_every_three_milliseconds(void **state) {
    (void)state;
    now += 100 * MILLISECONDS;
    write_lines(1, 64);
    now += 10 * MILLISECONDS;
    for (uint32_t n = 1; n < 64; n++, now += 3 * MILLISECONDS) {
        assert_true(log_work(now) == now + 3 * MILLISECONDS);
        assert_true(log_work(now + 2 * MILLISECONDS) == now + 3 * MILLISECONDS);
        assert_int_equal(left, n);
    }
    assert_true(log_work(now) == DEADLINE_NEVER);
    assert_last(64);
}

static void test_a_full_ring_loses_none(void **state) {
    (void)state;
    write_lines(1, RING);
    assert_int_equal(left, 0);
    write_lines(RING + 1, 2);
    assert_int_equal(left, 2);
    assert_last(2);
    log_send_all();
    assert_int_equal(left, RING + 2);
    assert_last(RING + 2);
}

static void test_the_end_sends_all(void **state) {
    (void)state;
    write_lines(1, 5);
    log_send_all();
    assert_int_equal(left, 5);
    assert_last(5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_leave_at_once_while_the_core_starts),
        cmocka_unit_test_setup(test_then_they_wait_until_somebody_has_time, none_has_left),
        cmocka_unit_test_setup(test_or_for_ten_milliseconds, none_has_left),
        cmocka_unit_test_setup(test_of_many_that_are_late_one_leaves_every_three_milliseconds,
                               none_has_left),
        cmocka_unit_test_setup(test_a_full_ring_loses_none, none_has_left),
        cmocka_unit_test_setup(test_the_end_sends_all, none_has_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
