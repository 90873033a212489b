// SPDX-License-Identifier: MIT
// sources: userland/rfctl/decode.c
/*
 * Descriptors as the manuals print them, and the expand-down corner cases on which a fence rests.
 */
#include "userland/rfctl/decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void flat_code_and_data(void **state) {
    (void)state;
    struct descriptor code = descriptor_decode(0x00CF9B000000FFFF);
    assert_int_equal(code.kind, DESCRIPTOR_CODE);
    assert_true(code.present && code.readable && code.accessed && code.wide && !code.conforming);
    assert_int_equal(code.privilege, 0);
    assert_int_equal(code.base, 0);
    assert_int_equal(code.last, 0xFFFFFFFF);
    struct descriptor data = descriptor_decode(0x00CFF3000000FFFF);
    assert_int_equal(data.kind, DESCRIPTOR_DATA);
    assert_int_equal(data.privilege, 3);
    assert_true(data.writable && !data.expand_down);
    assert_int_equal(descriptor_reach(&data), 0xFFFFFFFF);
}

static void base_and_limit_are_put_together(void **state) {
    (void)state;
    /* base 0xC0400000, limit 0x3FF pages, DPL 1 data: a driver's slot */
    struct descriptor slot = descriptor_decode(0xC0C0B340000003FF);
    assert_int_equal(slot.base, 0xC0400000);
    assert_int_equal(slot.first, 0);
    assert_int_equal(slot.last, 0x3FFFFF);
    assert_int_equal(slot.privilege, 1);
    assert_int_equal(descriptor_reach(&slot), 0xC07FFFFF);
}

static void byte_granular_limits(void **state) {
    (void)state;
    struct descriptor small = descriptor_decode(0x004F92123456FFFE);
    assert_int_equal(small.base, 0x123456);
    assert_int_equal(small.last, 0xFFFFE);
    assert_false(small.accessed);
}

static void expand_down_allows_what_is_above_the_limit(void **state) {
    (void)state;
    /* type 7 (expand-down, writable, accessed), G=1 D=1, base 0x1000, limit 0xBFFFE pages */
    struct descriptor down = descriptor_decode(0x00CBF7001000FFFE);
    assert_true(down.expand_down);
    assert_int_equal(down.first, 0xBFFFF000);
    assert_int_equal(down.last, 0xFFFFFFFF);
    assert_int_equal(descriptor_reach(&down), 0xFFFFFFFF);
    struct descriptor nothing = descriptor_decode(0x00CFF7000000FFFF);
    assert_true(nothing.first > nothing.last);
    struct descriptor narrow = descriptor_decode(0x0000F7000000FFFE); /* D=0: up to 64 KiB */
    assert_int_equal(narrow.first, 0xFFFF);
    assert_int_equal(narrow.last, 0xFFFF);
}

static void an_expand_down_segment_that_wraps_whole_reaches_low(void **state) {
    (void)state;
    /* base 0x80000000, first offset 0x80001000: all of it wraps to 0x1000 and above */
    struct descriptor down = descriptor_decode(0x80C8F70000000000);
    assert_int_equal(down.base, 0x80000000);
    assert_int_equal(down.first, 0x80001000);
    assert_int_equal(descriptor_reach(&down), 0x7FFFFFFF);
}

static void gates(void **state) {
    (void)state;
    struct descriptor gate = descriptor_decode(0xFFE0CC0500081234);
    assert_int_equal(gate.kind, DESCRIPTOR_CALL_GATE);
    assert_int_equal(gate.target, 0x0008);
    assert_int_equal(gate.offset, 0xFFE01234);
    assert_int_equal(gate.parameters, 5);
    assert_int_equal(gate.privilege, 2);
    assert_true(gate.present);
    assert_int_equal(descriptor_decode(0x0000E50000280000).kind, DESCRIPTOR_TASK_GATE);
    assert_int_equal(descriptor_decode(0x0000890010000067).kind, DESCRIPTOR_TSS);
    assert_int_equal(descriptor_decode(0x00008B0010000067).kind, DESCRIPTOR_TSS);
    assert_int_equal(descriptor_decode(0x000082001000007F).kind, DESCRIPTOR_LDT);
    assert_int_equal(descriptor_decode(0x0000880000000000).kind, DESCRIPTOR_UNKNOWN);
    assert_int_equal(descriptor_decode(0).kind, DESCRIPTOR_EMPTY);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flat_code_and_data),
        cmocka_unit_test(base_and_limit_are_put_together),
        cmocka_unit_test(byte_granular_limits),
        cmocka_unit_test(expand_down_allows_what_is_above_the_limit),
        cmocka_unit_test(an_expand_down_segment_that_wraps_whole_reaches_low),
        cmocka_unit_test(gates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
