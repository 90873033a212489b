// SPDX-License-Identifier: MIT
// sources: domains/linux/process/tls_descriptor.c domains/linux/signal/fpu_image.c
/*
 * Two layouts that a program reads back: TLS descriptors, and the legacy FPU image of a signal
 * frame, compared with what this CPU's own FSAVE writes.
 */
#include "domains/linux/process/tls.h"
#include "domains/linux/signal/fpu_image.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MUSL_FLAGS 0x51u /* 32-bit, limit in pages, useable: what musl asks for */

static void musl_gets_what_it_asks_for(void **state) {
    (void)state;
    const struct user_descriptor wanted = {6, 0x12345678, 0xFFFFF, MUSL_FLAGS};
    uint64_t descriptor;
    assert_true(tls_encode(&wanted, &descriptor));
    assert_int_equal(descriptor, 0x12DFF3345678FFFFull);
}

static void descriptions_survive_the_round(void **state) {
    (void)state;
    static const uint32_t good[] = {0x01, 0x11, 0x51, 0x09, 0x03, 0x41, 0x1B};
    srand(5);
    for (int round = 0; round < 10000; round++) {
        struct user_descriptor wanted = {6, (uint32_t)rand() * 2u + 1, (uint32_t)rand() & 0xFFFFF,
                                         good[(uint32_t)rand() % (sizeof good / sizeof good[0])]};
        struct user_descriptor shown = {.entry = 6};
        uint64_t descriptor;
        assert_true(tls_encode(&wanted, &descriptor));
        assert_int_equal(descriptor >> 40 & 0xF1, 0xF1); /* present, DPL 3, data, accessed */
        tls_decode(descriptor, &shown);
        assert_memory_equal(&shown, &wanted, sizeof wanted);
    }
}

static void only_data_segments_of_32_bits_pass(void **state) {
    (void)state;
    static const uint32_t bad[] = {0x00, 0x50, 0x05, 0x07, 0x21};
    uint64_t descriptor;
    for (uint32_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const struct user_descriptor wanted = {6, 0x1000, 5, bad[i]};
        assert_false(tls_encode(&wanted, &descriptor));
    }
    const struct user_descriptor wide = {6, 0, 0x100000, MUSL_FLAGS};
    assert_false(tls_encode(&wide, &descriptor));
}

static void empty_descriptions_empty_the_slot(void **state) {
    (void)state;
    const struct user_descriptor zero = {6, 0, 0, 0}, usual = {6, 0, 0, 0x28};
    uint64_t descriptor = 1;
    assert_true(tls_encode(&zero, &descriptor));
    assert_int_equal(descriptor, 0);
    assert_true(tls_encode(&usual, &descriptor));
    assert_int_equal(descriptor, 0);
}

/* ---- FPU ------------------------------------------------------------------------------------- */

static struct fpu_state extended __attribute__((aligned(16)));
static uint8_t classic[108];

static void load_values(const long double *values, int count) {
    __asm__ volatile("fninit");
    for (int i = 0; i < count; i++)
        __asm__ volatile("fldt %0" : : "m"(values[i]));
    __asm__ volatile("fxsave %0" : "=m"(extended));
    __asm__ volatile("fnsave %0\n\tfninit" : "=m"(classic));
}

static void the_legacy_image_is_that_of_fsave(void **state) {
    (void)state;
    static const long double values[] = {1.0L,     0.0L,  -0.0L, __builtin_infl(),
                                         1e-4940L, -2.5L, 3.0L,  7.0L};
    for (int count = 0; count <= 8; count++) {
        struct fpu_legacy legacy;
        load_values(values, count);
        fpu_to_legacy(&extended, &legacy);
        uint16_t control, status, tags;
        memcpy(&control, classic, 2);
        memcpy(&status, classic + 4, 2);
        memcpy(&tags, classic + 8, 2);
        assert_int_equal(legacy.control & 0xFFFF, control);
        assert_int_equal(legacy.status & 0xFFFF, status);
        assert_int_equal(legacy.tags & 0xFFFF, tags);
        assert_memory_equal(legacy.registers, classic + 28, sizeof legacy.registers);
        assert_int_equal(legacy.magic, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(musl_gets_what_it_asks_for),
        cmocka_unit_test(descriptions_survive_the_round),
        cmocka_unit_test(only_data_segments_of_32_bits_pass),
        cmocka_unit_test(empty_descriptions_empty_the_slot),
        cmocka_unit_test(the_legacy_image_is_that_of_fsave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
