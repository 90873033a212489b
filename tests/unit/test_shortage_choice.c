// SPDX-License-Identifier: MIT
// sources: domains/linux/process/shortage_choice.c
/*
 * How much a process counts when memory runs out.
 */
#include "domains/linux/process/shortage_choice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define LARGEST (1u << 20) /* frames: all that 32 bits address */

static void frames_count(void **state) {
    (void)state;
    assert_int_equal(shortage_points(300, 0, 12000), 300);
    assert_int_equal(shortage_points(0, 0, 12000), 1);
    assert_int_equal(shortage_points(LARGEST, 0, LARGEST), LARGEST);
}

static void adjustments_are_shares_of_all(void **state) {
    (void)state;
    assert_int_equal(shortage_points(300, 500, 12345), 300 + 6172);
    assert_int_equal(shortage_points(7000, -500, 12345), 7000 - 6172);
    assert_int_equal(shortage_points(LARGEST, 1000, LARGEST), 2 * LARGEST);
    assert_int_equal(shortage_points(300, -999, 12000), 1);
}

static void who_is_protected_counts_nothing(void **state) {
    (void)state;
    assert_int_equal(shortage_points(LARGEST, -1000, LARGEST), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_count),
        cmocka_unit_test(adjustments_are_shares_of_all),
        cmocka_unit_test(who_is_protected_counts_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
