// SPDX-License-Identifier: MIT
/*
 * The queue of ready threads: from both ends, and out of the middle.
 */
#include "kernel/sched/thread_queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT 4

static struct thread threads[COUNT];
static struct thread_queue queue;

/* Forwards and backwards, these and no others. */
static void assert_queue(const int *order, int count) {
    struct thread *thread = queue.first;

    for (int i = 0; i < count; i++, thread = thread->queue_next)
        assert_ptr_equal(thread, &threads[order[i]]);
    assert_null(thread);
    thread = queue.last;
    for (int i = count; i-- > 0; thread = thread->queue_previous)
        assert_ptr_equal(thread, &threads[order[i]]);
    assert_null(thread);
}

static void in_at_both_ends(void **state) {
    (void)state;
    queue = (struct thread_queue){NULL, NULL};
    assert_queue(NULL, 0);
    thread_queue_prepend(&queue, &threads[1]);
    thread_queue_append(&queue, &threads[2]);
    thread_queue_prepend(&queue, &threads[0]);
    thread_queue_append(&queue, &threads[3]);
    assert_queue((int[]){0, 1, 2, 3}, 4);
}

static void out_of_anywhere(void **state) {
    in_at_both_ends(state);
    thread_queue_remove(&queue, &threads[2]);
    assert_queue((int[]){0, 1, 3}, 3);
    thread_queue_remove(&queue, &threads[0]);
    assert_queue((int[]){1, 3}, 2);
    thread_queue_remove(&queue, &threads[3]);
    assert_queue((int[]){1}, 1);
    thread_queue_remove(&queue, &threads[1]);
    assert_queue(NULL, 0);
}

static void knows_who_is_in_it(void **state) {
    in_at_both_ends(state);
    for (int i = 0; i < COUNT; i++) {
        assert_true(thread_queue_has(&queue, &threads[i]));
        thread_queue_remove(&queue, &threads[i]);
        assert_false(thread_queue_has(&queue, &threads[i]));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_at_both_ends),
        cmocka_unit_test(out_of_anywhere),
        cmocka_unit_test(knows_who_is_in_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
