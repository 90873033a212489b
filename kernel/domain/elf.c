// SPDX-License-Identifier: MIT
/*
 * ELF32, i386, statically linked at fixed addresses (System V ABI, Intel386 supplement).
 *
 * What is accepted is narrow on purpose: segments ascend, share no page, are writable or executable
 * but never both, and lie in the file as they lie in memory modulo a page, so that a read-only page
 * of the file can be mapped where the boot loader put it. Everything is read through offsets that
 * have been checked.
 */
#include "kernel/domain/elf.h"

#include "kernel/abi/layout.h"

#include <stddef.h>

#define CLASS_32        1
#define LITTLE_ENDIAN   1
#define TYPE_EXECUTABLE 2
#define MACHINE_386     3
#define VERSION_CURRENT 1

#define SEGMENT_LOAD        1
#define SEGMENT_DYNAMIC     2
#define SEGMENT_INTERPRETER 3
#define SEGMENT_EXECUTE     1u
#define SEGMENT_WRITE       2u

#define SECTION_WITHOUT_BYTES 8 /* SHT_NOBITS */

struct elf_header {
    uint8_t magic[4], class, data, identification_version, padding[9];
    uint16_t type, machine;
    uint32_t version, entry, program_offset, section_offset, flags;
    uint16_t header_bytes, program_bytes, program_count, section_bytes, section_count, name_section;
};

struct elf_program {
    uint32_t type, offset, address, physical, file_bytes, memory_bytes, flags, alignment;
};

struct elf_section_header {
    uint32_t name, type, flags, address, offset, bytes, link, information, alignment, entry_bytes;
};

struct file {
    const uint8_t *data;
    uint32_t bytes;
};

static bool lies_in_file(const struct file *file, uint32_t offset, uint32_t bytes) {
    return offset <= file->bytes && bytes <= file->bytes - offset;
}

static uint32_t page_of(uint32_t address) {
    return address & ~(PAGE_SIZE - 1);
}

static const char *check_header(const struct elf_header *header) {
    static const uint8_t magic[4] = {0x7F, 'E', 'L', 'F'};

    if (__builtin_memcmp(header->magic, magic, sizeof magic) != 0)
        return "not an ELF file";
    if (header->class != CLASS_32 || header->data != LITTLE_ENDIAN ||
        header->machine != MACHINE_386 || header->version != VERSION_CURRENT)
        return "not a 32-bit ELF file for i386";
    if (header->type != TYPE_EXECUTABLE)
        return "not linked at fixed addresses";
    if (header->program_bytes != sizeof(struct elf_program))
        return "program headers have a wrong size";
    return NULL;
}

/* Also fills `image`'s next segment from the program header. */
static const char *add_segment(const struct file *file, const struct elf_program *program,
                               uint32_t low, uint32_t high, struct elf_image *image) {
    struct elf_segment *segment = &image->segments[image->segment_count];

    if (image->segment_count == ELF_SEGMENTS)
        return "more than 8 segments";
    if (program->file_bytes > program->memory_bytes)
        return "a segment is larger in the file than in memory";
    if (!lies_in_file(file, program->offset, program->file_bytes))
        return "cut short: a segment reaches past the end of the file";
    if (program->address < low || program->address >= high ||
        program->memory_bytes > high - program->address)
        return "a segment lies outside of its domain's memory";
    if ((program->address - program->offset) % PAGE_SIZE != 0)
        return "a segment lies in the file at another offset in the page than in memory";
    if (program->flags & SEGMENT_WRITE && program->flags & SEGMENT_EXECUTE)
        return "a segment is writable and executable";
    if (image->segment_count > 0 &&
        page_of(program->address) < segment[-1].address + segment[-1].memory_bytes)
        return "segments overlap, share a page or do not ascend";
    *segment = (struct elf_segment){
        .address = program->address,
        .memory_bytes = program->memory_bytes,
        .file_offset = program->offset,
        .file_bytes = program->file_bytes,
        .write = program->flags & SEGMENT_WRITE,
        .execute = program->flags & SEGMENT_EXECUTE,
    };
    image->segment_count++;
    return NULL;
}

static bool is_executable(const struct elf_image *image, uint32_t address) {
    for (uint32_t i = 0; i < image->segment_count; i++)
        if (image->segments[i].execute && address >= image->segments[i].address &&
            address - image->segments[i].address < image->segments[i].file_bytes)
            return true;
    return false;
}

const char *elf_parse(const void *data, uint32_t bytes, uint32_t low, uint32_t high,
                      struct elf_image *image) {
    const struct file file = {data, bytes};
    struct elf_header header;
    const char *wrong;

    if (bytes < sizeof header)
        return "shorter than an ELF header";
    __builtin_memcpy(&header, data, sizeof header);
    wrong = check_header(&header);
    if (wrong)
        return wrong;
    if (!lies_in_file(&file, header.program_offset,
                      header.program_count * (uint32_t)sizeof(struct elf_program)))
        return "cut short: the program headers are missing";
    *image = (struct elf_image){.entry = header.entry};
    for (uint32_t i = 0; i < header.program_count; i++) {
        struct elf_program program;

        __builtin_memcpy(&program, file.data + header.program_offset + i * sizeof program,
                         sizeof program);
        if (program.type == SEGMENT_DYNAMIC || program.type == SEGMENT_INTERPRETER)
            return "dynamically linked";
        if (program.type == SEGMENT_LOAD && program.memory_bytes != 0)
            wrong = add_segment(&file, &program, low, high, image);
        if (wrong)
            return wrong;
    }
    return is_executable(image, image->entry) ? NULL
                                              : "the entry point is not in executable memory";
}

static bool read_section(const struct file *file, const struct elf_header *header, uint32_t index,
                         struct elf_section_header *section) {
    uint32_t start = index * (uint32_t)sizeof *section;

    if (index >= header->section_count || start > UINT32_MAX - header->section_offset ||
        !lies_in_file(file, header->section_offset + start, sizeof *section))
        return false;
    __builtin_memcpy(section, file->data + header->section_offset + start, sizeof *section);
    return section->type == SECTION_WITHOUT_BYTES ||
           lies_in_file(file, section->offset, section->bytes);
}

/* Is the string at `offset` in the name table `name`? */
static bool is_name(const struct file *file, const struct elf_section_header *names,
                    uint32_t offset, const char *name) {
    for (; offset < names->bytes; offset++, name++) {
        if (file->data[names->offset + offset] != (uint8_t)*name)
            return false;
        if (*name == '\0')
            return true;
    }
    return false;
}

bool elf_section(const void *data, uint32_t bytes, const char *name, uint32_t *offset,
                 uint32_t *size) {
    const struct file file = {data, bytes};
    struct elf_section_header names, section;
    struct elf_header header;

    if (bytes < sizeof header)
        return false;
    __builtin_memcpy(&header, data, sizeof header);
    if (check_header(&header) || header.section_bytes != sizeof section ||
        !read_section(&file, &header, header.name_section, &names) ||
        names.type == SECTION_WITHOUT_BYTES)
        return false;
    for (uint32_t i = 0; i < header.section_count; i++) {
        if (!read_section(&file, &header, i, &section) || section.type == SECTION_WITHOUT_BYTES ||
            !is_name(&file, &names, section.name, name))
            continue;
        *offset = section.offset;
        *size = section.bytes;
        return true;
    }
    return false;
}
