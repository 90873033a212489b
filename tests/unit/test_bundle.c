// SPDX-License-Identifier: MIT
// sources: kernel/domain/bundle.c
/*
 * The bundle parser on one good bundle, on each rule broken alone, on every truncation and on random bytes.
 */
#include "kernel/domain/bundle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ENTRIES 3u
#define BYTES   0x5000u

static struct bundle_header *bundle;

static int build(void **state) {
    const struct bundle_entry entries[ENTRIES] = {
        {BUNDLE_DRIVER, 0x1000, 0x10, 0, "ata"},
        {BUNDLE_IMAGE, 0x2000, 0x1800, 0, "base"},
        {BUNDLE_FILE, 0x4000, 0x1000, 0, "machine.json"},
    };

    (void)state;
    bundle = calloc(1, BYTES);
    memcpy(bundle->magic, "RFBNDL1", 8);
    bundle->entry_count = ENTRIES;
    bundle->total_size = BYTES;
    memcpy(bundle->entries, entries, sizeof entries);
    return 0;
}

static int drop(void **state) {
    (void)state;
    free(bundle);
    return 0;
}

static void assert_refused(void) {
    assert_non_null(bundle_check(bundle, BYTES));
}

static void test_accepts_a_good_bundle(void **state) {
    (void)state;
    assert_null(bundle_check(bundle, BYTES));
}

static void test_accepts_an_empty_bundle(void **state) {
    (void)state;
    bundle->entry_count = 0;
    assert_null(bundle_check(bundle, BYTES));
}

static void test_accepts_an_empty_file(void **state) {
    (void)state;
    bundle->entries[2].size = 0;
    assert_null(bundle_check(bundle, BYTES));
}

static void test_refuses_wrong_magic(void **state) {
    (void)state;
    bundle->magic[6] = '2';
    assert_refused();
}

static void test_refuses_a_total_beyond_the_module(void **state) {
    (void)state;
    bundle->total_size = BYTES + 1;
    assert_refused();
}

static void test_refuses_absurd_counts(void **state) {
    (void)state;
    bundle->entry_count = BUNDLE_ITEMS + 1;
    assert_refused();
    bundle->entry_count = UINT32_MAX;
    assert_refused();
    bundle->entry_count = UINT32_MAX / sizeof(struct bundle_entry) + 2; /* wraps in 32 bits */
    assert_refused();
}

static void test_refuses_unknown_kinds(void **state) {
    (void)state;
    bundle->entries[1].kind = 0;
    assert_refused();
    bundle->entries[1].kind = BUNDLE_FILE + 1;
    assert_refused();
}

static void test_refuses_bad_names(void **state) {
    (void)state;
    bundle->entries[0].name[0] = '\0';
    assert_refused();
    bundle->entries[0].name[0] = '\n';
    assert_refused();
    memset(bundle->entries[0].name, 'x', sizeof bundle->entries[0].name); /* not ended */
    assert_refused();
}

static void test_refuses_bad_payloads(void **state) {
    const struct {
        uint32_t offset, size;
    } bad[] = {
        {0x2800, 0x10},  /* not on a page */
        {0, 0x10},       /* over the header */
        {0x2000, 0},     /* empty */
        {0x2000, BYTES}, /* past the end */
        {0x5000, 1},     /* at the end */
        {0xFFFFF000u, 0x2000},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        bundle->entries[1].offset = bad[i].offset;
        bundle->entries[1].size = bad[i].size;
        assert_refused();
    }
}

static void test_refuses_overlap(void **state) {
    (void)state;
    bundle->entries[1].size = 0x2001; /* into the third */
    assert_refused();
}

static void check_copy(uint32_t bytes) {
    uint8_t *copy = malloc(bytes ? bytes : 1);

    memcpy(copy, bundle, bytes);
    if (bytes < BYTES)
        assert_non_null(bundle_check(copy, bytes));
    else
        bundle_check(copy, bytes);
    free(copy);
}

static void test_refuses_every_truncation(void **state) {
    (void)state;
    for (uint32_t bytes = 0; bytes < BYTES; bytes += bytes < 0x200 ? 1 : 0x101)
        check_copy(bytes);
}

static void test_survives_random_changes(void **state) {
    (void)state;
    srand(1);
    for (uint32_t round = 0; round < 20000; round++) {
        ((uint8_t *)bundle)[(uint32_t)rand() % 256] = (uint8_t)rand();
        check_copy(BYTES);
        if (round % 8 == 0) {
            drop(NULL);
            build(NULL);
        }
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, build, drop)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_accepts_a_good_bundle),
        TEST(test_accepts_an_empty_bundle),
        TEST(test_accepts_an_empty_file),
        TEST(test_refuses_wrong_magic),
        TEST(test_refuses_a_total_beyond_the_module),
        TEST(test_refuses_absurd_counts),
        TEST(test_refuses_unknown_kinds),
        TEST(test_refuses_bad_names),
        TEST(test_refuses_bad_payloads),
        TEST(test_refuses_overlap),
        TEST(test_refuses_every_truncation),
        TEST(test_survives_random_changes),
    };

    return cmocka_run_group_tests_name("bundle", tests, NULL, NULL);
}
