// SPDX-License-Identifier: MIT
// sources: domains/linux/memory/area.c
/*
 * Areas against a model: an array that says for each page what lies there.
 */
#include "domains/lib/heap.h"
#include "domains/linux/memory/area.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PAGE  0x1000u
#define PAGES 64u
#define BASE  (AREA_LOWEST)

static int objects, holds, failures_from;

void *heap_allocate(size_t bytes) {
    if (failures_from > 0 && --failures_from == 0)
        return NULL;
    objects++;
    return calloc(1, bytes);
}

void heap_free(void *object) {
    objects -= object != NULL;
    free(object);
}

void area_hold(const struct area *area) {
    holds += area->file != NULL;
}

void area_release(const struct area *area) {
    holds -= area->file != NULL;
}

static struct file *const some_file = (struct file *)&holds;

static struct area piece(uint32_t first, uint32_t last, uint32_t protection, struct file *file) {
    return (struct area){
        .start = BASE + first * PAGE,
        .end = BASE + last * PAGE,
        .protection = protection,
        .file = file,
        .page = file != NULL ? first : 0,
    };
}

static void add(struct area_list *list, struct area area) {
    area_hold(&area);
    assert_true(area_add(list, &area));
}

static void check_order(const struct area_list *list) {
    uint32_t count = 0;
    for (const struct area *area = list->first; area != NULL; area = area->next, count++) {
        assert_true(area->start < area->end);
        assert_true(area->next == NULL || area->end <= area->next->start);
    }
    assert_int_equal(count, list->count);
}

static void equal_neighbours_become_one(void **state) {
    (void)state;
    struct area_list list = {0};
    add(&list, piece(0, 2, PROT_READ, NULL));
    add(&list, piece(4, 6, PROT_READ, NULL));
    add(&list, piece(2, 4, PROT_READ, NULL));
    assert_int_equal(list.count, 1);
    add(&list, piece(6, 8, PROT_WRITE, NULL));
    assert_int_equal(list.count, 2);
    area_remove(&list, 0, AREA_LIMIT);
    assert_int_equal(objects, 0);
}

static void files_join_only_where_their_pages_do(void **state) {
    (void)state;
    struct area_list list = {0};
    add(&list, piece(0, 2, PROT_READ, some_file));
    add(&list, piece(2, 4, PROT_READ, some_file));
    assert_int_equal(list.count, 1);
    assert_int_equal(holds, 1);
    struct area shifted = piece(4, 5, PROT_READ, some_file);
    shifted.page = 9;
    add(&list, shifted);
    assert_int_equal(list.count, 2);
    assert_true(area_split(&list, BASE + PAGE, BASE + 2 * PAGE));
    assert_int_equal(list.count, 4);
    assert_int_equal(area_find(&list, BASE + PAGE)->page, 1);
    assert_int_equal(area_find(&list, BASE + 2 * PAGE)->page, 2);
    area_remove(&list, 0, AREA_LIMIT);
    assert_int_equal(holds, 0);
}

static void locked_pages_are_counted_and_not_copied(void **state) {
    (void)state;
    struct area_list list = {0}, copy;
    struct area locked = piece(4, 8, PROT_READ, NULL);
    locked.flags = AREA_LOCKED;
    add(&list, piece(0, 4, PROT_READ, NULL));
    add(&list, locked);
    assert_int_equal(list.count, 2);
    assert_int_equal(area_locked_pages(&list, 0, AREA_LIMIT), 4);
    assert_int_equal(area_locked_pages(&list, BASE + PAGE, BASE + 6 * PAGE), 2);
    assert_true(area_copy(&copy, &list));
    assert_int_equal(area_locked_pages(&copy, 0, AREA_LIMIT), 0);
    area_remove(&list, 0, AREA_LIMIT);
    area_remove(&copy, 0, AREA_LIMIT);
    assert_int_equal(objects, 0);
}

static void there_is_a_bound(void **state) {
    (void)state;
    struct area_list list = {0};
    for (uint32_t i = 0; i < AREAS_MOST; i++)
        add(&list, piece(4 * i, 4 * i + 2, PROT_READ, NULL));
    struct area more = piece(4 * AREAS_MOST, 4 * AREAS_MOST + 1, PROT_READ, NULL);
    assert_false(area_add(&list, &more));
    assert_false(area_split(&list, BASE + PAGE, BASE + 2 * PAGE));
    assert_int_equal(list.count, AREAS_MOST);
    check_order(&list);
    area_remove(&list, 0, AREA_LIMIT);
    assert_int_equal(objects, 0);
}

static void gaps_are_taken_from_the_top(void **state) {
    (void)state;
    struct area_list list = {0};
    uint32_t limit = BASE + 16 * PAGE;
    assert_int_equal(area_find_gap(&list, 4 * PAGE, limit), BASE + 12 * PAGE);
    add(&list, piece(10, 14, PROT_READ, NULL));
    assert_int_equal(area_find_gap(&list, 2 * PAGE, limit), BASE + 14 * PAGE);
    assert_int_equal(area_find_gap(&list, 4 * PAGE, limit), BASE + 6 * PAGE);
    assert_int_equal(area_find_gap(&list, 10 * PAGE, limit), BASE);
    assert_int_equal(area_find_gap(&list, 11 * PAGE, limit), AREA_NO_ROOM);
    area_remove(&list, 0, AREA_LIMIT);
}

static void without_memory_nothing_changes(void **state) {
    (void)state;
    struct area_list list = {0};
    add(&list, piece(0, 8, PROT_READ, some_file));
    for (int fail = 1; fail <= 2; fail++) {
        failures_from = fail;
        assert_false(area_split(&list, BASE + 2 * PAGE, BASE + 4 * PAGE));
        failures_from = 0;
        assert_int_equal(list.count, 1);
        assert_int_equal(list.first->end, BASE + 8 * PAGE);
        assert_int_equal(holds, 1);
    }
    struct area_list copy;
    failures_from = 1;
    assert_false(area_copy(&copy, &list));
    failures_from = 0;
    assert_null(copy.first);
    area_remove(&list, 0, AREA_LIMIT);
    assert_int_equal(objects, 0);
}

/* ---- The model ------------------------------------------------------------------------------- */

static uint32_t model[PAGES]; /* protection, 0: nothing */

static void compare(const struct area_list *list) {
    uint32_t pages = 0;
    check_order(list);
    for (uint32_t page = 0; page < PAGES; page++) {
        const struct area *area = area_find(list, BASE + page * PAGE);
        assert_int_equal(area == NULL ? 0 : area->protection, model[page]);
        pages += model[page] != 0;
    }
    assert_int_equal(area_pages(list), pages);
}

static bool model_covers(uint32_t first, uint32_t last) {
    while (first < last && model[first] != 0)
        first++;
    return first == last;
}

static void set_model(uint32_t first, uint32_t last, uint32_t protection) {
    while (first < last)
        model[first++] = protection;
}

static void random_step(struct area_list *list) {
    uint32_t first = (uint32_t)rand() % PAGES, last = first + 1 + (uint32_t)rand() % 12;
    last = last < PAGES ? last : PAGES;
    uint32_t start = BASE + first * PAGE, end = BASE + last * PAGE;
    uint32_t protection = 1 + (uint32_t)rand() % 3;
    assert_int_equal(area_covers(list, start, end), model_covers(first, last));
    assert_true(area_split(list, start, end));
    switch (rand() % 3) {
    case 0:
        area_remove(list, start, end);
        set_model(first, last, 0);
        break;
    case 1:
        area_remove(list, start, end);
        add(list, piece(first, last, protection, rand() % 2 ? some_file : NULL));
        set_model(first, last, protection);
        break;
    default:
        for (uint32_t page = first; page < last; page++)
            model[page] = model[page] != 0 ? protection : 0;
        for (struct area *area = area_at_or_above(list, start); area && area->start < end;
             area = area->next)
            area->protection = protection;
    }
    area_merge(list, start, end);
}

static void any_sequence_agrees_with_the_model(void **state) {
    (void)state;
    struct area_list list = {0}, copy;
    srand(7);
    memset(model, 0, sizeof model);
    for (int step = 0; step < 20000; step++) {
        random_step(&list);
        compare(&list);
    }
    assert_true(area_copy(&copy, &list));
    compare(&copy);
    area_remove(&copy, 0, AREA_LIMIT);
    area_remove(&list, 0, AREA_LIMIT);
    assert_int_equal(objects, 0);
    assert_int_equal(holds, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_neighbours_become_one),
        cmocka_unit_test(files_join_only_where_their_pages_do),
        cmocka_unit_test(locked_pages_are_counted_and_not_copied),
        cmocka_unit_test(there_is_a_bound),
        cmocka_unit_test(gaps_are_taken_from_the_top),
        cmocka_unit_test(without_memory_nothing_changes),
        cmocka_unit_test(any_sequence_agrees_with_the_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
