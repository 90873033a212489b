// SPDX-License-Identifier: MIT
// sources: userland/lib/configuration.c userland/lib/size.c
// sources: userland/lib/address.c
/*
 * Sizes, numbers and KEY=VALUE words: what is accepted, what is refused, and what the refusal says.
 */
#include "userland/lib/configuration.h"
#include "userland/lib/size.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct tenant_configuration configuration;
static char complaint[COMPLAINT_TEXT];

static int fresh(void **state) {
    (void)state;
    complaint[0] = 0;
    return !configuration_start(&configuration, "red", complaint);
}

static void sizes(void **state) {
    (void)state;
    uint64_t bytes;
    assert_true(size_parse("64MiB", &bytes) && bytes == 64 << 20);
    assert_true(size_parse("0", &bytes) && bytes == 0);
    assert_true(size_parse("17B", &bytes) && bytes == 17);
    assert_true(size_parse("3GiB", &bytes) && bytes == 3ull << 30);
    assert_true(size_parse("18446744073709551615", &bytes) && bytes == UINT64_MAX);
    static const char *const wrong[] = {"",
                                        "MiB",
                                        "64M",
                                        "64 MiB",
                                        "-1",
                                        "1.5MiB",
                                        "64mib",
                                        "18446744073709551616",
                                        "17179869184GiB"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(size_parse(wrong[i], &bytes));
}

static void sizes_are_shown_short_and_exact_where_they_can(void **state) {
    (void)state;
    char text[SIZE_TEXT];
    assert_string_equal(size_format(text, 64 << 20), "64MiB");
    assert_string_equal(size_format(text, (63 << 20) + (1 << 19)), "63.5MiB");
    assert_string_equal(size_format(text, 0), "0B");
    assert_string_equal(size_format(text, 1023), "1023B");
    assert_string_equal(size_format(text, 5ull << 30), "5GiB");
}

static void durations(void **state) {
    (void)state;
    char text[DURATION_TEXT];
    assert_string_equal(duration_format(text, 0), "0ns");
    assert_string_equal(duration_format(text, 999), "999ns");
    assert_string_equal(duration_format(text, 1520000), "1.52ms");
    assert_string_equal(duration_format(text, 12040000000), "12.0s");
    assert_string_equal(duration_format(text, 412999), "412us");
}

static void every_key_lands_in_its_field(void **state) {
    (void)state;
    static const char *const words[] = {
        "memory=8MiB",          "image=my",        "manager=other",  "cpu.reservation=20",
        "cpu.weight=10000",     "cpu.cap=50",      "restart=never",  "disk.device=blk1",
        "disk.offset=64MiB",    "disk.size=16MiB", "disk.iops=2000", "disk.bandwidth=50MiB",
        "disk.reservation=100", "disk.weight=300", "disk.burst=20"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        assert_true(configuration_apply(&configuration, words[i], complaint));
    assert_string_equal(configuration.name, "red");
    assert_int_equal(configuration.frames, 2048);
    assert_string_equal(configuration.image, "my");
    assert_string_equal(configuration.manager, "other");
    assert_int_equal(configuration.cpu_reservation, 20);
    assert_int_equal(configuration.cpu_weight, 10000);
    assert_int_equal(configuration.cpu_cap, 50);
    assert_int_equal(configuration.restart, 0);
    assert_string_equal(configuration.disks[0].name, "vda");
    assert_string_equal(configuration.disks[0].device, "blk1");
    assert_int_equal(configuration.disks[0].offset, 64 << 20);
    assert_int_equal(configuration.disks[0].bytes, 16 << 20);
    assert_int_equal(configuration.disks[0].operations_per_second, 2000);
    assert_int_equal(configuration.disks[0].reservation, 100);
    assert_int_equal(configuration.disks[0].weight, 300);
    assert_int_equal(configuration.disks[0].burst_milliseconds, 20);
    assert_int_equal(configuration.disks[0].bytes_per_second, 50 << 20);
    assert_int_equal(configuration.disks[1].device[0], 0);
    assert_true(configuration_check(&configuration, complaint));
}

static void a_size_that_is_no_whole_page_is_rounded_up(void **state) {
    (void)state;
    assert_true(configuration_apply(&configuration, "memory=4097", complaint));
    assert_int_equal(configuration.frames, 2);
}

static void expect_refused(const char *word, const char *reason) {
    struct tenant_configuration before = configuration;
    assert_false(configuration_apply(&configuration, word, complaint));
    assert_string_equal(complaint, reason);
    assert_memory_equal(&before, &configuration, sizeof before);
}

static void refusals_name_the_key_and_the_range(void **state) {
    (void)state;
    expect_refused("memory=0", "memory: '0' is no size from 4KiB to 3GiB, like 64MiB");
    expect_refused("memory=4GiB", "memory: '4GiB' is no size from 4KiB to 3GiB, like 64MiB");
    expect_refused("cpu.cap=0", "cpu.cap: '0' is no number from 1 to 800");
    expect_refused("cpu.cap=", "cpu.cap: '' is no number from 1 to 800");
    expect_refused("cpu.weight=4294967397",
                   "cpu.weight: '4294967397' is no number from 1 to 10000");
    expect_refused("restart=often", "restart: 'often' is neither always nor never");
    expect_refused("disk.device=a-name-too-long-",
                   "disk.device: 'a-name-too-long-' is no name of 1 "
                   "to 15 letters");
    expect_refused("colour=red", "colour: unknown key");
    expect_refused("cpu=5", "cpu: unknown key");
    expect_refused("=5", ": unknown key");
    expect_refused("memory", "memory: not of the form KEY=VALUE");
}

static void names(void **state) {
    (void)state;
    assert_true(configuration_start(&configuration, "a-1", complaint));
    assert_true(configuration_start(&configuration, "abcdefghijklmnopqrstuvwxyz01234", complaint));
    static const char *const wrong[] = {
        "", "1a", "-a", "A", "a b", "a/b", "abcdefghijklmnopqrstuvwxyz012345"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(configuration_start(&configuration, wrong[i], complaint));
}

static void expect_unfit(const char *reason) {
    assert_false(configuration_check(&configuration, complaint));
    assert_string_equal(complaint, reason);
}

static void what_does_not_fit_together(void **state) {
    (void)state;
    expect_unfit("memory: missing");
    configuration.frames = 256;
    assert_true(configuration_check(&configuration, complaint));
    configuration.cpu_reservation = 101;
    expect_unfit("cpu.cap: below cpu.reservation");
    configuration.cpu_reservation = 0;
    configuration.disks[0].bytes = 4096;
    expect_unfit("disk.device: missing");
    strcpy(configuration.disks[0].device, "blk0");
    assert_true(configuration_check(&configuration, complaint));
    configuration.disks[0].offset = 512;
    expect_unfit("disk.offset: not a multiple of 4096");
    configuration.disks[0] = (struct disk_grant){.device = "blk0"};
    expect_unfit("disk.size: missing");
}

static void changes_of_a_running_tenant(void **state) {
    (void)state;
    struct tenant_change change;
    assert_true(configuration_change(&change, "memory=8MiB", complaint));
    assert_int_equal(change.key, TENANT_FRAMES);
    assert_int_equal(change.value, 2048);
    assert_true(configuration_change(&change, "disk.bandwidth=5GiB", complaint));
    assert_int_equal(change.key, TENANT_DISK_BANDWIDTH);
    assert_int_equal(change.value, 5ull << 30);
    assert_true(configuration_change(&change, "restart=always", complaint));
    assert_int_equal(change.value, 1);
    assert_false(configuration_change(&change, "image=other", complaint));
    assert_string_equal(complaint, "image: cannot be changed while the tenant exists");
}

/* For each key that `create` takes, the help of `set` has a line exactly if `set` takes it. */
static void the_help_of_set_lists_what_can_change(void **state) {
    (void)state;
    static const char all[] = CONFIGURATION_KEYS;
    for (const char *line = all; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
        struct tenant_change change;
        char start[40];
        size_t length = strcspn(line, "=") + 1;
        snprintf(start, sizeof start, "%.*s", (int)length, line);
        configuration_change(&change, start + 2, complaint); /* without a value: always refused */
        bool can_change = !strstr(complaint, "cannot be changed");
        assert_int_equal(strstr(CHANGEABLE_KEYS, start) != NULL, can_change);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes),
        cmocka_unit_test(sizes_are_shown_short_and_exact_where_they_can),
        cmocka_unit_test(durations),
        cmocka_unit_test_setup(every_key_lands_in_its_field, fresh),
        cmocka_unit_test_setup(a_size_that_is_no_whole_page_is_rounded_up, fresh),
        cmocka_unit_test_setup(refusals_name_the_key_and_the_range, fresh),
        cmocka_unit_test(names),
        cmocka_unit_test_setup(what_does_not_fit_together, fresh),
        cmocka_unit_test(changes_of_a_running_tenant),
        cmocka_unit_test(the_help_of_set_lists_what_can_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
