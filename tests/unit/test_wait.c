// SPDX-License-Identifier: MIT
// sources: kernel/sched/wait.c kernel/mem/digital_tree.c
/*
 * Finding by number and by word: against a plain search, with the numbers that a hash would like least.
 */
#include "kernel/sched/wait.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT 1024u

static struct digital_node nodes[COUNT], *root;
static struct waiter waiters[COUNT];
static bool present[COUNT];
static uint32_t seed = 1;

static uint32_t draw(uint32_t below) {
    seed = seed * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)seed * below >> 32);
}

static uint32_t depth(const struct digital_node *node) {
    uint32_t left, right;

    if (!node)
        return 0;
    left = depth(node->child[0]);
    right = depth(node->child[1]);
    return 1 + (left > right ? left : right);
}

/* Numbers wrap; none is given twice while its owner lives, and 0 never is. */
static void a_number_in_use_is_not_given_again(void **state) {
    (void)state;
    digital_insert(&root, &nodes[0], 1);
    digital_insert(&root, &nodes[1], 2);
    digital_insert(&root, &nodes[2], 4);
    assert_int_equal(digital_unused(root, UINT32_MAX - 1), UINT32_MAX);
    assert_int_equal(digital_unused(root, UINT32_MAX), 3);
    assert_int_equal(digital_unused(root, 3), 5);
    for (uint32_t i = 0; i < 3; i++)
        digital_remove(&root, &nodes[i]);
    assert_null(root);
}

/* Each key is there, then it is not; never does a path have more steps than a key has bits. */
static void check_keys(uint32_t multiplier) {
    for (uint32_t i = 0; i < COUNT; i++)
        digital_insert(&root, &nodes[i], i * multiplier);
    assert_true(depth(root) <= 33);
    for (uint32_t i = 0; i < COUNT; i += 2)
        digital_remove(&root, &nodes[i]);
    for (uint32_t i = 0; i < COUNT; i++)
        assert_ptr_equal(digital_find(root, i * multiplier), i % 2 ? &nodes[i] : NULL);
    for (uint32_t i = 1; i < COUNT; i += 2)
        digital_remove(&root, &nodes[i]);
    assert_null(root);
}

static void test_keys(void **state) {
    (void)state;
    check_keys(1);
    check_keys(4096);
    check_keys(1u << 22);
    check_keys(0x9E3779B1u);
}

static uint32_t longest_asleep(uint32_t word, const uint32_t since[COUNT]) {
    uint32_t oldest = COUNT;

    for (uint32_t n = 0; n < COUNT; n++)
        if (present[n] && waiters[n].node.key == word &&
            (oldest == COUNT || since[n] < since[oldest]))
            oldest = n;
    return oldest;
}

static bool sleeps_on(uint32_t word) {
    uint32_t since[COUNT] = {0};

    return longest_asleep(word, since) != COUNT;
}

/* A few words, many sleepers, some of whom leave by themselves: taken is always the one that has slept longest. */
static void test_the_longest_asleep_is_taken(void **state) {
    uint32_t since[COUNT];

    (void)state;
    for (uint32_t round = 0; round < 50000; round++) {
        uint32_t i = draw(COUNT), word = draw(8) << 20, oldest;
        struct digital_node **ring;
        bool more;

        if (present[i])
            waiter_remove(&root, &waiters[i]);
        else
            waiter_add(&root, &waiters[i], draw(8) << 20);
        present[i] = !present[i];
        since[i] = round;
        oldest = longest_asleep(word, since);
        ring = digital_place(&root, word);
        assert_ptr_equal(*ring, oldest == COUNT ? NULL : &waiters[oldest].node);
        if (oldest == COUNT || round % 3)
            continue;
        assert_ptr_equal(waiter_take(ring, &more), &waiters[oldest]);
        present[oldest] = false;
        assert_int_equal(more, sleeps_on(word));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_in_use_is_not_given_again),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_the_longest_asleep_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
