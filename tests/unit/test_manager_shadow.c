// SPDX-License-Identifier: MIT
// sources: domains/linux/memory/shadow.c
/*
 * Pages here and there in a shadow, against an array; whatever it took of the heap comes back.
 */
#include "domains/linux/memory/shadow.h"

#include "domains/lib/heap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PAGE       4096u
#define PAGES      (SHADOW_BYTES / PAGE)
#define ROUNDS     20000u
#define SPAN_PAGES 3000u

static uint32_t expected[PAGES];
static uint32_t allocated, released;
static struct shadow shadow;

void *heap_allocate(size_t bytes) {
    allocated++;
    return calloc(1, bytes);
}

void heap_free(void *object) {
    allocated--;
    free(object);
}

void frame_release(uint32_t frame) {
    (void)frame;
    released++;
}

static void put(uint32_t page, uint32_t frame) {
    assert_true(shadow_prepare(&shadow, page * PAGE));
    expected[page] = frame << 12 | SHADOW_FRAME;
    shadow_set(&shadow, page * PAGE, expected[page]);
}

/* Answers how many there were. */
static uint32_t clear(uint32_t first, uint32_t end) {
    uint32_t count = 0;
    released = 0;
    shadow_clear(&shadow, first * PAGE, end * PAGE);
    for (uint32_t page = first; page < end; page++) {
        count += expected[page] != 0;
        expected[page] = 0;
    }
    assert_int_equal(released, count);
    return count;
}

static uint32_t check(void) {
    uint32_t at = 0, count = 0, entry, page = 0;
    while ((entry = shadow_next(&shadow, &at, SHADOW_BYTES)) != 0) {
        for (; page < at / PAGE; page++)
            assert_int_equal(expected[page], 0);
        assert_int_equal(expected[page++], entry);
        assert_int_equal(shadow_get(&shadow, at), entry);
        at += PAGE;
        count++;
    }
    for (; page < PAGES; page++)
        assert_int_equal(expected[page], 0);
    assert_int_equal(shadow.frames, count);
    return count;
}

static uint32_t somewhere(uint32_t pages) {
    return ((uint32_t)rand() << 15 ^ (uint32_t)rand()) % (PAGES - pages);
}

static void pages_come_and_go(void **state) {
    uint32_t count = 0;
    (void)state;
    srand(1);
    for (uint32_t round = 1; round <= ROUNDS; round++) {
        uint32_t page = round % 2 ? somewhere(0) : somewhere(0) % SPAN_PAGES;
        count += expected[page] == 0;
        put(page, round);
        if (round % 100 == 0) {
            uint32_t first = round % 200 ? somewhere(SPAN_PAGES) : somewhere(0) % SPAN_PAGES;
            count -= clear(first, first + (uint32_t)rand() % SPAN_PAGES);
        }
    }
    assert_true(count > 0);
    assert_int_equal(check(), count);
    assert_int_equal(clear(0, PAGES), count);
    assert_int_equal(check(), 0);
    assert_int_equal(allocated, 0);
}

static void a_page_takes_two_objects(void **state) {
    (void)state;
    put(0x8048, 1);
    put(0x8049, 2);
    assert_int_equal(allocated, 2);
    assert_int_equal(clear(0x8040, 0x8080), 2);
    assert_int_equal(allocated, 1);
    assert_int_equal(clear(0x8000, 0x9000), 0);
    assert_int_equal(allocated, 0);
}

static void nothing_lies_above(void **state) {
    uint32_t at = SHADOW_BYTES;
    (void)state;
    assert_int_equal(shadow_get(&shadow, SHADOW_BYTES), 0);
    assert_int_equal(shadow_next(&shadow, &at, UINT32_MAX), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_come_and_go),
        cmocka_unit_test(a_page_takes_two_objects),
        cmocka_unit_test(nothing_lies_above),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
