// SPDX-License-Identifier: MIT
// sources: tests/unit/fake_manager.c domains/linux/fs/page_map.c
/*
 * The page map against an array: random puts and removals at small and at far page numbers, with every
 * allocation that fails in between leaving it as it was.
 */
#include "domains/linux/fs/page_map.h"
#include "tests/unit/fake_manager.h"

#include "domains/lib/heap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define SLOTS 600
#define FAR   (1ull << 31) /* the last slots stand for pages from here on */

static uint64_t page_of(uint32_t slot) {
    return slot < SLOTS / 2 ? slot : FAR + slot;
}

static void check(const struct page_map *map, const uint32_t *model) {
    uint64_t expected_next = UINT64_MAX;
    uint32_t count = 0;

    for (uint32_t slot = SLOTS; slot-- > 0;) {
        assert_int_equal(page_map_get(map, page_of(slot)), model[slot]);
        if (model[slot] != NO_FRAME) {
            expected_next = page_of(slot);
            count++;
        }
        assert_int_equal(page_map_next(map, page_of(slot)), expected_next);
    }
    assert_int_equal(map->count, count);
    assert_int_equal(fake_frames_used, count);
}

static void remove_range(struct page_map *map, uint32_t *model, uint32_t first, uint32_t end) {
    page_map_remove(map, page_of(first), end == SLOTS ? UINT64_MAX : page_of(end));
    for (uint32_t slot = first; slot < end; slot++)
        model[slot] = NO_FRAME;
}

static void equals_an_array(void **state) {
    struct page_map map = {0};
    uint32_t model[SLOTS];

    (void)state;
    srand(7);
    for (uint32_t slot = 0; slot < SLOTS; slot++)
        model[slot] = NO_FRAME;
    for (int round = 0; round < 3000; round++) {
        uint32_t slot = (uint32_t)rand() % SLOTS;

        if (rand() % 8 == 0) {
            uint32_t end = slot + (uint32_t)rand() % (SLOTS - slot + 1);

            remove_range(&map, model, slot, end);
        } else if (model[slot] == NO_FRAME) {
            uint32_t frame = frame_allocate();

            fake_heap_countdown = rand() % 4; /* 0: none fails */
            if (page_map_put(&map, page_of(slot), frame))
                model[slot] = frame;
            else
                frame_release(frame);
            fake_heap_countdown = 0;
        }
        if (round % 50 == 0)
            check(&map, model);
    }
    page_map_remove(&map, 0, UINT64_MAX);
    assert_null(map.root);
    assert_int_equal(fake_frames_used, 0);
    assert_int_equal(fake_heap_objects, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(equals_an_array)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
