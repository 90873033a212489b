// SPDX-License-Identifier: MIT
// sources: kernel/io/block_copies.c
/*
 * The copies of blocks against a plain list of what was written, newest first.
 */
#include "kernel/io/block_copies.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define PLACES  13u
#define DEVICES 3u
#define BLOCKS  9u /* of each device: a few more in all than there are places */
#define STEPS   200000u
#define BYTES   (PLACES * (COPY_BYTES + sizeof(struct copy_record) + 4) + sizeof(struct copy_record))

static _Alignas(8) uint8_t memory[BYTES];
static struct block_copies copies;

/* What the list holds: a block and the number that its content starts from. */
static struct naive { uint32_t device, block, content; } list[PLACES];
static uint32_t list_count;

static void naive_keep(uint32_t device, uint32_t block, uint32_t content) {
    uint32_t place = 0;
    while (place < list_count && (list[place].device != device || list[place].block != block))
        place++;
    if (place == PLACES)
        place--;
    else if (place == list_count)
        list_count++;
    memmove(&list[1], &list[0], place * sizeof list[0]);
    list[0] = (struct naive){device, block, content};
}

static void fill(uint32_t *words, uint32_t content) {
    for (uint32_t n = 0; n < COPY_BYTES / 4; n++)
        words[n] = content + n;
}

static void keep(uint32_t device, uint64_t block, uint32_t content) {
    uint32_t words[COPY_BYTES / 4];
    fill(words, content);
    copies_keep(&copies, device, block, words);
}

static void assert_holds(uint32_t device, uint64_t block, uint32_t content) {
    uint32_t words[COPY_BYTES / 4];
    const void *found = copies_find(&copies, device, block);
    fill(words, content);
    assert_non_null(found);
    assert_memory_equal(found, words, sizeof words);
}

static int fresh(void **state) {
    (void)state;
    memset(memory, 0, sizeof memory);
    copies_initialise(&copies, memory, sizeof memory);
    assert_int_equal(copies.count, PLACES);
    list_count = 0;
    return 0;
}

static void those_written_last_are_found(void **state) {
    (void)state;
    srandom(11);
    for (uint32_t step = 0; step < STEPS; step++) {
        uint32_t device = (uint32_t)random() % DEVICES, block = (uint32_t)random() % BLOCKS;
        keep(device, block, step);
        naive_keep(device, block, step);
        uint32_t found = 0;
        for (uint32_t n = 0; n < DEVICES * BLOCKS; n++)
            found += copies_find(&copies, n / BLOCKS, n % BLOCKS) != NULL;
        assert_int_equal(found, list_count);
        const struct naive *one = &list[(uint32_t)random() % list_count];
        assert_holds(one->device, one->block, one->content);
    }
}

static void places_far_out_are_not_mixed_up(void **state) {
    (void)state;
    const uint64_t far = 1ull << 50;
    keep(0, 5, 1);
    keep(0, far + 5, 2);
    keep(127, 5, 3);
    assert_holds(0, 5, 1);
    assert_holds(0, far + 5, 2);
    assert_holds(127, 5, 3);
    assert_null(copies_find(&copies, 127, far + 5));
}

static void without_memory_nothing_is_kept(void **state) {
    (void)state;
    copies_initialise(&copies, memory, COPY_BYTES);
    keep(0, 1, 2);
    assert_null(copies_find(&copies, 0, 1));
}

#define TEST(function) cmocka_unit_test_setup(function, fresh)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(those_written_last_are_found),
        TEST(places_far_out_are_not_mixed_up),
        TEST(without_memory_nothing_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
