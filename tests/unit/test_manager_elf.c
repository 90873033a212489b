// SPDX-License-Identifier: MIT
// sources: domains/linux/process/elf.c
/*
 * ELF headers: what a good program says, and that no bad one is believed. The fuzz changes bytes of
 * a good program and checks the promises of elf.h for whatever still passes.
 */
#include "domains/linux/memory/area.h"
#include "domains/linux/process/elf.h"

#include <elf.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FILE_BYTES 0x3000u
#define LIMIT      0x7F000000u
#define HEADERS    5

struct program {
    Elf32_Ehdr header;
    Elf32_Phdr table[HEADERS];
};

static struct program good(void) {
    struct program program = {
        .header = {.e_ident = {0x7F, 'E', 'L', 'F', ELFCLASS32, ELFDATA2LSB, EV_CURRENT},
                   .e_type = ET_EXEC,
                   .e_machine = EM_386,
                   .e_version = EV_CURRENT,
                   .e_entry = 0x08049010,
                   .e_phoff = sizeof(Elf32_Ehdr),
                   .e_ehsize = sizeof(Elf32_Ehdr),
                   .e_phentsize = sizeof(Elf32_Phdr),
                   .e_phnum = HEADERS},
        .table = {{PT_LOAD, 0, 0x08048000, 0, 0x200, 0x200, PF_R, 4096},
                  {PT_LOAD, 0x1000, 0x08049000, 0, 0x800, 0x800, PF_R | PF_X, 4096},
                  {PT_LOAD, 0x1F00, 0x0804AF00, 0, 0x300, 0x2000, PF_R | PF_W, 4096},
                  {PT_INTERP, 0x1800, 0, 0, 20, 20, PF_R, 1},
                  {PT_GNU_STACK, 0, 0, 0, 0, 0, PF_R | PF_W, 16}},
    };
    return program;
}

static int read_program(const struct program *program, struct elf_image *image) {
    int error = elf_read_header(image, &program->header, sizeof program->header, FILE_BYTES);
    if (error != 0)
        return error;
    static Elf32_Phdr table[ELF_TABLE_MOST];
    memset(table, 0, sizeof table);
    memcpy(table, program->table, sizeof program->table);
    return elf_read_table(image, table, FILE_BYTES, LIMIT);
}

static void a_good_program_is_understood(void **state) {
    (void)state;
    struct program program = good();
    struct elf_image image;
    assert_int_equal(read_program(&program, &image), 0);
    assert_int_equal(image.segment_count, 3);
    assert_int_equal(image.entry, 0x08049010);
    assert_int_equal(image.table_address, 0x08048034);
    assert_int_equal(image.low, 0x08048000);
    assert_int_equal(image.high, 0x0804D000);
    assert_int_equal(image.segments[1].protection, PROT_READ | PROT_EXEC);
    assert_true(image.has_interpreter);
    assert_int_equal(image.interpreter_offset, 0x1800);
    assert_int_equal(image.interpreter_bytes, 20);
    assert_false(image.position_independent);
    assert_false(image.executable_stack);
}

#define REFUSED(change)                                                                            \
    do {                                                                                           \
        struct program program = good();                                                           \
        struct elf_image image;                                                                    \
        change;                                                                                    \
        assert_int_equal(read_program(&program, &image), -ENOEXEC);                                \
    } while (0)

static void bad_headers_are_refused(void **state) {
    (void)state;
    REFUSED(program.header.e_ident[0] = 0);
    REFUSED(program.header.e_ident[EI_CLASS] = ELFCLASS64);
    REFUSED(program.header.e_ident[EI_DATA] = ELFDATA2MSB);
    REFUSED(program.header.e_machine = EM_X86_64);
    REFUSED(program.header.e_type = ET_REL);
    REFUSED(program.header.e_phentsize = 31);
    REFUSED(program.header.e_phnum = 0);
    REFUSED(program.header.e_phnum = ELF_TABLE_MOST + 1);
    REFUSED(program.header.e_phoff = 0xFFFFFFF0);
    REFUSED(program.header.e_phoff = FILE_BYTES - 8);
    REFUSED(program.header.e_entry = 0x0804B000);
    REFUSED(program.header.e_entry = 0);
}

static void bad_segments_are_refused(void **state) {
    (void)state;
    REFUSED(program.table[1].p_offset = 0x1001);
    REFUSED(program.table[1].p_filesz = FILE_BYTES);
    REFUSED(program.table[2].p_filesz = 0x3000);
    REFUSED(program.table[2].p_memsz = 0xFFFFFFFF);
    REFUSED(program.table[2].p_vaddr = 0x08049F00 - 0x1000);
    REFUSED(program.table[2].p_vaddr = LIMIT - 0x100);
    REFUSED(program.table[0].p_vaddr = 0);
}

static int check_path(uint32_t offset, uint32_t bytes) {
    struct program program = good();
    struct elf_image image;
    program.table[3].p_offset = offset;
    program.table[3].p_filesz = bytes;
    assert_int_equal(read_program(&program, &image), 0);
    return elf_check_interpreter(&image, FILE_BYTES);
}

static void paths_of_interpreters_are_checked_apart(void **state) {
    (void)state;
    assert_int_equal(check_path(0x1800, 2), 0);
    assert_int_equal(check_path(0x1800, ELF_INTERPRETER_MOST), 0);
    assert_int_equal(check_path(0x1800, ELF_INTERPRETER_MOST + 1), -ENOEXEC);
    assert_int_equal(check_path(0x1800, 1), -ENOEXEC);
    assert_int_equal(check_path(0x1800, 0), -ENOEXEC);
    assert_int_equal(check_path(FILE_BYTES - 4, 4), 0);
    assert_int_equal(check_path(FILE_BYTES - 4, 5), -EIO);
    assert_int_equal(check_path(0xFFFFFFFE, 4), -EIO);
}

static void the_first_interpreter_counts(void **state) {
    (void)state;
    struct program program = good();
    struct elf_image image;
    program.table[4] = program.table[3];
    program.table[4].p_offset = 0x1900;
    assert_int_equal(read_program(&program, &image), 0);
    assert_int_equal(image.interpreter_offset, 0x1800);
    program.table[3].p_type = program.table[4].p_type = PT_NULL;
    assert_int_equal(read_program(&program, &image), 0);
    assert_false(image.has_interpreter);
}

static uint32_t alignment_with(uint32_t first, uint32_t second) {
    struct program program = good();
    struct elf_image image;
    program.table[0].p_align = first;
    program.table[2].p_align = second;
    assert_int_equal(read_program(&program, &image), 0);
    return image.alignment;
}

static void the_greatest_alignment_counts(void **state) {
    (void)state;
    assert_int_equal(alignment_with(4096, 4096), 4096);
    assert_int_equal(alignment_with(0, 1), 4096);
    assert_int_equal(alignment_with(0x10000, 4096), 0x10000);
    assert_int_equal(alignment_with(4096, 0x80000000), 0x80000000);
    assert_int_equal(alignment_with(0x10001, 0xFFFFFFFF), 4096);
}

static void a_short_file_is_refused(void **state) {
    (void)state;
    struct program program = good();
    struct elf_image image;
    for (uint32_t bytes = 0; bytes < sizeof program.header; bytes++)
        assert_int_equal(elf_read_header(&image, &program.header, bytes, FILE_BYTES), -ENOEXEC);
    assert_int_equal(elf_read_header(&image, &program.header, sizeof program.header, 60), -ENOEXEC);
}

static void check_promises(const struct elf_image *image) {
    uint64_t below = image->low;
    assert_in_range(image->segment_count, 1, ELF_SEGMENTS_MOST);
    for (uint32_t i = 0; i < image->segment_count; i++) {
        const struct elf_segment *segment = &image->segments[i];
        assert_true(segment->address >= below);
        below = (uint64_t)segment->address + segment->memory_bytes;
        assert_true(below <= LIMIT);
        assert_true(segment->file_bytes <= segment->memory_bytes);
        assert_true((uint64_t)segment->offset + segment->file_bytes <= FILE_BYTES);
        assert_int_equal(segment->address % 4096, segment->offset % 4096);
    }
    assert_true(image->high >= below && image->high <= LIMIT);
    assert_true(image->alignment >= 4096 && (image->alignment & (image->alignment - 1)) == 0);
    if (!image->has_interpreter || elf_check_interpreter(image, FILE_BYTES) != 0)
        return;
    assert_in_range(image->interpreter_bytes, 2, ELF_INTERPRETER_MOST);
    assert_true((uint64_t)image->interpreter_offset + image->interpreter_bytes <= FILE_BYTES);
}

static void whatever_passes_keeps_the_promises(void **state) {
    (void)state;
    uint32_t passed = 0;
    srand(3);
    for (int round = 0; round < 300000; round++) {
        struct program program = good();
        struct elf_image image;
        for (int changes = 1 + rand() % 4; changes > 0; changes--)
            ((uint8_t *)&program)[(uint32_t)rand() % sizeof program] = (uint8_t)rand();
        if (read_program(&program, &image) == 0) {
            check_promises(&image);
            passed++;
        }
    }
    assert_true(passed > 1000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_program_is_understood),
        cmocka_unit_test(bad_headers_are_refused),
        cmocka_unit_test(bad_segments_are_refused),
        cmocka_unit_test(paths_of_interpreters_are_checked_apart),
        cmocka_unit_test(the_first_interpreter_counts),
        cmocka_unit_test(the_greatest_alignment_counts),
        cmocka_unit_test(a_short_file_is_refused),
        cmocka_unit_test(whatever_passes_keeps_the_promises),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
