// SPDX-License-Identifier: MIT
/*
 * ELF32 of managers and drivers, checked whole before a byte is loaded. Pure: works on bytes in memory.
 */
#ifndef KERNEL_DOMAIN_ELF_H
#define KERNEL_DOMAIN_ELF_H

#include <stdbool.h>
#include <stdint.h>

#define ELF_SEGMENTS 8

struct elf_segment {
    uint32_t address,
        memory_bytes; /* address page-aligned down, with the offset within the page kept */
    uint32_t file_offset, file_bytes;
    bool write, execute;
};

struct elf_image {
    uint32_t entry;
    uint32_t segment_count;
    struct elf_segment segments[ELF_SEGMENTS];
};

/* NULL and a filled `image`, or what is wrong. All segments must lie in [low, high). */
const char *elf_parse(const void *file, uint32_t bytes, uint32_t low, uint32_t high,
                      struct elf_image *image);
/* Finds a section by name: false if there is none. */
bool elf_section(const void *file, uint32_t bytes, const char *name, uint32_t *offset,
                 uint32_t *size);

#endif
