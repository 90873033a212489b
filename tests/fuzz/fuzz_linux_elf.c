// SPDX-License-Identifier: MIT
// sources: domains/linux/process/elf.c
/*
 * The headers of programs that a tenant executes, read as the manager reads them: file header, then the table, then where
 * the interpreter's path is.
 */
#include "domains/linux/memory/area.h"
#include "domains/linux/process/elf.h"
#include "tests/fuzz/fuzz.h"

static void check(const struct elf_image *image, uint64_t file_bytes) {
    uint64_t below = 0;

    PROMISE(image->segment_count >= 1 && image->segment_count <= ELF_SEGMENTS_MOST);
    for (uint32_t i = 0; i < image->segment_count; i++) {
        const struct elf_segment *segment = &image->segments[i];

        PROMISE(segment->address >= below);
        below = (uint64_t)segment->address + segment->memory_bytes;
        PROMISE(below <= AREA_LIMIT && segment->file_bytes <= segment->memory_bytes);
        PROMISE((uint64_t)segment->offset + segment->file_bytes <= file_bytes);
        PROMISE(segment->address % 4096 == segment->offset % 4096);
        PROMISE(image->low <= segment->address && below <= image->high);
    }
    PROMISE(image->alignment >= 4096 && (image->alignment & (image->alignment - 1)) == 0);
    PROMISE(image->high <= AREA_LIMIT && image->low % 4096 == 0 && image->high % 4096 == 0);
    if (!image->has_interpreter || elf_check_interpreter(image, file_bytes) != 0)
        return;
    PROMISE(image->interpreter_bytes >= 2 && image->interpreter_bytes <= ELF_INTERPRETER_MOST);
    PROMISE((uint64_t)image->interpreter_offset + image->interpreter_bytes <= file_bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    uint32_t header_bytes = size < ELF_HEADER_BYTES ? (uint32_t)size : ELF_HEADER_BYTES;
    struct elf_image image;

    if (elf_read_header(&image, data, header_bytes, size) != 0)
        return 0;
    PROMISE(image.table_count <= ELF_TABLE_MOST);
    PROMISE((uint64_t)image.table_offset + image.table_count * ELF_TABLE_ENTRY <= size);
    if (elf_read_table(&image, data + image.table_offset, size, AREA_LIMIT) == 0)
        check(&image, size);
    return 0;
}
