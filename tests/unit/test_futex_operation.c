// SPDX-License-Identifier: MIT
// sources: domains/linux/process/futex_operation.c
/*
 * The third value of FUTEX_WAKE_OP: each change and each test, and what is neither.
 */
#include "domains/linux/process/futex_operation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "domains/linux/errno.h"

static uint32_t operation(uint32_t change, int32_t operand, uint32_t test, int32_t than) {
    return change << 28 | test << 24 | ((uint32_t)operand & 0xFFF) << 12 | ((uint32_t)than & 0xFFF);
}

static uint32_t changed(uint32_t change, int32_t operand, uint32_t old) {
    uint32_t result = 0;
    assert_int_equal(futex_operation_change(operation(change, operand, 0, 0), old, &result), 0);
    return result;
}

static void words_change(void **state) {
    (void)state;
    assert_int_equal(changed(0, -1, 5), 0xFFFFFFFF);
    assert_int_equal(changed(1, -2, 1), 0xFFFFFFFF);
    assert_int_equal(changed(1, 2047, 0xFFFFFFFF), 2046);
    assert_int_equal(changed(2, 0x701, 0x80000002), 0x80000703);
    assert_int_equal(changed(3, 0x701, 0xFFFF), 0xF8FE);
    assert_int_equal(changed(4, -1, 0x0F0F0F0F), 0xF0F0F0F0);
}

static void operands_are_shifts(void **state) {
    (void)state;
    assert_int_equal(changed(8 | 0, 31, 5), 0x80000000);
    assert_int_equal(changed(8 | 2, 32, 4), 5);
    assert_int_equal(changed(8 | 2, -1, 0), 0x80000000);
}

static void what_is_no_change_is_refused(void **state) {
    (void)state;
    uint32_t result;
    for (uint32_t change = 5; change < 8; change++)
        assert_int_equal(futex_operation_change(change << 28, 0, &result), -ENOSYS);
}

static int told(uint32_t test, int32_t than, int32_t old) {
    return futex_operation_test(operation(0, 0, test, than), (uint32_t)old);
}

static void tests_are_signed(void **state) {
    (void)state;
    static const int expected[6][3] = {/* old is less, equal, more */
                                       {0, 1, 0}, {1, 0, 1}, {1, 0, 0},
                                       {0, 1, 1}, {1, 1, 0}, {0, 0, 1}};
    for (uint32_t test = 0; test < 6; test++)
        for (int32_t by = -1; by <= 1; by++) {
            assert_int_equal(told(test, -2048, -2048 + by), expected[test][by + 1]);
            assert_int_equal(told(test, 0, by), expected[test][by + 1]);
        }
    for (uint32_t test = 6; test < 16; test++)
        assert_int_equal(told(test, 0, 0), -ENOSYS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_change),
        cmocka_unit_test(operands_are_shifts),
        cmocka_unit_test(what_is_no_change_is_refused),
        cmocka_unit_test(tests_are_signed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
