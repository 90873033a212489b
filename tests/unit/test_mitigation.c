// SPDX-License-Identifier: MIT
// sources: kernel/cpu/mitigation_choice.c kernel/log/format.c
/*
 * What is done against speculation, by what CPUID and IA32_ARCH_CAPABILITIES say: bit by bit, as three CPUs
 * have them, and in words.
 */
#include "kernel/cpu/mitigation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define SIBLINGS  (1u << 28) /* leaf 1 EDX */
#define MD_CLEAR  (1u << 10) /* leaf 7 EDX */
#define IBRS_IBPB (1u << 26)
#define STIBP     (1u << 27)
#define L1D_FLUSH (1u << 28)
#define SSBD      (1u << 31)

#define BARRIER MITIGATION_PREDICTOR_BARRIER
#define CLEAR   MITIGATION_BUFFER_CLEAR

static uint32_t decide(struct mitigation_facts facts) {
    return mitigation_decide(&facts, true);
}

static void a_cpu_that_offers_nothing_does_nothing(void **state) {
    (void)state;
    assert_int_equal(decide((struct mitigation_facts){0}), 0);
    /* Neither siblings alone, nor what the core has no use for. */
    assert_int_equal(
        decide((struct mitigation_facts){.leaf1_edx = SIBLINGS, .leaf7_edx = L1D_FLUSH | SSBD}), 0);
}

static void each_bit_stands_for_its_mitigation(void **state) {
    (void)state;
    assert_int_equal(decide((struct mitigation_facts){.leaf7_edx = IBRS_IBPB}), BARRIER);
    assert_int_equal(decide((struct mitigation_facts){.leaf80000008_ebx = 1u << 12}), BARRIER);
    assert_int_equal(decide((struct mitigation_facts){.leaf7_edx = MD_CLEAR}), CLEAR);
    assert_int_equal(decide((struct mitigation_facts){.arch_capabilities = 1u << 17}), CLEAR);
    assert_int_equal(decide((struct mitigation_facts){.arch_capabilities = 1u << 28}), CLEAR);
    assert_int_equal(decide((struct mitigation_facts){.leaf80000021_eax = 1u << 8}),
                     MITIGATION_AUTOMATIC_IBRS);
}

static void ibrs_is_used_only_where_it_is_set_once(void **state) {
    (void)state;
    assert_int_equal(
        decide((struct mitigation_facts){.leaf7_edx = IBRS_IBPB, .arch_capabilities = 1u << 1}),
        BARRIER | MITIGATION_ENHANCED_IBRS);
    /* IA32_SPEC_CTRL must be there to be written. */
    assert_int_equal(decide((struct mitigation_facts){.arch_capabilities = 1u << 1}), 0);
    /* AMD's IBRS and IBRS-always-on bits alone: no. */
    assert_int_equal(decide((struct mitigation_facts){.leaf80000008_ebx = 1u << 14 | 1u << 16}), 0);
}

static void stibp_needs_siblings(void **state) {
    (void)state;
    assert_int_equal(decide((struct mitigation_facts){.leaf7_edx = STIBP}), 0);
    assert_int_equal(decide((struct mitigation_facts){.leaf1_edx = SIBLINGS, .leaf7_edx = STIBP}),
                     MITIGATION_STIBP);
    assert_int_equal(
        decide((struct mitigation_facts){.leaf1_edx = SIBLINGS, .leaf80000008_ebx = 1u << 15}),
        MITIGATION_STIBP);
}

/* Bits as these CPUs have them with their last microcode. */
static void whole_cpus(void **state) {
    const struct mitigation_facts skylake = {
        SIBLINGS, MD_CLEAR | IBRS_IBPB | STIBP | L1D_FLUSH | SSBD, 0, 0, 0};
    const struct mitigation_facts ice_lake = {
        SIBLINGS, MD_CLEAR | IBRS_IBPB | STIBP | L1D_FLUSH | SSBD | 1u << 29, 0, 0, 0x2006B};
    const struct mitigation_facts zen_4 = {SIBLINGS, 1u << 28, 0x1FB5F000, 1u << 8, 0};

    (void)state;
    assert_int_equal(decide(skylake), BARRIER | CLEAR | MITIGATION_STIBP);
    assert_int_equal(decide(ice_lake),
                     BARRIER | CLEAR | MITIGATION_ENHANCED_IBRS | MITIGATION_STIBP);
    assert_int_equal(decide(zen_4), BARRIER | MITIGATION_AUTOMATIC_IBRS | MITIGATION_STIBP);
}

static void off_is_off(void **state) {
    const struct mitigation_facts all = {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX,
                                         UINT64_MAX};

    (void)state;
    assert_int_equal(mitigation_decide(&all, false), MITIGATION_ASKED_OFF);
    assert_int_equal(mitigation_decide(&all, true), MITIGATION_STIBP * 2 - 2);
}

static void the_switch_is_on_off_or_refused(void **state) {
    static const char *const refused[] = {"", "o", "of", "offf", "onn", "ON", "auto", "0"};
    bool wanted = false;

    (void)state;
    assert_true(mitigation_switch(NULL, &wanted) && wanted);
    assert_true(mitigation_switch("off", &wanted) && !wanted);
    assert_true(mitigation_switch("on", &wanted) && wanted);
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        assert_false(mitigation_switch(refused[i], &wanted));
}

static void words(void **state) {
    char text[160];

    (void)state;
    mitigation_describe(text, sizeof text, 0);
    assert_string_equal(text, "none (this CPU offers none)");
    mitigation_describe(text, sizeof text, MITIGATION_ASKED_OFF);
    assert_string_equal(text, "off (asked for)");
    mitigation_describe(text, sizeof text, BARRIER | MITIGATION_STIBP);
    assert_string_equal(text, "IBPB on domain switch, STIBP (unverified: run on no CPU with "
                              "predictors yet)");
    /* All of them fit into what struct machine_status has for them. */
    assert_int_equal(sizeof text, sizeof((struct machine_status *)0)->mitigations);
    mitigation_describe(text, sizeof text, UINT32_MAX & ~(uint32_t)MITIGATION_ASKED_OFF);
    assert_string_equal(text + strlen(text) - 5, " yet)");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cpu_that_offers_nothing_does_nothing),
        cmocka_unit_test(each_bit_stands_for_its_mitigation),
        cmocka_unit_test(ibrs_is_used_only_where_it_is_set_once),
        cmocka_unit_test(stibp_needs_siblings),
        cmocka_unit_test(whole_cpus),
        cmocka_unit_test(off_is_off),
        cmocka_unit_test(the_switch_is_on_off_or_refused),
        cmocka_unit_test(words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
