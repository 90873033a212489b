// SPDX-License-Identifier: MIT
// sources: kernel/io/checksum.c kernel/io/block_sums.c
/*
 * The checksum against published values, both ways of computing it against each other, and the store of sums against a
 * plain array.
 */
#include "kernel/io/block_sums.h"
#include "kernel/io/checksum.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#define GROUPS  5u
#define DEVICES 3u
#define BLOCKS  (4 * SUM_GROUP)

static uint32_t memory[GROUPS * (SUM_GROUP + 3)];
static struct block_sums sums;

static void fresh(void) {
    memset(memory, 0, sizeof memory);
    sums_initialise(&sums, memory, sizeof memory);
    assert_int_equal(sums.count, GROUPS);
}

static void published_values(void **state) {
    (void)state;
    uint32_t bytes[8];
    for (int way = 0; way < 2; way++) { /* RFC 3720, appendix B.4 */
        checksum_initialise(way == 1 && __builtin_cpu_supports("sse4.2"));
        memset(bytes, 0, sizeof bytes);
        assert_int_equal(checksum(bytes, sizeof bytes), 0x8A9136AAu);
        memset(bytes, 0xFF, sizeof bytes);
        assert_int_equal(checksum(bytes, sizeof bytes), 0x62A8AB43u);
        for (uint32_t n = 0; n < sizeof bytes; n++)
            ((uint8_t *)bytes)[n] = (uint8_t)n;
        assert_int_equal(checksum(bytes, sizeof bytes), 0x46DD794Eu);
    }
}

static void every_bit_counts(void **state) {
    (void)state;
    static uint32_t block[SUM_BLOCK_BYTES / 4];
    checksum_initialise(false);
    uint32_t sum = checksum(block, sizeof block);
    for (uint32_t bit = 0; bit < 8 * sizeof block; bit += 61) {
        block[bit / 32] ^= 1u << bit % 32;
        assert_int_not_equal(checksum(block, sizeof block), sum);
        block[bit / 32] ^= 1u << bit % 32;
    }
}

static void what_is_noted_is_found(void **state) {
    (void)state;
    static uint32_t naive[DEVICES][BLOCKS]; /* what was noted last; 0: nothing is to be found */
    fresh();
    srandom(7);
    for (uint32_t n = 0; n < 200000; n++) {
        uint32_t device = (uint32_t)random() % DEVICES, block = (uint32_t)random() % BLOCKS;
        uint32_t known = sums_look(&sums, device, block), sum = (uint32_t)random() % 4;
        if (naive[device][block] == 0)
            assert_true(known == SUM_UNKNOWN || known == SUM_LOST);
        else
            assert_true(known == SUM_UNKNOWN || sums_agree(known, naive[device][block] - 1));
        if (random() % 4 == 0) {
            sums_forget(&sums, device, block);
            naive[device][block] = 0;
        } else {
            sums_note(&sums, device, block, sum);
            naive[device][block] = sum + 1;
            assert_true(sums_agree(sums_look(&sums, device, block), sum));
        }
    }
    assert_int_equal(sums.used, GROUPS);
    assert_true(sums.refused > 0);
}

/* Whoever comes first takes all places: what the others write stays unknown, and nothing of the first is lost. */
static void a_full_store_keeps_what_it_has(void **state) {
    (void)state;
    fresh();
    for (uint32_t group = 0; group < 2 * GROUPS; group++)
        sums_note(&sums, 0, group * SUM_GROUP, 100 + group);
    for (uint32_t group = 0; group < 2 * GROUPS; group++) {
        uint32_t known = sums_look(&sums, 0, group * SUM_GROUP);
        assert_int_equal(known, group < GROUPS ? 100 + group : SUM_UNKNOWN);
    }
    assert_int_equal(sums.refused, GROUPS);
}

static void small_sums_are_no_marks(void **state) {
    (void)state;
    fresh();
    for (uint32_t sum = 0; sum < 2; sum++) {
        sums_note(&sums, 0, 7, sum);
        assert_true(sums_agree(sums_look(&sums, 0, 7), sum));
        assert_false(sums_agree(sums_look(&sums, 0, 7), !sum));
    }
}

static void a_lost_block_agrees_with_nothing(void **state) {
    (void)state;
    fresh();
    assert_true(sums_agree(sums_look(&sums, 1, 9), 4711));
    sums_note(&sums, 1, 9, 4711);
    sums_lose(&sums, 1, 9);
    assert_false(sums_agree(sums_look(&sums, 1, 9), 4711));
    assert_false(sums_agree(sums_look(&sums, 1, 9), SUM_LOST));
    sums_note(&sums, 1, 9, 42);
    assert_true(sums_agree(sums_look(&sums, 1, 9), 42));
}

static void without_memory_all_is_unknown(void **state) {
    (void)state;
    sums_initialise(&sums, memory, 0);
    sums_note(&sums, 0, 0, 5);
    assert_int_equal(sums_look(&sums, 0, 0), SUM_UNKNOWN);
    assert_int_equal(sums.refused, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_values),
        cmocka_unit_test(every_bit_counts),
        cmocka_unit_test(what_is_noted_is_found),
        cmocka_unit_test(a_full_store_keeps_what_it_has),
        cmocka_unit_test(small_sums_are_no_marks),
        cmocka_unit_test(a_lost_block_agrees_with_nothing),
        cmocka_unit_test(without_memory_all_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
