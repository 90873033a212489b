// SPDX-License-Identifier: MIT
// sources: kernel/dev/processor_list.c kernel/dev/acpi.c kernel/dev/mp_table.c
/*
 * Which processors there are, from made-up firmware tables: good ones, damaged ones, and every truncation.
 */
#include "kernel/dev/processor_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MEMORY_BYTES  0x100000u
#define EXTENDED_AREA 0x9FC00u
#define ROOT          0xF1230u
#define RSDT          0x20000u
#define XSDT          0x21000u
#define MADT          0x22000u
#define OTHER_TABLE   0x23000u
#define MP_POINTER    0x9FC10u
#define MP_TABLE      0x24000u

static uint8_t *memory;
static const uint8_t no_root[36];
static struct processor_list list;

static bool read_memory(uint64_t physical, void *to, uint32_t bytes) {
    if (physical >= MEMORY_BYTES || bytes > MEMORY_BYTES - physical)
        return false;
    memcpy(to, memory + physical, bytes);
    return true;
}

static void put(uint32_t address, uint64_t value, uint32_t bytes) {
    memcpy(memory + address, &value, bytes);
}

/* Sets the byte at `at` so that all add up to 0. */
static void seal(uint32_t start, uint32_t bytes, uint32_t at) {
    uint8_t sum = 0;

    memory[at] = 0;
    for (uint32_t i = 0; i < bytes; i++)
        sum = (uint8_t)(sum + memory[start + i]);
    memory[at] = (uint8_t)-sum;
}

static void table(uint32_t at, const char *signature, uint32_t bytes) {
    memcpy(memory + at, signature, 4);
    put(at + 4, bytes, 4);
    seal(at, bytes, at + 9);
}

/* Two of type 0, one of them disabled; one x2APIC that fits into 8 bits and one that does not; one unknown. */
static uint32_t fill_madt(void) {
    static const uint8_t entries[] = {
        0, 8,  0, 0, 1, 0, 0, 0,                         /* APIC 0 */
        0, 8,  1, 7, 0, 0, 0, 0,                         /* APIC 7, disabled */
        1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,             /* an IO APIC */
        0, 8,  2, 4, 1, 0, 0, 0,                         /* APIC 4 */
        9, 16, 0, 0, 6, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, /* x2APIC 6 */
        9, 16, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, /* x2APIC 256 */
    };
    memcpy(memory + MADT + 44, entries, sizeof entries);
    return 44 + sizeof entries;
}

static void build_acpi(uint8_t revision) {
    memcpy(memory + ROOT, "RSD PTR ", 8);
    memory[ROOT + 15] = revision;
    put(ROOT + 16, RSDT, 4);
    put(ROOT + 24, XSDT, 8);
    seal(ROOT, 20, ROOT + 8);
    table(OTHER_TABLE, "FACP", 36);
    put(RSDT + 36, OTHER_TABLE, 4);
    put(RSDT + 40, MADT, 4);
    put(XSDT + 36, OTHER_TABLE, 8);
    put(XSDT + 44, MADT, 8);
    table(MADT, "APIC", fill_madt());
    table(RSDT, "RSDT", 44);
    table(XSDT, "XSDT", 52);
}

static void build_mp(uint8_t default_configuration) {
    put(0x40E, EXTENDED_AREA / 16, 2);
    memcpy(memory + MP_POINTER, "_MP_", 4);
    put(MP_POINTER + 4, MP_TABLE, 4);
    memory[MP_POINTER + 8] = 1;
    memory[MP_POINTER + 11] = default_configuration;
    seal(MP_POINTER, 16, MP_POINTER + 10);
    memcpy(memory + MP_TABLE, "PCMP", 4);
    put(MP_TABLE + 4, 44 + 20 + 8 + 20 + 20, 2);
    put(MP_TABLE + 44, 0x03140000u | 0u, 4); /* processor: APIC 0, enabled */
    put(MP_TABLE + 64, 0x00000001u, 4);      /* a bus */
    put(MP_TABLE + 72, 0x01140500u, 4);      /* processor: APIC 5, enabled */
    put(MP_TABLE + 92, 0x00140600u, 4);      /* processor: APIC 6, disabled */
    seal(MP_TABLE, 112, MP_TABLE + 7);
}

static int fresh(void **state) {
    (void)state;
    memory = calloc(1, MEMORY_BYTES);
    memset(&list, 0xEE, sizeof list);
    return memory == NULL;
}

static int drop(void **state) {
    (void)state;
    free(memory);
    return 0;
}

static void assert_madt_list(void) {
    assert_int_equal(list.count, 3);
    assert_int_equal(list.apic_ids[0], 0);
    assert_int_equal(list.apic_ids[1], 4);
    assert_int_equal(list.apic_ids[2], 6);
}

static void an_old_root_leads_through_the_rsdt(void **state) {
    (void)state;
    build_acpi(0);
    put(XSDT, 0, 8);
    assert_true(acpi_list_processors(read_memory, no_root, &list));
    assert_madt_list();
}

static void a_new_root_leads_through_the_xsdt(void **state) {
    (void)state;
    build_acpi(2);
    put(RSDT, 0, 8);
    assert_true(acpi_list_processors(read_memory, no_root, &list));
    assert_madt_list();
}

static void a_damaged_xsdt_leaves_the_rsdt(void **state) {
    (void)state;
    build_acpi(2);
    memory[XSDT + 40] ^= 1;
    assert_true(acpi_list_processors(read_memory, no_root, &list));
    assert_madt_list();
}

static void the_boot_loader_may_know_the_root(void **state) {
    uint8_t root[36];

    (void)state;
    build_acpi(2);
    memcpy(root, memory + ROOT, sizeof root);
    memset(memory + ROOT, 0, sizeof root);
    assert_false(acpi_list_processors(read_memory, no_root, &list));
    assert_true(acpi_list_processors(read_memory, root, &list));
    assert_madt_list();
}

static void a_damaged_madt_lists_nothing(void **state) {
    (void)state;
    build_acpi(2);
    memory[MADT + 50] ^= 1;
    assert_false(acpi_list_processors(read_memory, no_root, &list));
    assert_int_equal(list.count, 0);
}

static void entries_of_no_length_end_the_list(void **state) {
    (void)state;
    build_acpi(2);
    memory[MADT + 44 + 8 + 1] = 0;
    table(MADT, "APIC", 44 + 70);
    assert_true(acpi_list_processors(read_memory, no_root, &list));
    assert_int_equal(list.count, 1);
}

/* Every length is bounded by the table's own, so ASan would see a read behind it. */
static void every_truncation_is_survived(void **state) {
    (void)state;
    build_acpi(2);
    for (uint32_t bytes = 44 + fill_madt(); bytes > 0; bytes--) {
        table(MADT, "APIC", bytes - 1);
        if (acpi_list_processors(read_memory, no_root, &list))
            assert_in_range(list.count, 1, 3);
    }
    put(MADT + 4, UINT32_MAX, 4);
    assert_false(acpi_list_processors(read_memory, no_root, &list));
}

static void the_mp_table_lists_what_is_enabled(void **state) {
    (void)state;
    build_mp(0);
    assert_true(mp_table_list_processors(read_memory, &list));
    assert_int_equal(list.count, 2);
    assert_int_equal(list.apic_ids[1], 5);
    memory[MP_TABLE + 60] ^= 1;
    assert_false(mp_table_list_processors(read_memory, &list));
}

static void a_default_configuration_has_two(void **state) {
    (void)state;
    build_mp(5);
    assert_true(mp_table_list_processors(read_memory, &list));
    assert_int_equal(list.count, 2);
}

static void no_table_lists_nothing(void **state) {
    (void)state;
    assert_false(acpi_list_processors(read_memory, no_root, &list));
    assert_false(mp_table_list_processors(read_memory, &list));
}

static void the_list_is_bounded_and_has_each_once(void **state) {
    (void)state;
    list.count = 0;
    for (uint32_t id = 0; id < 300; id++) {
        processor_list_add(&list, id);
        processor_list_add(&list, id);
    }
    assert_int_equal(list.count, PROCESSORS_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_old_root_leads_through_the_rsdt, fresh, drop),
        cmocka_unit_test_setup_teardown(a_new_root_leads_through_the_xsdt, fresh, drop),
        cmocka_unit_test_setup_teardown(a_damaged_xsdt_leaves_the_rsdt, fresh, drop),
        cmocka_unit_test_setup_teardown(the_boot_loader_may_know_the_root, fresh, drop),
        cmocka_unit_test_setup_teardown(a_damaged_madt_lists_nothing, fresh, drop),
        cmocka_unit_test_setup_teardown(entries_of_no_length_end_the_list, fresh, drop),
        cmocka_unit_test_setup_teardown(every_truncation_is_survived, fresh, drop),
        cmocka_unit_test_setup_teardown(the_mp_table_lists_what_is_enabled, fresh, drop),
        cmocka_unit_test_setup_teardown(a_default_configuration_has_two, fresh, drop),
        cmocka_unit_test_setup_teardown(no_table_lists_nothing, fresh, drop),
        cmocka_unit_test_setup_teardown(the_list_is_bounded_and_has_each_once, fresh, drop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
