// SPDX-License-Identifier: MIT
// sources: domains/lib/heap.c
/*
 * Objects of all sizes from an array of frames: none lies over another, and all frames come back but one a size class, and
 * a part of the reservation in runs for the next ones.
 */
#include "domains/lib/heap.h"

#include "kernel/abi/layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FRAMES  4096u
#define OBJECTS 600u
#define LARGEST (3 * PAGE_SIZE)
#define CLASSES 14u

static _Alignas(4096) char frames[FRAMES][PAGE_SIZE];
static bool used[FRAMES];
static uint32_t reservation; /* what the heap is told */

void panic(const char *format, ...) {
    fail_msg("%s", format);
    abort();
}

void *frame_pointer(uint32_t frame) {
    return frames[frame];
}

uint32_t frame_number(const void *address) {
    return (uint32_t)(((const char *)address - frames[0]) / (ptrdiff_t)PAGE_SIZE);
}

uint32_t frames_total(void) {
    return reservation;
}

uint32_t frame_allocate_run(uint32_t count) {
    for (uint32_t first = 0, free = 0; first + free < FRAMES;) {
        free = used[first + free] ? 0 : free + 1;
        if (free == 0)
            first++;
        if (free < count)
            continue;
        memset(used + first, true, count);
        memset(frames[first], 0, count * PAGE_SIZE);
        return first;
    }
    return NO_FRAME;
}

static uint32_t taken;

uint32_t frame_allocate(void) {
    taken++;
    return frame_allocate_run(1);
}

void frame_release(uint32_t frame) {
    assert_true(used[frame]);
    used[frame] = false;
}

static uint32_t frames_used(void) {
    uint32_t count = 0;
    for (uint32_t n = 0; n < FRAMES; n++)
        count += used[n];
    return count;
}

static struct object {
    uint8_t *bytes;
    size_t size;
} objects[OBJECTS];

static void make(struct object *object, uint32_t mark, size_t size) {
    object->size = size;
    object->bytes = heap_allocate(size);
    assert_non_null(object->bytes);
    for (size_t n = 0; n < size; n++)
        assert_int_equal(object->bytes[n], 0);
    memset(object->bytes, (int)mark, size);
}

static void end(struct object *object, uint32_t mark) {
    for (size_t n = 0; n < object->size; n++)
        assert_int_equal(object->bytes[n], (uint8_t)mark);
    heap_free(object->bytes);
    object->bytes = NULL;
}

static void every_size_has_room(void **state) {
    (void)state;
    for (size_t size = 1; size <= LARGEST; size++) {
        struct object two[2];
        make(&two[0], 1, size);
        make(&two[1], 2, size);
        end(&two[0], 1);
        end(&two[1], 2);
    }
    assert_true(frames_used() <= CLASSES);
}

static void no_object_lies_over_another(void **state) {
    (void)state;
    for (uint32_t step = 0; step < 100000; step++) {
        uint32_t n = (uint32_t)rand() % OBJECTS;
        if (objects[n].bytes != NULL)
            end(&objects[n], n);
        else
            make(&objects[n], n, (size_t)rand() % (rand() % 16 == 0 ? LARGEST : 2100) + 1);
    }
    for (uint32_t n = 0; n < OBJECTS; n++)
        if (objects[n].bytes != NULL)
            end(&objects[n], n);
    assert_true(frames_used() <= CLASSES);
}

static void a_small_heap_shares_slabs(void **state) {
    struct object object[CLASSES];
    (void)state;
    heap_give_back();
    assert_int_equal(frames_used(), 0);
    for (uint32_t n = 0; n < CLASSES; n++)
        make(&object[n], n, 16u * (n + 1));
    assert_true(frames_used() <= 3);
    for (uint32_t n = 0; n < CLASSES; n++)
        end(&object[n], n);
    assert_int_equal(heap_give_back(), 3);
    assert_int_equal(frames_used(), 0);
}

#define SIZE   1360
#define A_SLAB 2 /* objects of that size */

/* Two objects come and go where all slabs have room for one: how many frames that takes. */
static uint32_t frames_for_coming_and_going(void) {
    struct object object[2 * A_SLAB], first, second;
    uint32_t before = 0;
    for (uint32_t n = 0; n < 2 * A_SLAB; n++)
        make(&object[n], n, SIZE);
    end(&object[0], 0);
    for (uint32_t turn = 0; turn <= 100; turn++) {
        make(&first, 1, SIZE);
        make(&second, 2, SIZE);
        end(&first, 1);
        end(&second, 2);
        before = turn == 0 ? taken : before;
    }
    uint32_t made = taken - before;
    for (uint32_t n = 1; n < 2 * A_SLAB; n++)
        end(&object[n], n);
    return made;
}

static void coming_and_going_makes_slabs_in_a_small_tenant_alone(void **state) {
    (void)state;
    reservation = FRAMES;
    assert_int_equal(frames_for_coming_and_going(), 0);
    reservation = 64;
    assert_int_equal(frames_for_coming_and_going(), 100);
    reservation = FRAMES;
    assert_true(frames_used() <= CLASSES);
}

#define KEPT       16u /* of a reservation of FRAMES */
#define RUN        5u
#define MANY_RUNS  20u
#define RUN_BYTES  (RUN * PAGE_SIZE)
#define OTHER_RUNS 3u

static void a_run_is_kept_for_the_next(void **state) {
    struct object run, other;
    (void)state;
    heap_give_back();
    reservation = FRAMES;
    make(&run, 0xFF, RUN_BYTES);
    const uint8_t *place = run.bytes;
    end(&run, 0xFF);
    make(&other, 1, OTHER_RUNS * PAGE_SIZE);
    assert_true(other.bytes != place);
    make(&run, 2, RUN_BYTES); /* zeroed, as it sees */
    assert_ptr_equal(run.bytes, place);
    end(&run, 2);
    end(&other, 1);
    uint8_t *unzeroed = heap_allocate_unzeroed(RUN_BYTES);
    assert_true(unzeroed == place && unzeroed[RUN_BYTES - 1] == 2);
    heap_free(unzeroed);
}

static void no_more_runs_are_kept_than_may_be(void **state) {
    struct object many[MANY_RUNS];
    (void)state;
    heap_give_back();
    for (uint32_t n = 0; n < MANY_RUNS; n++)
        make(&many[n], n, RUN_BYTES);
    for (uint32_t n = 0; n < MANY_RUNS; n++)
        end(&many[n], n);
    assert_true(frames_used() > RUN && frames_used() <= KEPT + 1); /* and their records */
    heap_give_back();
    assert_int_equal(frames_used(), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size_has_room),
        cmocka_unit_test(no_object_lies_over_another),
        cmocka_unit_test(a_small_heap_shares_slabs),
        cmocka_unit_test(coming_and_going_makes_slabs_in_a_small_tenant_alone),
        cmocka_unit_test(a_run_is_kept_for_the_next),
        cmocka_unit_test(no_more_runs_are_kept_than_may_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
