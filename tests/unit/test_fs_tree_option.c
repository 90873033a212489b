// SPDX-License-Identifier: MIT
// sources: domains/linux/fs/tree_option.c
/*
 * The options of a tmpfs: what each of them means, and what is none.
 */
#include "domains/linux/fs/tree_option.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define MEMORY_PAGES 10000

static struct tree_options read;

static bool reads(const char *text) {
    return tree_options_read(text, MEMORY_PAGES, &read);
}

static void without_options_there_are_no_limits(void **state) {
    (void)state;
    assert_true(reads(""));
    assert_int_equal(read.mode, 01777);
    assert_int_equal(read.uid | read.gid, 0);
    assert_true(read.pages_most == 0 && read.nodes_most == 0);
}

static void all_of_them_are_read(void **state) {
    (void)state;
    assert_true(reads("size=10k,mode=755,uid=1000,gid=2000,nr_inodes=2k,inode64"));
    assert_int_equal(read.mode, 0755);
    assert_int_equal(read.uid, 1000);
    assert_int_equal(read.gid, 2000);
    assert_true(read.pages_most == 3 && read.nodes_most == 2048);
}

static void sizes_have_units(void **state) {
    (void)state;
    assert_true(reads("size=1") && read.pages_most == 1);
    assert_true(reads("size=2M") && read.pages_most == 512);
    assert_true(reads("size=1g") && read.pages_most == 1 << 18);
    assert_true(reads("size=50%") && read.pages_most == MEMORY_PAGES / 2);
    assert_true(reads("nr_blocks=7") && read.pages_most == 7);
}

static void what_is_none_is_refused(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "nonsense=1",
        "size=",
        "size=x",
        "size=1x",
        "size=101%",
        "mode=9",
        "uid=-1",
        "mode=755uid=1",
        "size=99999999999999999999",
        "nr_inodes=18446744073709551616",
        "inode6",
        "=",
        ",size=1",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(reads(wrong[i]));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_options_there_are_no_limits),
        cmocka_unit_test(all_of_them_are_read),
        cmocka_unit_test(sizes_have_units),
        cmocka_unit_test(what_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
