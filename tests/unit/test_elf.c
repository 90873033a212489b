// SPDX-License-Identifier: MIT
// sources: kernel/domain/elf.c
/*
 * The ELF parser on a file built here field by field: one good file, then each rule broken alone, every
 * truncation, and random bytes. It may refuse; it must not read outside of the file (AddressSanitizer
 * watches a buffer of exactly the file's size) nor accept a segment outside of the range it was given.
 */
#include "kernel/domain/elf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LOW         0x80000000u
#define HIGH        0x82000000u
#define FILE_BYTES  0x3000u
#define TEXT_OFFSET 0x1000u
#define DATA_OFFSET 0x2000u
#define NAMES       0x2800u
#define SECTIONS    0x2900u

/* Offsets of fields in the file (System V ABI, chapter 4). */
#define E_TYPE      16
#define E_MACHINE   18
#define E_ENTRY     24
#define E_PHOFF     28
#define E_SHOFF     32
#define E_PHENTSIZE 42
#define E_PHNUM     44
#define E_SHENTSIZE 46
#define E_SHNUM     48
#define E_SHSTRNDX  50
#define PROGRAM(n)  (52 + (n)*32)
#define P_TYPE      0
#define P_OFFSET    4
#define P_VADDR     8
#define P_FILESZ    16
#define P_MEMSZ     20
#define P_FLAGS     24

static uint8_t *file;

static void put16(uint32_t at, uint16_t value) {
    memcpy(file + at, &value, sizeof value);
}
static void put32(uint32_t at, uint32_t value) {
    memcpy(file + at, &value, sizeof value);
}

static void put_program(uint32_t n, uint32_t offset, uint32_t address, uint32_t file_bytes,
                        uint32_t memory_bytes, uint32_t flags) {
    put32(PROGRAM(n) + P_TYPE, 1);
    put32(PROGRAM(n) + P_OFFSET, offset);
    put32(PROGRAM(n) + P_VADDR, address);
    put32(PROGRAM(n) + P_FILESZ, file_bytes);
    put32(PROGRAM(n) + P_MEMSZ, memory_bytes);
    put32(PROGRAM(n) + P_FLAGS, flags);
}

static void put_section(uint32_t n, uint32_t name, uint32_t type, uint32_t offset, uint32_t bytes) {
    put32(SECTIONS + n * 40, name);
    put32(SECTIONS + n * 40 + 4, type);
    put32(SECTIONS + n * 40 + 16, offset);
    put32(SECTIONS + n * 40 + 20, bytes);
}

/* Text, read and execute; data with bss, read and write; sections .manifest and .shstrtab. */
static int build(void **state) {
    static const uint8_t identification[] = {0x7F, 'E', 'L', 'F', 1, 1, 1};

    (void)state;
    file = calloc(1, FILE_BYTES);
    memcpy(file, identification, sizeof identification);
    put16(E_TYPE, 2);
    put16(E_MACHINE, 3);
    put32(20, 1);
    put32(E_ENTRY, LOW + 0x60);
    put32(E_PHOFF, PROGRAM(0));
    put32(E_SHOFF, SECTIONS);
    put16(E_PHENTSIZE, 32);
    put16(E_PHNUM, 2);
    put16(E_SHENTSIZE, 40);
    put16(E_SHNUM, 3);
    put16(E_SHSTRNDX, 2);
    put_program(0, TEXT_OFFSET, LOW, 0xF00, 0xF00, 5);
    put_program(1, DATA_OFFSET, LOW + 0x1000, 0x100, 0x5000, 6);
    memcpy(file + NAMES, "\0.manifest\0.shstrtab", 21);
    put_section(1, 1, 1, 0x2010, 0x20);
    put_section(2, 11, 3, NAMES, 21);
    return 0;
}

static int drop(void **state) {
    (void)state;
    free(file);
    return 0;
}

static const char *parse(struct elf_image *image) {
    return elf_parse(file, FILE_BYTES, LOW, HIGH, image);
}

static void assert_refused(void) {
    struct elf_image image;

    assert_non_null(parse(&image));
}

static void test_accepts_a_good_file(void **state) {
    struct elf_image image;

    (void)state;
    assert_null(parse(&image));
    assert_int_equal(image.entry, LOW + 0x60);
    assert_int_equal(image.segment_count, 2);
    assert_true(image.segments[0].execute);
    assert_false(image.segments[0].write);
    assert_int_equal(image.segments[1].address, LOW + 0x1000);
    assert_int_equal(image.segments[1].memory_bytes, 0x5000);
    assert_int_equal(image.segments[1].file_bytes, 0x100);
    assert_true(image.segments[1].write);
}

static void test_refuses_a_wrong_header(void **state) {
    struct {
        uint32_t at;
        uint8_t value;
    } const changes[] = {
        {0, 0},
        {4, 2 /* 64 bit */},
        {5, 2 /* big-endian */},
        {E_TYPE, 3 /* shared */},
        {E_MACHINE, 62},
        {20, 0},
        {E_PHENTSIZE, 56},
    };

    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        uint8_t saved = file[changes[i].at];

        file[changes[i].at] = changes[i].value;
        assert_refused();
        file[changes[i].at] = saved;
    }
}

static void test_refuses_segments_outside_the_range(void **state) {
    const struct {
        uint32_t address, bytes;
    } bad[] = {
        {LOW - 0x1000, 0x1000},     {HIGH, 0x1000},        {HIGH - 0x1000, 0x2000},    {0, 0x1000},
        {LOW + 0x1000, 0x90000000}, {0xFFFFF000u, 0x2000}, {LOW + 0x1000, UINT32_MAX},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        put_program(1, DATA_OFFSET, bad[i].address, 0x100, bad[i].bytes, 6);
        assert_refused();
    }
}

static void test_refuses_bytes_outside_the_file(void **state) {
    (void)state;
    put_program(1, FILE_BYTES, LOW + 0x1000, 1, 1, 6);
    assert_refused();
    put_program(1, 0xFFFFF000u, LOW + 0x1000, 0x2000, 0x2000, 6);
    assert_refused();
    put_program(1, DATA_OFFSET, LOW + 0x1000, 0x200, 0x100,
                6); /* more in the file than in memory */
    assert_refused();
}

static void test_refuses_write_and_execute(void **state) {
    (void)state;
    put_program(1, DATA_OFFSET, LOW + 0x1000, 0x100, 0x100, 7);
    assert_refused();
}

static void test_refuses_shared_pages_and_disorder(void **state) {
    (void)state;
    put_program(1, DATA_OFFSET + 0xF80, LOW + 0xF80, 0x40, 0x40, 6); /* same page as text */
    assert_refused();
    put_program(0, TEXT_OFFSET, LOW + 0x4000, 0xF00, 0xF00, 5);
    put_program(1, DATA_OFFSET, LOW + 0x1000, 0x100, 0x100, 6);
    assert_refused();
}

static void test_refuses_another_offset_in_the_page(void **state) {
    (void)state;
    put_program(1, DATA_OFFSET + 0x10, LOW + 0x1000, 0x100, 0x100, 6);
    assert_refused();
}

static void test_refuses_dynamic_files(void **state) {
    (void)state;
    put32(PROGRAM(1) + P_TYPE, 2);
    assert_refused();
    put32(PROGRAM(1) + P_TYPE, 3);
    assert_refused();
}

static void test_refuses_an_entry_outside_of_text(void **state) {
    const uint32_t entries[] = {0, LOW - 1, LOW + 0xF00, LOW + 0x1000, HIGH, UINT32_MAX};

    (void)state;
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        put32(E_ENTRY, entries[i]);
        assert_refused();
    }
}

static void test_refuses_too_many_segments(void **state) {
    (void)state;
    put16(E_PHNUM, ELF_SEGMENTS + 1);
    for (uint32_t i = 0; i <= ELF_SEGMENTS; i++)
        put_program(i, TEXT_OFFSET, LOW + i * 0x1000, 0x100, 0x100, 5);
    assert_refused();
}

static void test_finds_a_section(void **state) {
    uint32_t offset, size;

    (void)state;
    assert_true(elf_section(file, FILE_BYTES, ".manifest", &offset, &size));
    assert_int_equal(offset, 0x2010);
    assert_int_equal(size, 0x20);
    assert_false(elf_section(file, FILE_BYTES, ".manifes", &offset, &size));
    assert_false(elf_section(file, FILE_BYTES, ".manifest2", &offset, &size));
}

static void test_refuses_sections_outside_the_file(void **state) {
    uint32_t offset, size;

    (void)state;
    put_section(1, 1, 1, FILE_BYTES - 0x10, 0x20);
    assert_false(elf_section(file, FILE_BYTES, ".manifest", &offset, &size));
    put_section(1, 0xFFFFFFF0u, 1, 0x2010, 0x20);
    assert_false(elf_section(file, FILE_BYTES, ".manifest", &offset, &size));
    put32(E_SHOFF, 0xFFFFFFF0u);
    assert_false(elf_section(file, FILE_BYTES, ".manifest", &offset, &size));
}

/* Parses `bytes` of the file in a buffer of just that size. */
static void parse_copy(uint32_t bytes) {
    uint8_t *copy = malloc(bytes ? bytes : 1);
    struct elf_image image;
    uint32_t offset, size;

    memcpy(copy, file, bytes);
    if (!elf_parse(copy, bytes, LOW, HIGH, &image)) {
        for (uint32_t i = 0; i < image.segment_count; i++) {
            const struct elf_segment *segment = &image.segments[i];

            assert_true(segment->address >= LOW && segment->address < HIGH);
            assert_true(segment->memory_bytes <= HIGH - segment->address);
            assert_true(segment->file_bytes <= segment->memory_bytes);
            assert_true(segment->file_offset <= bytes &&
                        segment->file_bytes <= bytes - segment->file_offset);
            assert_false(segment->write && segment->execute);
        }
    }
    if (elf_section(copy, bytes, ".manifest", &offset, &size))
        assert_true(offset <= bytes && size <= bytes - offset);
    free(copy);
}

static void test_survives_every_truncation(void **state) {
    (void)state;
    for (uint32_t bytes = 0; bytes < FILE_BYTES; bytes++)
        parse_copy(bytes);
}

static void test_survives_random_changes(void **state) {
    (void)state;
    srand(1);
    for (uint32_t round = 0; round < 20000; round++) {
        uint32_t at = (uint32_t)rand() % (round % 2 ? 0x80 : 0x78), where = at;
        uint8_t saved;

        if (round % 3 == 0)
            where = SECTIONS + at;
        saved = file[where];
        file[where] = (uint8_t)rand();
        parse_copy(FILE_BYTES);
        if (round % 16 == 0)
            file[where] = saved;
        if (round % 64 == 0) {
            drop(NULL);
            build(NULL);
        }
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, build, drop)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_accepts_a_good_file),
        TEST(test_refuses_a_wrong_header),
        TEST(test_refuses_segments_outside_the_range),
        TEST(test_refuses_bytes_outside_the_file),
        TEST(test_refuses_write_and_execute),
        TEST(test_refuses_shared_pages_and_disorder),
        TEST(test_refuses_another_offset_in_the_page),
        TEST(test_refuses_dynamic_files),
        TEST(test_refuses_an_entry_outside_of_text),
        TEST(test_refuses_too_many_segments),
        TEST(test_finds_a_section),
        TEST(test_refuses_sections_outside_the_file),
        TEST(test_survives_every_truncation),
        TEST(test_survives_random_changes),
    };

    return cmocka_run_group_tests_name("elf", tests, NULL, NULL);
}
