// SPDX-License-Identifier: MIT
// sources: kernel/domain/elf.c
/*
 * ELF files of managers and drivers. What passes must keep the promises that the loaders build on: segments
 * ascend, share no page, lie in the domain and in the file, and none is writable and executable.
 */
#include "kernel/abi/layout.h"
#include "kernel/domain/elf.h"
#include "tests/fuzz/fuzz.h"

static void check(const uint8_t *data, uint32_t size, uint32_t low, uint32_t high) {
    struct elf_image image;
    uint64_t below = low;
    bool entry_found = false;

    if (elf_parse(data, size, low, high, &image) != NULL)
        return;
    PROMISE(image.segment_count >= 1 && image.segment_count <= ELF_SEGMENTS);
    for (uint32_t i = 0; i < image.segment_count; i++) {
        const struct elf_segment *segment = &image.segments[i];
        uint64_t end = (uint64_t)segment->address + segment->memory_bytes;

        PROMISE((segment->address & ~(PAGE_SIZE - 1)) >= (i == 0 ? low : below));
        PROMISE(end <= high && segment->memory_bytes != 0);
        PROMISE(segment->file_bytes <= segment->memory_bytes);
        PROMISE((uint64_t)segment->file_offset + segment->file_bytes <= size);
        PROMISE(segment->address % PAGE_SIZE == segment->file_offset % PAGE_SIZE);
        PROMISE(!(segment->write && segment->execute));
        touch(data + segment->file_offset, segment->file_bytes);
        entry_found |= segment->execute && image.entry >= segment->address && image.entry < end;
        below = end;
    }
    PROMISE(entry_found);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    uint32_t offset, bytes;

    check(data, (uint32_t)size, MANAGER_BASE, MANAGER_IMAGE_WINDOW);
    check(data, (uint32_t)size, DRIVER_IMAGE, DRIVER_STACK_TOP - DRIVER_STACK_SIZE);
    if (elf_section(data, (uint32_t)size, ".manifest", &offset, &bytes)) {
        PROMISE((uint64_t)offset + bytes <= size);
        touch(data + offset, bytes);
    }
    return 0;
}
