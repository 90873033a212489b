// SPDX-License-Identifier: MIT
// sources: kernel/sched/leftist_tree.c
/*
 * The tree against a plain array that is searched through: any order of adding and removing, keys that wrap, and no
 * step that grows with the number of nodes.
 */
#include "kernel/sched/leftist_tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NODES 4096u
#define BASE  (UINT64_MAX - 25) /* the keys wrap */

static struct leftist_node nodes[NODES], *root;
static uint32_t seed = 1;

static uint32_t draw(uint32_t below) {
    seed = seed * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)seed * below >> 32);
}

static uint32_t distance(const struct leftist_node *node) {
    return node ? node->distance : 0;
}

/* Every node's part of what must hold; the whole tree is the sum of them. */
static uint32_t check(void) {
    uint32_t count = 0;

    for (uint32_t i = 0; i < NODES; i++) {
        const struct leftist_node *node = &nodes[i];

        if (node->distance == 0)
            continue;
        count++;
        assert_true(distance(node->left) >= distance(node->right));
        assert_int_equal(node->distance, distance(node->right) + 1);
        if (node->parent) {
            assert_true(node->parent->left == node || node->parent->right == node);
            assert_true(node->parent->key - BASE <= node->key - BASE);
        } else {
            assert_ptr_equal(node, root);
        }
    }
    return count;
}

static uint64_t least(void) {
    uint64_t key = UINT64_MAX;

    for (uint32_t i = 0; i < NODES; i++)
        if (nodes[i].distance != 0 && nodes[i].key - BASE < key)
            key = nodes[i].key - BASE;
    return BASE + key;
}

static void empty(void) {
    while (root) {
        assert_int_equal(root->key, least());
        leftist_remove(&root, root);
    }
    assert_int_equal(check(), 0);
}

static void test_any_order(void **state) {
    (void)state;
    for (uint32_t round = 0; round < 20000; round++) {
        struct leftist_node *node = &nodes[draw(200)];

        if (node->distance != 0)
            leftist_remove(&root, node);
        else
            leftist_add(&root, node, BASE + draw(50));
        if (root)
            assert_int_equal(root->key, least());
        if (round % 50 == 0)
            check();
    }
    empty();
}

static void test_all_in_a_row(void **state) {
    (void)state;
    for (uint32_t i = 0; i < NODES; i++)
        leftist_add(&root, &nodes[i], BASE + i);
    assert_int_equal(check(), NODES);
    empty();
    for (uint32_t i = 0; i < NODES; i++)
        leftist_add(&root, &nodes[i], BASE + NODES - i);
    assert_int_equal(check(), NODES);
    empty();
}

/* However the tree came about, the way to the right is short: twelve steps for 4,096 nodes. */
static void test_short_ways(void **state) {
    (void)state;
    for (uint32_t i = 0; i < NODES; i++)
        leftist_add(&root, &nodes[i], BASE + draw(1u << 30));
    for (uint32_t i = 0; i < NODES; i += 2)
        leftist_remove(&root, &nodes[i]);
    assert_int_equal(check(), NODES / 2);
    for (uint32_t i = 0; i < NODES; i++)
        assert_true(nodes[i].distance <= 12);
    empty();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_order),
        cmocka_unit_test(test_all_in_a_row),
        cmocka_unit_test(test_short_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
