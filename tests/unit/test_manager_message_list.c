// SPDX-License-Identifier: MIT
// sources: domains/linux/message_queue/message_list.c
/*
 * Messages leave by priority, and those of one priority as they came.
 */
#include "domains/linux/message_queue/message_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define COUNT 6

static struct message messages[COUNT];

static void add_all(struct message_list *list, const uint32_t priorities[COUNT]) {
    for (uint32_t i = 0; i < COUNT; i++) {
        messages[i] = (struct message){.priority = priorities[i], .bytes = i};
        message_list_add(list, &messages[i]);
    }
    assert_int_equal(list->count, COUNT);
}

static void priority_comes_first_then_age(void **state) {
    (void)state;
    struct message_list list = {0};
    static const uint32_t priorities[COUNT] = {3, 0, 7, 3, 0, 7},
                          expected[COUNT] = {2, 5, 0, 3, 1, 4};
    add_all(&list, priorities);
    for (uint32_t i = 0; i < COUNT; i++)
        assert_ptr_equal(message_list_take(&list), &messages[expected[i]]);
    assert_null(message_list_take(&list));
    assert_int_equal(list.count, 0);
}

static void an_emptied_list_is_used_again(void **state) {
    (void)state;
    struct message_list list = {0};
    static const uint32_t rising[COUNT] = {0, 1, 2, 3, 4, 5};
    for (int round = 0; round < 2; round++) {
        add_all(&list, rising);
        for (uint32_t i = COUNT; i-- > 0;)
            assert_ptr_equal(message_list_take(&list), &messages[i]);
    }
    assert_null(list.first);
    assert_null(list.last);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(priority_comes_first_then_age),
        cmocka_unit_test(an_emptied_list_is_used_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
