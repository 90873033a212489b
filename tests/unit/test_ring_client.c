// SPDX-License-Identifier: MIT
// sources: domains/linux/device/ring.c
/*
 * The manager's half of an IO ring against a model of the core's half.
 */
#include "domains/linux/device/ring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct io_ring shared;
static struct ring ring;
static int owners[1000];

static int fresh(void **state) {
    (void)state;
    memset(&shared, 0, sizeof shared);
    ring_start(&ring, &shared);
    return 0;
}

static bool put(uint32_t number) {
    struct io_submission submission = {.tag = 77, .position = number * 512ull, .bytes = 512};
    return ring_put(&ring, &submission, &owners[number]);
}

/* The core: takes the next submission. */
static struct io_submission accept(void) {
    assert_true(shared.submit_head != shared.submit_tail);
    return shared.submissions[shared.submit_head++ % IO_RING_ENTRIES];
}

static void complete(uint32_t tag, uint32_t status, uint32_t bytes) {
    assert_true(shared.complete_tail - shared.complete_head < IO_RING_ENTRIES);
    shared.completions[shared.complete_tail++ % IO_RING_ENTRIES] =
        (struct io_completion){.tag = tag, .status = status, .bytes = bytes};
}

static void a_request_comes_back_to_its_owner(void **state) {
    (void)state;
    struct io_completion completion;
    assert_true(put(3) && put(4));
    assert_true(ring_has_unaccepted(&ring));
    struct io_submission first = accept(), second = accept();
    assert_false(ring_has_unaccepted(&ring));
    assert_int_equal(first.position, 3 * 512);
    assert_int_not_equal(first.tag, second.tag);
    complete(second.tag, 13, 0);
    complete(first.tag, 0, 512);
    assert_ptr_equal(ring_take(&ring, &completion), &owners[4]);
    assert_int_equal(completion.status, 13);
    assert_ptr_equal(ring_take(&ring, &completion), &owners[3]);
    assert_int_equal(completion.bytes, 512);
    assert_null(ring_take(&ring, &completion));
}

static void no_more_than_the_ring_holds_is_out(void **state) {
    (void)state;
    struct io_completion completion;
    for (uint32_t i = 0; i < IO_RING_ENTRIES; i++)
        assert_true(put(i));
    assert_false(put(99));
    struct io_submission first = accept();
    assert_false(put(99)); /* accepted is not completed */
    complete(first.tag, 0, 512);
    assert_false(put(99)); /* completed is not taken */
    assert_non_null(ring_take(&ring, &completion));
    assert_true(put(99));
    assert_false(put(99));
}

static void unknown_and_repeated_tags_are_skipped(void **state) {
    (void)state;
    struct io_completion completion;
    put(1);
    uint32_t tag = accept().tag;
    complete(IO_RING_ENTRIES, 0, 0);
    complete(0xFFFFFFFF, 0, 0);
    complete((tag + 1) % IO_RING_ENTRIES, 0, 0);
    complete(tag, 0, 512);
    complete(tag, 0, 512);
    assert_ptr_equal(ring_take(&ring, &completion), &owners[1]);
    assert_null(ring_take(&ring, &completion));
}

/* Out-of-order completion over the wrap of all counters. */
static void every_request_comes_back_once(void **state) {
    (void)state;
    uint32_t start = 0xFFFFFF00u;
    shared.submit_head = shared.submit_tail = shared.complete_head = shared.complete_tail = start;
    ring.submit_tail = ring.complete_head = start;
    uint32_t held[IO_RING_ENTRIES], held_count = 0, next = 0, back = 0;
    memset(owners, 0, sizeof owners);
    srand(1);
    while (back < 1000) {
        struct io_completion completion;
        switch (rand() % 4) {
        case 0:
            if (next < 1000 && put(next))
                next++;
            break;
        case 1:
            if (ring_has_unaccepted(&ring))
                held[held_count++] = accept().tag;
            break;
        case 2:
            if (held_count) {
                uint32_t which = (uint32_t)rand() % held_count;
                complete(held[which], 0, 0);
                held[which] = held[--held_count];
            }
            break;
        default: {
            int *owner = ring_take(&ring, &completion);
            if (owner) {
                assert_int_equal(*owner, 0);
                *owner = 1;
                back++;
            }
        }
        }
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(owners[i], 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_request_comes_back_to_its_owner, fresh),
        cmocka_unit_test_setup(no_more_than_the_ring_holds_is_out, fresh),
        cmocka_unit_test_setup(unknown_and_repeated_tags_are_skipped, fresh),
        cmocka_unit_test_setup(every_request_comes_back_once, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
