// SPDX-License-Identifier: MIT
/*
 * Checks of ELF headers. Sums are done in 64 bits, so that none can wrap.
 */
#include "domains/linux/process/elf.h"

#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/area.h"

enum { ELF_EXECUTABLE = 2, ELF_DYNAMIC = 3, MACHINE_386 = 3, CLASS_32 = 1, LITTLE_ENDIAN_DATA = 1 };
enum { SEGMENT_LOAD = 1, SEGMENT_INTERPRETER = 3, SEGMENT_STACK = 0x6474E551 };
enum { FLAG_EXECUTE = 1, FLAG_WRITE = 2, FLAG_READ = 4 };

#define PAGE_MASK 0xFFFu

struct elf_header {
    uint8_t identification[16];
    uint16_t type, machine;
    uint32_t version, entry, table_offset, section_offset, flags;
    uint16_t header_bytes, table_entry_bytes, table_count;
    uint16_t section_entry_bytes, section_count, section_names;
};

struct program_header {
    uint32_t type, offset, address, physical, file_bytes, memory_bytes, flags, alignment;
};

_Static_assert(sizeof(struct elf_header) == ELF_HEADER_BYTES, "as in the file");
_Static_assert(sizeof(struct program_header) == ELF_TABLE_ENTRY, "as in the file");

static bool is_known_kind(const struct elf_header *header) {
    static const uint8_t magic[4] = {0x7F, 'E', 'L', 'F'};
    return memcmp(header->identification, magic, sizeof(magic)) == 0 &&
           header->identification[4] == CLASS_32 &&
           header->identification[5] == LITTLE_ENDIAN_DATA && header->machine == MACHINE_386 &&
           (header->type == ELF_EXECUTABLE || header->type == ELF_DYNAMIC);
}

int elf_read_header(struct elf_image *image, const void *bytes, uint32_t count,
                    uint64_t file_bytes) {
    struct elf_header header;
    if (count < sizeof(header))
        return -ENOEXEC;
    memcpy(&header, bytes, sizeof(header));
    if (!is_known_kind(&header) || header.table_entry_bytes != ELF_TABLE_ENTRY ||
        header.table_count == 0 || header.table_count > ELF_TABLE_MOST)
        return -ENOEXEC;
    uint64_t table_end =
        (uint64_t)header.table_offset + (uint64_t)header.table_count * ELF_TABLE_ENTRY;
    if (table_end > file_bytes)
        return -ENOEXEC;
    memset(image, 0, sizeof(*image));
    image->position_independent = header.type == ELF_DYNAMIC;
    image->alignment = PAGE_MASK + 1;
    image->entry = header.entry;
    image->table_offset = header.table_offset;
    image->table_count = header.table_count;
    return 0;
}

static uint32_t protection_of(const struct program_header *header) {
    return (header->flags & FLAG_READ ? PROT_READ : 0) |
           (header->flags & FLAG_WRITE ? PROT_WRITE : 0) |
           (header->flags & FLAG_EXECUTE ? PROT_EXEC : 0);
}

static bool is_in_file(uint32_t offset, uint32_t bytes, uint64_t file_bytes) {
    return (uint64_t)offset + bytes <= file_bytes;
}

/* What is no power of two is not taken for an alignment. */
static void note_alignment(struct elf_image *image, uint32_t alignment) {
    if ((alignment & (alignment - 1)) == 0 && alignment > image->alignment)
        image->alignment = alignment;
}

static int add_segment(struct elf_image *image, const struct program_header *header,
                       uint64_t file_bytes, uint32_t limit) {
    if (header->memory_bytes == 0)
        return 0;
    uint64_t end = (uint64_t)header->address + header->memory_bytes;
    if (header->file_bytes > header->memory_bytes ||
        !is_in_file(header->offset, header->file_bytes, file_bytes) || end > limit ||
        ((header->address ^ header->offset) & PAGE_MASK) != 0 ||
        image->segment_count == ELF_SEGMENTS_MOST)
        return -ENOEXEC;
    if (image->segment_count > 0) {
        const struct elf_segment *previous = &image->segments[image->segment_count - 1];
        if (header->address < previous->address + previous->memory_bytes)
            return -ENOEXEC;
    } else {
        image->low = header->address & ~PAGE_MASK;
    }
    image->high = ((uint32_t)end + PAGE_MASK) & ~PAGE_MASK;
    note_alignment(image, header->alignment);
    image->segments[image->segment_count++] =
        (struct elf_segment){header->address, header->memory_bytes, header->offset,
                             header->file_bytes, protection_of(header)};
    return 0;
}

/* The first one counts. */
static void note_interpreter(struct elf_image *image, const struct program_header *header) {
    if (image->has_interpreter)
        return;
    image->has_interpreter = true;
    image->interpreter_offset = header->offset;
    image->interpreter_bytes = header->file_bytes;
}

int elf_check_interpreter(const struct elf_image *image, uint64_t file_bytes) {
    if (image->interpreter_bytes < 2 || image->interpreter_bytes > ELF_INTERPRETER_MOST)
        return -ENOEXEC;
    return is_in_file(image->interpreter_offset, image->interpreter_bytes, file_bytes) ? 0 : -EIO;
}

/* Where the program finds its own headers: in whichever segment holds that part of the file. */
static void set_table_address(struct elf_image *image) {
    uint32_t bytes = image->table_count * ELF_TABLE_ENTRY;
    for (uint32_t i = 0; i < image->segment_count; i++) {
        const struct elf_segment *segment = &image->segments[i];
        if (image->table_offset >= segment->offset && bytes <= segment->file_bytes &&
            image->table_offset - segment->offset <= segment->file_bytes - bytes)
            image->table_address = segment->address + (image->table_offset - segment->offset);
    }
}

static bool entry_is_executable(const struct elf_image *image) {
    for (uint32_t i = 0; i < image->segment_count; i++) {
        const struct elf_segment *segment = &image->segments[i];
        if (segment->protection & PROT_EXEC && image->entry >= segment->address &&
            image->entry - segment->address < segment->memory_bytes)
            return true;
    }
    return false;
}

int elf_read_table(struct elf_image *image, const void *table, uint64_t file_bytes,
                   uint32_t limit) {
    for (uint32_t i = 0; i < image->table_count; i++) {
        struct program_header header;
        memcpy(&header, (const char *)table + i * ELF_TABLE_ENTRY, sizeof(header));
        int error = 0;
        if (header.type == SEGMENT_LOAD)
            error = add_segment(image, &header, file_bytes, limit);
        else if (header.type == SEGMENT_INTERPRETER)
            note_interpreter(image, &header);
        else if (header.type == SEGMENT_STACK)
            image->executable_stack = header.flags & FLAG_EXECUTE;
        if (error != 0)
            return error;
    }
    set_table_address(image);
    bool low_enough = image->position_independent || image->low >= AREA_LOWEST;
    return image->segment_count > 0 && low_enough && entry_is_executable(image) ? 0 : -ENOEXEC;
}
