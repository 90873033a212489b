// SPDX-License-Identifier: MIT
// sources: domains/linux/signal/queue.c
/*
 * Pending signals: once or queued, in which order, and what happens when memory ends.
 */
#include "domains/lib/heap.h"
#include "domains/linux/signal/queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static int objects;
static bool no_memory;

void *heap_allocate(size_t bytes) {
    if (no_memory)
        return NULL;
    objects++;
    return calloc(1, bytes);
}

void heap_free(void *object) {
    objects -= object != NULL;
    free(object);
}

static struct signal_information numbered(int signal, uint32_t number) {
    return (struct signal_information){.signal = signal, .fields = {number}};
}

static enum queue_result add(struct signal_queue *queue, int signal, uint32_t number) {
    struct signal_information information = numbered(signal, number);
    return signal_queue_add(queue, &information, 4);
}

static uint32_t take(struct signal_queue *queue, int signal) {
    struct signal_information information;
    signal_queue_take(queue, signal, &information);
    assert_int_equal(information.signal, signal);
    return information.fields[0];
}

static void plain_signals_are_pending_once(void **state) {
    (void)state;
    struct signal_queue queue = {0};
    assert_int_equal(add(&queue, 10, 1), QUEUE_ADDED);
    assert_int_equal(add(&queue, 10, 2), QUEUE_ALREADY_PENDING);
    assert_int_equal(queue.set, signal_bit(10));
    assert_int_equal(take(&queue, 10), 1);
    assert_int_equal(queue.set, 0);
    assert_int_equal(objects, 0);
}

static void real_time_signals_queue_in_order(void **state) {
    (void)state;
    struct signal_queue queue = {0};
    for (uint32_t i = 0; i < 4; i++)
        assert_int_equal(add(&queue, 40, i), QUEUE_ADDED);
    assert_int_equal(add(&queue, 41, 9), QUEUE_FULL);
    assert_int_equal(queue.set, signal_bit(40));
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(queue.set, signal_bit(40));
        assert_int_equal(take(&queue, 40), i);
    }
    assert_int_equal(queue.set, 0);
}

static void a_full_queue_loses_no_plain_signal(void **state) {
    (void)state;
    struct signal_queue queue = {0};
    for (uint32_t i = 0; i < 4; i++)
        add(&queue, 50, i);
    assert_int_equal(add(&queue, 15, 7), QUEUE_ADDED);
    assert_int_equal(take(&queue, 15), 7);
    no_memory = true;
    assert_int_equal(add(&queue, 2, 7), QUEUE_ADDED);
    assert_int_equal(add(&queue, 51, 7), QUEUE_FULL);
    no_memory = false;
    assert_int_equal(take(&queue, 2), 0);
    signal_queue_discard(&queue, ~0ull);
    assert_int_equal(objects, 0);
    assert_int_equal(queue.set, 0);
}

static void timers_queue_beside_plain_signals(void **state) {
    (void)state;
    struct signal_queue queue = {0};
    struct signal_information of_timer = {.signal = 10, .is_timers = true, .fields = {3}};
    add(&queue, 10, 1);
    assert_false(signal_queue_has_timer(&queue, 10, 3));
    assert_int_equal(signal_queue_add(&queue, &of_timer, 4), QUEUE_ADDED);
    assert_true(signal_queue_has_timer(&queue, 10, 3));
    assert_false(signal_queue_has_timer(&queue, 10, 4));
    assert_false(signal_queue_has_timer(&queue, 12, 3));
    assert_int_equal(take(&queue, 10), 1);
    assert_int_equal(queue.set, signal_bit(10));
    assert_int_equal(take(&queue, 10), 3);
    assert_int_equal(queue.set, 0);
    assert_int_equal(objects, 0);
}

static void discarding_leaves_the_others(void **state) {
    (void)state;
    struct signal_queue queue = {0};
    add(&queue, 19, 1);
    add(&queue, 18, 2);
    add(&queue, 20, 3);
    signal_queue_discard(&queue, signal_bit(19) | signal_bit(20));
    assert_int_equal(queue.set, signal_bit(18));
    assert_int_equal(queue.count, 1);
    assert_int_equal(take(&queue, 18), 2);
    assert_int_equal(objects, 0);
}

static void faults_come_first_then_the_lowest(void **state) {
    (void)state;
    assert_int_equal(signal_first(0), 0);
    for (int signal = 1; signal <= SIGNAL_COUNT; signal++)
        assert_int_equal(signal_first(signal_bit(signal)), signal);
    assert_int_equal(signal_first(signal_bit(1) | signal_bit(11)), 11);
    assert_int_equal(signal_first(signal_bit(64) | signal_bit(33)), 33);
    assert_int_equal(signal_first(signal_bit(15) | signal_bit(40)), 15);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_signals_are_pending_once),
        cmocka_unit_test(real_time_signals_queue_in_order),
        cmocka_unit_test(a_full_queue_loses_no_plain_signal),
        cmocka_unit_test(timers_queue_beside_plain_signals),
        cmocka_unit_test(discarding_leaves_the_others),
        cmocka_unit_test(faults_come_first_then_the_lowest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
