// SPDX-License-Identifier: MIT
// sources: kernel/multiboot.c kernel/command_line.c kernel/fence/decide.c kernel/log/format.c
/*
 * What the core reads before anything runs: boot information, the command line, the choice of the fence; and
 * the formatter that its messages go through.
 */
#include "kernel/command_line.h"
#include "kernel/fence/fence.h"
#include "kernel/log/log.h"
#include "kernel/multiboot.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static uint8_t machine_memory[8192];

static const void *at(uint32_t address) {
    assert_true(address < sizeof machine_memory);
    return machine_memory + address;
}

static void put32(uint32_t address, uint32_t value) {
    memcpy(machine_memory + address, &value, sizeof value);
}

static void multiboot1_is_read(void **state) {
    struct boot_information boot = {0};

    (void)state;
    memset(machine_memory, 0, sizeof machine_memory);
    put32(0x100, 1u << 2 | 1u << 3 | 1u << 6);
    put32(0x110, 0x400); /* command line */
    strcpy((char *)machine_memory + 0x400, "fence=both operator=32");
    put32(0x114, 1); /* one module */
    put32(0x118, 0x500);
    put32(0x500, 0x200000);
    put32(0x504, 0x212345);
    put32(0x12C, 24); /* one map entry */
    put32(0x130, 0x600);
    put32(0x600, 20);
    put32(0x604, 0x100000);
    put32(0x60C, 0x4000000);
    put32(0x614, 1);
    assert_true(multiboot_read(MULTIBOOT1_LOADED, 0x100, at, &boot));
    assert_string_equal(boot.command_line, "fence=both operator=32");
    assert_int_equal(boot.module_count, 1);
    assert_int_equal(boot.modules[0].start, 0x200000);
    assert_int_equal(boot.modules[0].bytes, 0x12345);
    assert_int_equal(boot.range_count, 1);
    assert_int_equal(boot.ranges[0].bytes, 0x4000000);
    assert_int_equal(boot.ranges[0].usable, 1);
}

static void multiboot2_is_read(void **state) {
    struct boot_information boot = {0};

    (void)state;
    memset(machine_memory, 0, sizeof machine_memory);
    put32(0x100, 8 + 24 + 24 + 40 + 8); /* total size */
    put32(0x108, 1);                    /* command line, 8 + 14 bytes, padded to 24 */
    put32(0x10C, 22);
    strcpy((char *)machine_memory + 0x110, "fence=segment");
    put32(0x120, 3); /* module */
    put32(0x124, 17);
    put32(0x128, 0x300000);
    put32(0x12C, 0x301000);
    put32(0x138, 6); /* map: one entry of 24 bytes */
    put32(0x13C, 40);
    put32(0x140, 24);
    put32(0x148, 0x100000);
    put32(0x150, 0x8000000);
    put32(0x158, 1);
    assert_true(multiboot_read(MULTIBOOT2_LOADED, 0x100, at, &boot));
    assert_string_equal(boot.command_line, "fence=segment");
    assert_int_equal(boot.modules[0].bytes, 0x1000);
    assert_int_equal(boot.range_count, 1);
    assert_int_equal(boot.ranges[0].start, 0x100000);
}

static void a_stranger_is_refused(void **state) {
    struct boot_information boot = {0};

    (void)state;
    assert_false(multiboot_read(0x12345678, 0x100, at, &boot));
    memset(machine_memory, 0, sizeof machine_memory);
    put32(0x100, 4096);
    put32(0x108, 6); /* a map tag that claims to be smaller than itself */
    put32(0x10C, 4);
    assert_false(multiboot_read(MULTIBOOT2_LOADED, 0x100, at, &boot));
}

static void the_command_line_is_words(void **state) {
    char value[8];

    (void)state;
    assert_true(command_line_value("a=1 fence=paging b", "fence", value, sizeof value));
    assert_string_equal(value, "paging");
    assert_false(command_line_value("nofence=paging", "fence", value, sizeof value));
    assert_false(command_line_value("", "fence", value, sizeof value));
    assert_true(command_line_value("fence=0123456789", "fence", value, sizeof value));
    assert_string_equal(value, "0123456");
    assert_int_equal(command_line_number("operator=32", "operator", 24), 32);
    assert_int_equal(command_line_number("operator=x", "operator", 24), 24);
    assert_int_equal(command_line_number("", "operator", 24), 24);
}

static void the_fence_is_never_claimed(void **state) {
    const char *reason;

    (void)state;
    assert_int_equal(fence_decide(NULL, true, &reason), FENCE_SEGMENT);
    assert_int_equal(fence_decide("auto", false, &reason), FENCE_PAGING);
    assert_int_equal(fence_decide("segment", true, &reason), FENCE_SEGMENT);
    assert_int_equal(fence_decide("segment", false, &reason), 0);
    assert_non_null(strstr(reason, "does not enforce"));
    assert_int_equal(fence_decide("paging", true, &reason), FENCE_PAGING);
    assert_int_equal(fence_decide("both", false, &reason), FENCE_BOTH);
    assert_int_equal(fence_decide("segments", true, &reason), 0);
}

static void text_is_formatted(void **state) {
    char text[64], small[8];

    (void)state;
    format_text(text, sizeof text, "%s %5u %05x %-4s| %d %c %%", "a", 42u, 0xBEEFu, "xy", -7, 'z');
    assert_string_equal(text, "a    42 0beef xy  | -7 z %");
    format_text(text, sizeof text, "%llu %llx", 18446744073709551615ull, 0x123456789ABCDEFull);
    assert_string_equal(text, "18446744073709551615 123456789abcdef");
    assert_int_equal(format_text(small, sizeof small, "0123456789"), 7);
    assert_string_equal(small, "0123456");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(multiboot1_is_read),         cmocka_unit_test(multiboot2_is_read),
        cmocka_unit_test(a_stranger_is_refused),      cmocka_unit_test(the_command_line_is_words),
        cmocka_unit_test(the_fence_is_never_claimed), cmocka_unit_test(text_is_formatted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
