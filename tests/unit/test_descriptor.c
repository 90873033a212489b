// SPDX-License-Identifier: MIT
// sources: kernel/cpu/descriptor.c
/*
 * Descriptors and the TLS cut: no offset of any accepted TLS segment may name a byte at or above the fence,
 * and every byte of app memory that musl touches must be in one of the two halves.
 */
#include "kernel/abi/layout.h"
#include "kernel/cpu/descriptor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MUSL_TLS(base) segment_descriptor(base, 0xFFFFF, 0xF3, FLAGS_PAGES)

/* What the CPU does with an offset (SDM 3A 5.3), for a 32-bit page-granular data segment. */
static bool reaches(uint64_t descriptor, uint32_t offset, uint32_t *linear) {
    uint32_t pages = (uint32_t)(descriptor & 0xFFFF) | (uint32_t)(descriptor >> 48 & 0xF) << 16;
    uint64_t limit = ((uint64_t)pages << 12) | 0xFFF;
    bool down = descriptor >> 42 & 1;

    *linear = descriptor_base(descriptor) + offset;
    return down ? offset > limit : offset <= limit;
}

static void no_tls_segment_passes_the_fence(void **state) {
    static const uint32_t bases[] = {0,        1,          0x1000,     0x600000,  0x600FF0,
                                     0x600123, 0x7FFFEFFF, 0x7FFFF000, 0x7FFFFFFF};
    uint32_t tried = 0;

    (void)state;
    for (size_t i = 0; i < sizeof bases / sizeof bases[0]; i++)
        for (int half = TLS_UP; half <= TLS_DOWN; half++) {
            uint64_t cut = tls_cut(MUSL_TLS(bases[i]), (enum tls_half)half);
            for (uint64_t offset = 0; offset < 0x100000000ull; offset += 0xFFF) {
                uint32_t linear;
                tried++;
                if (reaches(cut, (uint32_t)offset, &linear))
                    assert_true(linear < APP_LIMIT);
            }
        }
    assert_true(tried > 1000000);
}

static void halves_cover_what_musl_uses(void **state) {
    uint64_t up = tls_cut(MUSL_TLS(0x600FF0), TLS_UP), down = tls_cut(MUSL_TLS(0x600FF0), TLS_DOWN);
    uint32_t linear;

    (void)state;
    assert_true(reaches(up, 0, &linear) && linear == 0x600FF0);
    assert_true(reaches(up, 0x14, &linear));
    assert_false(reaches(up, 0xFFFFFFFC, &linear));
    assert_true(reaches(down, 0xFFFFFFFC, &linear) && linear == 0x600FEC);
    assert_false(reaches(down, 0, &linear));
    assert_int_equal(tls_half_of(up), TLS_UP);
    assert_int_equal(tls_half_of(down), TLS_DOWN);
}

static void hostile_tls_is_refused(void **state) {
    (void)state;
    assert_int_equal(tls_check(0), STATUS_OK);
    assert_int_equal(tls_check(MUSL_TLS(0x1000)), STATUS_OK);
    assert_int_equal(tls_check(MUSL_TLS(APP_LIMIT)), STATUS_BAD_ARGUMENT);
    assert_int_equal(tls_check(MUSL_TLS(0xE0100000)), STATUS_BAD_ARGUMENT);
    assert_int_equal(tls_check(segment_descriptor(0x1000, 0xFFFFF, 0xFB, FLAGS_PAGES)),
                     STATUS_BAD_ARGUMENT); /* code */
    assert_int_equal(tls_check(segment_descriptor(0x1000, 0xFFFFF, 0xF3, 0x8)),
                     STATUS_BAD_ARGUMENT); /* 16 bit */
    assert_int_equal(tls_check(segment_descriptor(0x1000, 0xFFFFF, 0xF3, 0xE)),
                     STATUS_BAD_ARGUMENT); /* L bit */
    assert_int_equal(tls_check(segment_descriptor(0x1000, 0xFFFFF, 0x93, FLAGS_PAGES)),
                     STATUS_BAD_ARGUMENT); /* DPL 0 */
    assert_int_equal(tls_check(segment_descriptor(0x1000, 0xFFFFF, 0x73, FLAGS_PAGES)),
                     STATUS_BAD_ARGUMENT); /* absent */
    assert_int_equal(tls_check(gate_descriptor(8, 0x1000, 0xEC)), STATUS_BAD_ARGUMENT);
}

static void encodings_are_the_manuals(void **state) {
    (void)state;
    assert_true(segment_descriptor(0, 0xFFFFF, 0x9B, 0xC) == 0x00CF9B000000FFFFull);
    assert_true(segment_descriptor(0xC0400000, 0x3FF, 0xB3, 0xC) == 0xC0C0B340000003FFull);
    assert_true(gate_descriptor(0x08, 0xFFE06010, 0xCC) == 0xFFE0CC0000086010ull);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_tls_segment_passes_the_fence),
        cmocka_unit_test(halves_cover_what_musl_uses),
        cmocka_unit_test(hostile_tls_is_refused),
        cmocka_unit_test(encodings_are_the_manuals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
