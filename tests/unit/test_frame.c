// SPDX-License-Identifier: MIT
// sources: kernel/mem/frame.c kernel/mem/memory_map.c kernel/mem/copy.c
/*
 * The frame pool with the host's memory behind its windows: the promise of reservations, zeroed frames, runs,
 * quarantine, marks; the memory map with ranges that overlap, wrap and lie; copies across page borders.
 */
#include "kernel/abi/layout.h"
#include "kernel/log/log.h"
#include "kernel/mem/copy.h"
#include "kernel/mem/memory_map.h"
#include "kernel/mem/window.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT  64u
#define TAKEN  4u /* the core's, at the start */
#define TENANT 1
#define MIB    0x100000ull

static struct frame_record records[COUNT];
static uint8_t memory[COUNT][PAGE_SIZE];

void *window_map(enum window_slot slot, frame_t frame) {
    (void)slot;
    assert_true(frame < COUNT);
    return memory[frame];
}

void panic(const char *format, ...) {
    (void)format;
    mock_assert(0, "panic", __FILE__, __LINE__);
    abort();
}

static int fresh(void **state) {
    (void)state;
    memset(records, 0, sizeof records);
    for (uint32_t i = 0; i < TAKEN; i++)
        records[i].kind = FRAME_CORE;
    memset(memory, 0xAA, sizeof memory);
    frame_adopt(records, COUNT);
    return 0;
}

static void test_reserves_no_more_than_there_is(void **state) {
    (void)state;
    assert_int_equal(frames_total(), COUNT);
    assert_int_equal(frames_free_count(), COUNT - TAKEN);
    assert_false(frame_reserve(COUNT - TAKEN + 1));
    assert_true(frame_reserve(COUNT - TAKEN));
    assert_false(frame_reserve(1));
    frame_unreserve(10);
    assert_true(frame_reserve(10));
}

static void test_every_reserved_frame_can_be_taken(void **state) {
    (void)state;
    assert_true(frame_reserve(COUNT - TAKEN));
    assert_int_equal(frame_take(ACCOUNT_CORE, FRAME_CORE), NO_FRAME_T);
    for (uint32_t i = 0; i < COUNT - TAKEN; i++)
        assert_int_not_equal(frame_take(TENANT, FRAME_BOUND), NO_FRAME_T);
    assert_int_equal(frames_in_use(), COUNT);
    expect_assert_failure(frame_take(TENANT, FRAME_BOUND));
}

static void test_core_use_lowers_what_can_be_promised(void **state) {
    frame_t frame;

    (void)state;
    assert_true(frame_reserve(50));
    frame = frame_take(ACCOUNT_CORE, FRAME_CORE);
    assert_int_equal(frames_free_count(), COUNT - TAKEN - 51);
    frame_give(frame);
    assert_int_equal(frames_free_count(), COUNT - TAKEN - 50);
}

static void test_frames_are_zero_when_taken(void **state) {
    static const uint8_t zero[PAGE_SIZE];
    frame_t frame;

    (void)state;
    assert_true(frame_reserve(1));
    for (uint32_t round = 0; round < 3; round++) {
        frame = frame_take(TENANT, FRAME_BOUND);
        assert_memory_equal(memory[frame], zero, PAGE_SIZE);
        memset(memory[frame], 0x55, PAGE_SIZE);
        frame_give(frame);
    }
}

static void test_a_frame_in_use_is_not_given_back(void **state) {
    frame_t frame;

    (void)state;
    assert_true(frame_reserve(1));
    frame = frame_take(TENANT, FRAME_BOUND);
    frame_map_added(frame);
    expect_assert_failure(frame_give(frame));
    frame_map_removed(frame);
    frame_pin(frame);
    expect_assert_failure(frame_give(frame));
    frame_unpin(frame);
    frame_give(frame);
    expect_assert_failure(frame_give(frame));
}

static void test_runs_are_contiguous_and_leave_the_list_whole(void **state) {
    frame_t single = frame_take(ACCOUNT_DRIVER, FRAME_DRIVER), run;
    uint32_t left = 0;

    (void)state;
    run = frame_take_contiguous(8, ACCOUNT_DRIVER, FRAME_DRIVER);
    assert_int_equal(run, single + 1);
    frame_give(single);
    assert_int_equal(frame_take_contiguous(COUNT, ACCOUNT_DRIVER, FRAME_DRIVER), NO_FRAME_T);
    assert_true(frame_reserve(COUNT - TAKEN - 8));
    while (frames_in_use() < COUNT) {
        frame_t frame = frame_take(TENANT, FRAME_BOUND);

        assert_true(frame < run || frame >= run + 8);
        left++;
    }
    assert_int_equal(left, COUNT - TAKEN - 8);
}

/* The last eighth is the core's, until one side has nothing left. */
static void test_data_and_tables_are_apart(void **state) {
    const frame_t border = COUNT - COUNT / 8;

    (void)state;
    assert_true(frame_reserve(COUNT - TAKEN));
    for (frame_t frame = TAKEN; frame < border - 1; frame++)
        assert_in_range(frame_take(TENANT, FRAME_BOUND), TAKEN, border - 1);
    for (frame_t frame = border; frame < COUNT; frame++)
        assert_in_range(frame_take(TENANT, frame % 2 ? FRAME_TABLE : FRAME_OBJECT), border,
                        COUNT - 1);
    frame_t last = frame_take(TENANT, FRAME_TABLE);
    assert_in_range(last, TAKEN, border - 1);
    frame_give(border);
    assert_int_equal(frame_take(TENANT, FRAME_BOUND), border);
    frame_give(last);
    assert_int_equal(frame_take(TENANT, FRAME_BOUND), last);
}

static void test_a_run_does_not_cross_a_hole(void **state) {
    (void)state;
    records[20].kind = FRAME_UNUSABLE;
    for (frame_t frame = TAKEN; frame < COUNT; frame++)
        if (frame != 20)
            records[frame] = (struct frame_record){.kind = FRAME_FREE};
    frame_adopt(records, COUNT);
    assert_int_equal(frame_take_contiguous(17, ACCOUNT_DRIVER, FRAME_DRIVER), 21);
    assert_int_equal(frame_take_contiguous(16, ACCOUNT_DRIVER, FRAME_DRIVER), TAKEN);
}

static void test_quarantine_keeps_its_reservation(void **state) {
    frame_t frame;

    (void)state;
    assert_true(frame_reserve(2));
    frame = frame_take(TENANT, FRAME_BOUND);
    frame_pin(frame);
    frame_pin(frame);
    frame_quarantine(frame);
    frame_unreserve(1); /* what the tenant has left */
    assert_int_equal(frames_free_count(), COUNT - TAKEN - 1);
    frame_unpin(frame);
    assert_int_equal(frames_in_use(), TAKEN + 1);
    frame_unpin(frame);
    assert_int_equal(frames_in_use(), TAKEN);
    assert_int_equal(frames_free_count(), COUNT - TAKEN);
    assert_int_equal(frames_reserved(), 0);
}

static void test_marks_follow_frames_that_come_and_go(void **state) {
    frame_t old, leaked, born;

    (void)state;
    assert_true(frame_reserve(8));
    old = frame_take(TENANT, FRAME_BOUND);
    leaked = frame_take(TENANT, FRAME_BOUND);
    frame_mark_begin();
    assert_int_equal(frame_marked_count(TENANT), 0);
    born = frame_take(TENANT, FRAME_TABLE);
    frame_mark(old);
    frame_mark(old);
    assert_int_equal(frame_marked_count(TENANT), 2);
    assert_true(frame_is_marked(born));
    assert_false(frame_is_marked(leaked));
    frame_give(born);
    assert_int_equal(frame_marked_count(TENANT), 1);
    frame_give(leaked);
    assert_int_equal(frame_marked_count(TENANT), 1);
}

static void test_marks_survive_many_audits(void **state) {
    frame_t frame;

    (void)state;
    assert_true(frame_reserve(1));
    frame = frame_take(TENANT, FRAME_BOUND);
    for (uint32_t audit = 0; audit < 600; audit++) {
        frame_mark_begin();
        assert_false(frame_is_marked(frame));
        frame_mark(frame);
        assert_int_equal(frame_marked_count(TENANT), 1);
    }
}

static struct boot_information map_of(const struct boot_range *ranges, uint32_t count) {
    struct boot_information boot = {.range_count = count};

    memcpy(boot.ranges, ranges, count * sizeof *ranges);
    return boot;
}

static void test_map_rounds_ram_inwards(void **state) {
    const struct boot_range ranges[] = {{0x1800, 0x4000, 1}, {0x3FFF, 2, 0}};
    struct boot_information boot = map_of(ranges, 2);
    struct frame_record painted[8];

    (void)state;
    memory_map_paint(&boot, painted, 8);
    assert_int_equal(painted[1].kind, FRAME_UNUSABLE); /* begins in the middle */
    assert_int_equal(painted[2].kind, FRAME_FREE);
    assert_int_equal(painted[3].kind, FRAME_UNUSABLE); /* one byte reserved */
    assert_int_equal(painted[4].kind, FRAME_UNUSABLE);
    assert_int_equal(painted[5].kind, FRAME_UNUSABLE); /* ends in the middle */
}

static void test_map_end_is_limited_and_survives_wrapping(void **state) {
    const struct boot_range ranges[] = {{0x1000, UINT64_MAX, 1}, {UINT64_MAX, UINT64_MAX, 0}};
    struct boot_information boot = map_of(ranges, 2);
    struct frame_record painted[8];

    (void)state;
    assert_int_equal(memory_map_end(&boot, 8), 8);
    memory_map_paint(&boot, painted, 8);
    assert_int_equal(painted[0].kind, FRAME_UNUSABLE);
    assert_int_equal(painted[7].kind, FRAME_FREE);
}

static void test_map_finds_room_between_holes(void **state) {
    const struct boot_range ranges[] = {
        {0, 0x9F000, 1}, {0x9F000, 0x61000, 0}, {MIB, 15 * MIB, 1}, {8 * MIB, 0x1000, 0}};
    const struct memory_hole holes[] = {{0, 0x10000}, {MIB, 2 * MIB}, {3 * MIB, 5 * MIB + 1}};
    struct boot_information boot = map_of(ranges, 4);

    (void)state;
    assert_int_equal(memory_map_find(&boot, holes, 3, 0x8000), 0x10000);
    assert_int_equal(memory_map_find(&boot, holes, 3, MIB), 2 * MIB);
    assert_int_equal(memory_map_find(&boot, holes, 3, 2 * MIB), 5 * MIB + 0x1000);
    assert_int_equal(memory_map_find(&boot, holes, 3, 4 * MIB), 8 * MIB + 0x1000);
    assert_int_equal(memory_map_find(&boot, holes, 3, 9 * MIB), 0);
}

static void test_map_finds_nothing_above_4_gib(void **state) {
    const struct boot_range ranges[] = {{0x100000000ull, 64 * MIB, 1}};
    struct boot_information boot = map_of(ranges, 1);

    (void)state;
    assert_int_equal(memory_map_find(&boot, NULL, 0, 0x1000), 0);
}

/* Pages 0..3 of this "domain" are frames 7, 5, none, 6; page 1 is read-only. */
static frame_t lookup(const void *domain, uint32_t address, bool write) {
    static const frame_t frames[] = {7, 5, NO_FRAME_T, 6};
    uint32_t page = address >> PAGE_SHIFT;

    assert_ptr_equal(domain, frames_in_use);
    return page > 3 || (write && page == 1) ? NO_FRAME_T : frames[page];
}

#define DOMAIN ((const void *)frames_in_use)

static void test_copies_across_a_page_border(void **state) {
    char text[8] = "";

    (void)state;
    memcpy(&memory[7][PAGE_SIZE - 3], "abc", 3);
    memcpy(&memory[5][0], "defg", 5);
    assert_int_equal(copy_from_pages(lookup, DOMAIN, text, PAGE_SIZE - 3, 8), STATUS_OK);
    assert_string_equal(text, "abcdefg");
}

static void test_a_refused_copy_changes_nothing(void **state) {
    char text[4] = "xyz";

    (void)state;
    memory[7][PAGE_SIZE - 1] = 'q';
    assert_int_equal(copy_from_pages(lookup, DOMAIN, text, 2 * PAGE_SIZE - 2, 4),
                     STATUS_BAD_ADDRESS);
    assert_string_equal(text, "xyz");
    assert_int_equal(copy_to_pages(lookup, DOMAIN, PAGE_SIZE - 1, "ab", 2), STATUS_BAD_ADDRESS);
    assert_int_equal(memory[7][PAGE_SIZE - 1], 'q');
    assert_int_equal(copy_to_pages(lookup, DOMAIN, 4 * PAGE_SIZE - 2, "ab", 2), STATUS_OK);
    assert_memory_equal(&memory[6][PAGE_SIZE - 2], "ab", 2);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_reserves_no_more_than_there_is),
        TEST(test_every_reserved_frame_can_be_taken),
        TEST(test_core_use_lowers_what_can_be_promised),
        TEST(test_frames_are_zero_when_taken),
        TEST(test_a_frame_in_use_is_not_given_back),
        TEST(test_runs_are_contiguous_and_leave_the_list_whole),
        TEST(test_data_and_tables_are_apart),
        TEST(test_a_run_does_not_cross_a_hole),
        TEST(test_quarantine_keeps_its_reservation),
        TEST(test_marks_follow_frames_that_come_and_go),
        TEST(test_marks_survive_many_audits),
        TEST(test_map_rounds_ram_inwards),
        TEST(test_map_end_is_limited_and_survives_wrapping),
        TEST(test_map_finds_room_between_holes),
        TEST(test_map_finds_nothing_above_4_gib),
        TEST(test_copies_across_a_page_border),
        TEST(test_a_refused_copy_changes_nothing),
    };

    return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
