// SPDX-License-Identifier: MIT
/* The virtqueue, with a device that plays by the rules and one that does not. */
// sources: drivers/lib/virtio/virtqueue.c
#include "drivers/lib/virtio/virtqueue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SIZE  64u
#define CHAIN 19u

static struct virtqueue queue;
static void *memory;

static int setup(void **state) {
    (void)state;
    memory = aligned_alloc(VIRTQUEUE_ALIGNMENT, 2 * VIRTQUEUE_ALIGNMENT + 4096);
    memset(memory, 0, 2 * VIRTQUEUE_ALIGNMENT + 4096);
    virtqueue_initialise(&queue, SIZE, CHAIN, memory);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    free(memory);
    return 0;
}

static void device_returns(uint32_t id) {
    queue.used->ring[queue.used->index % SIZE].id = id;
    queue.used->index++;
}

/* The legacy layout of virtio 1.1, 2.6.2, computed by its own formula. */
static void layout_is_the_legacy_one(void **state) {
    (void)state;
    for (uint32_t size = 1; size <= 1024; size *= 2) {
        uint32_t first = (16 * size + 2 * (3 + size) + 4095) / 4096 * 4096;
        assert_int_equal(virtqueue_available_offset(size), 16 * size);
        assert_int_equal(virtqueue_used_offset(size), first);
        assert_int_equal(virtqueue_bytes(size), first + 6 + 8 * size);
    }
}

static void chain_is_linked_to_its_end(void **state) {
    (void)state;
    virtqueue_describe(&queue, 2, 0, 0x123456789ull, 16, false, false);
    virtqueue_describe(&queue, 2, 1, 0x2000, 512, true, false);
    virtqueue_describe(&queue, 2, 2, 0x3000, 1, true, true);
    const volatile struct virtqueue_descriptor *chain = &queue.descriptors[2 * CHAIN];
    assert_true(chain[0].address == 0x123456789ull);
    assert_int_equal(chain[0].flags, DESCRIPTOR_NEXT);
    assert_int_equal(chain[0].next, 2 * CHAIN + 1);
    assert_int_equal(chain[1].flags, DESCRIPTOR_NEXT | DESCRIPTOR_WRITE);
    assert_int_equal(chain[1].next, 2 * CHAIN + 2);
    assert_int_equal(chain[2].flags, DESCRIPTOR_WRITE);
}

static void offers_and_takes_past_the_wrap(void **state) {
    (void)state;
    for (uint32_t i = 0; i < 70000; i++) {
        uint32_t slot = i % 3, taken, bytes;
        virtqueue_offer(&queue, slot);
        assert_int_equal(queue.available->index, (uint16_t)(i + 1));
        assert_int_equal(queue.available->ring[i % SIZE], slot * CHAIN);
        assert_int_equal(virtqueue_take(&queue, &taken, &bytes), VIRTQUEUE_EMPTY);
        device_returns(slot * CHAIN);
        assert_int_equal(virtqueue_take(&queue, &taken, &bytes), VIRTQUEUE_DONE);
        assert_int_equal(taken, slot);
    }
}

static void nonsense_is_told_from_answers(void **state) {
    (void)state;
    uint32_t slot, bytes;
    const uint32_t nonsense[] = {1, CHAIN - 1, CHAIN + 1, 4 * CHAIN, 0xFFFFFFFFu, 0x80000000u};
    for (size_t i = 0; i < sizeof(nonsense) / sizeof(nonsense[0]); i++) {
        device_returns(nonsense[i]);
        assert_int_equal(virtqueue_take(&queue, &slot, &bytes), VIRTQUEUE_NONSENSE);
    }
    device_returns(0);
    assert_int_equal(virtqueue_take(&queue, &slot, &bytes), VIRTQUEUE_DONE);
}

static void interrupts_are_asked_for_and_done_without(void **state) {
    (void)state;
    virtqueue_want_interrupts(&queue, false);
    assert_int_equal(queue.available->flags, 1); /* VIRTQ_AVAIL_F_NO_INTERRUPT, 2.6.7 */
    virtqueue_want_interrupts(&queue, true);
    assert_int_equal(queue.available->flags, 0);
    assert_false(virtqueue_is_used(&queue));
    device_returns(0);
    assert_true(virtqueue_is_used(&queue));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(layout_is_the_legacy_one, setup, teardown),
        cmocka_unit_test_setup_teardown(chain_is_linked_to_its_end, setup, teardown),
        cmocka_unit_test_setup_teardown(offers_and_takes_past_the_wrap, setup, teardown),
        cmocka_unit_test_setup_teardown(nonsense_is_told_from_answers, setup, teardown),
        cmocka_unit_test_setup_teardown(interrupts_are_asked_for_and_done_without, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
