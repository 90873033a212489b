// SPDX-License-Identifier: MIT
// sources: domains/linux/block/cache.c
/*
 * The page cache's index against a plain array that does the same the slow way.
 */
#include "domains/linux/block/cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define RECORDS 32

static struct cached_page records[RECORDS];
static struct page_cache cache;

static int fresh(void **state) {
    (void)state;
    cache_start(&cache, records, RECORDS);
    return 0;
}

static struct cached_page *add(uint64_t number) {
    struct cached_page *page = cache_insert(&cache, number, (uint32_t)number + 1000);
    assert_non_null(page);
    assert_true(page->reading);
    page->reading = false;
    return page;
}

static void what_was_used_longest_ago_goes_first(void **state) {
    (void)state;
    for (uint64_t i = 0; i < RECORDS; i++)
        add(i);
    assert_null(cache_insert(&cache, 99, 0));
    assert_non_null(cache_find(&cache, 0));
    assert_int_equal(cache_victim(&cache)->number, 1);
    cache_remove(&cache, cache_victim(&cache));
    assert_null(cache_find(&cache, 1));
    assert_int_equal(cache_victim(&cache)->number, 2);
    add(99);
}

static void busy_pages_do_not_go(void **state) {
    (void)state;
    struct cached_page *page[5];
    for (uint64_t i = 0; i < 5; i++)
        page[i] = add(i);
    page[0]->holds = 1;
    page[1]->reading = true;
    page[2]->writing = true;
    cache_set_dirty(&cache, page[3], true);
    assert_ptr_equal(cache_victim(&cache), page[4]);
    page[4]->holds = 1;
    assert_null(cache_victim(&cache));
}

static void dirty_runs_have_no_gaps(void **state) {
    (void)state;
    static const uint64_t numbers[] = {20, 7, 5, 6, 9, 21};
    struct cached_page *run[16];
    for (int i = 0; i < 6; i++)
        cache_set_dirty(&cache, add(numbers[i]), true);
    add(8);
    assert_int_equal(cache.dirty, 6);
    assert_int_equal(cache_dirty_run(&cache, 0, run, 16), 3);
    assert_int_equal(run[0]->number, 5);
    assert_int_equal(run[2]->number, 7);
    assert_int_equal(cache_dirty_run(&cache, 0, run, 2), 2);
    assert_int_equal(cache_dirty_run(&cache, 8, run, 16), 1);
    assert_int_equal(run[0]->number, 9);
    cache_find(&cache, 20)->writing = true;
    assert_int_equal(cache_dirty_run(&cache, 10, run, 16), 1);
    assert_int_equal(run[0]->number, 21);
    assert_int_equal(cache_dirty_run(&cache, 22, run, 16), 0);
}

/* Random work beside a model: contents, counts and order of use stay equal. */
static void random_use_agrees_with_a_model(void **state) {
    (void)state;
    uint64_t order[RECORDS]; /* oldest first */
    uint32_t count = 0, dirty = 0;
    bool is_dirty[200] = {false};
    srand(1);
    for (int step = 0; step < 100000; step++) {
        uint64_t number = (uint64_t)rand() % 200;
        uint32_t at = 0;
        while (at < count && order[at] != number)
            at++;
        struct cached_page *page = cache_find(&cache, number);
        assert_int_equal(page != NULL, at < count);
        if (!page && count < RECORDS) {
            add(number);
            order[count++] = number;
        } else if (page && rand() % 3 == 0) {
            dirty -= is_dirty[number];
            is_dirty[number] = false;
            cache_remove(&cache, page);
            for (count--; at < count; at++)
                order[at] = order[at + 1];
        } else if (page) {
            for (; at + 1 < count; at++)
                order[at] = order[at + 1];
            order[count - 1] = number;
            bool now = rand() % 2;
            dirty += (uint32_t)now - (uint32_t)is_dirty[number];
            is_dirty[number] = now;
            cache_set_dirty(&cache, page, now);
        }
        assert_int_equal(cache.used, count);
        assert_int_equal(cache.dirty, dirty);
        uint32_t clean = 0;
        while (clean < count && is_dirty[order[clean]])
            clean++;
        struct cached_page *victim = cache_victim(&cache);
        assert_int_equal(victim != NULL, clean < count);
        if (victim)
            assert_int_equal(victim->number, order[clean]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_was_used_longest_ago_goes_first, fresh),
        cmocka_unit_test_setup(busy_pages_do_not_go, fresh),
        cmocka_unit_test_setup(dirty_runs_have_no_gaps, fresh),
        cmocka_unit_test_setup(random_use_agrees_with_a_model, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
