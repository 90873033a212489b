// SPDX-License-Identifier: MIT
// sources: kernel/domain/driver_unpaid.c
/*
 * However a driver crashes, what it takes and nobody pays for is bounded; and who crashes ten times a second has each time as
 * much as one that never did.
 */
#include "kernel/domain/driver_unpaid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define MICROSECOND 1000ull
#define MILLISECOND 1000000ull
#define SECOND      1000000000ull
#define RESTART     (100 * MICROSECOND)

/* What a driver takes in `end` that runs whenever it may, in turns of that length, and crashes after every `life` of its time. */
static uint64_t taken(uint64_t end, uint64_t turn, uint64_t life) {
    struct unpaid unpaid = {0};
    uint64_t now = 1, got = 0, lived = 0;

    while (now < end) {
        uint64_t left = unpaid_left(&unpaid, now), spent = left < turn ? left : turn;
        if (left == 0) {
            assert_true(unpaid_renewal(&unpaid) > now);
            now = unpaid_renewal(&unpaid);
            continue;
        }
        if (lived >= life) {
            unpaid_crash(&unpaid, now);
            spent = RESTART;
            lived = 0;
        }
        now += spent;
        got += spent;
        lived += spent;
        unpaid_charge(&unpaid, now, spent);
    }
    return got;
}

static void crashes_do_not_renew_it(void **state) {
    (void)state;
    for (uint64_t life = 1; life < SECOND; life *= 3) {
        uint64_t end = 20 * SECOND,
                 most = 4 * MILLISECOND * (end / UNPAID_PERIOD + end / UNPAID_SLATE + 2);
        assert_in_range(taken(end, 50 * MICROSECOND, life), 0,
                        most + end / UNPAID_PERIOD * RESTART);
        assert_in_range(taken(end, SECOND, life), 0, most + end / UNPAID_PERIOD * RESTART);
    }
}

static void without_a_crash_it_is_renewed_each_period(void **state) {
    (void)state;
    assert_in_range(taken(10 * SECOND, MILLISECOND, 100 * SECOND), 396 * MILLISECOND,
                    404 * MILLISECOND);
}

static void ten_crashes_a_second_cost_nothing(void **state) {
    struct unpaid unpaid = {0};

    (void)state;
    for (uint64_t now = SECOND; now < 60 * SECOND; now += 100 * MILLISECOND) {
        unpaid_crash(&unpaid, now);
        assert_int_equal(unpaid_left(&unpaid, now), UNPAID_MOST);
        unpaid_charge(&unpaid, now, UNPAID_DEBT);
    }
}

static void hundreds_of_restarts_a_second_wait_for_nothing(void **state) {
    struct unpaid unpaid = {0};

    (void)state;
    for (uint64_t now = SECOND; now < 60 * SECOND; now += 3 * MILLISECOND) {
        unpaid_crash(&unpaid, now);
        assert_true(unpaid_left(&unpaid, now) > 0);
        unpaid_charge(&unpaid, now, RESTART);
    }
}

static void a_copy_does_not_inherit_a_debt(void **state) {
    struct unpaid unpaid = {0};

    (void)state;
    unpaid_crash(&unpaid, SECOND);
    unpaid_charge(&unpaid, SECOND, 30 * SECOND);
    unpaid_crash(&unpaid, SECOND + MILLISECOND);
    assert_int_equal(unpaid_left(&unpaid, SECOND + MILLISECOND), 0);
    assert_int_equal(unpaid_left(&unpaid, SECOND + UNPAID_PERIOD), UNPAID_MOST);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crashes_do_not_renew_it),
        cmocka_unit_test(without_a_crash_it_is_renewed_each_period),
        cmocka_unit_test(ten_crashes_a_second_cost_nothing),
        cmocka_unit_test(hundreds_of_restarts_a_second_wait_for_nothing),
        cmocka_unit_test(a_copy_does_not_inherit_a_debt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
