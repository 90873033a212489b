// SPDX-License-Identifier: MIT
/*
 * What an i386 ELF program asks for, read from bytes that may be hostile. Pure: nothing is loaded
 * here.
 *
 * A program that passes has segments in ascending order, without overlap, inside [lowest, limit)
 * and inside the file; what does not is -ENOEXEC.
 */
#ifndef DOMAINS_LINUX_PROCESS_ELF_H
#define DOMAINS_LINUX_PROCESS_ELF_H

#include <stdbool.h>
#include <stdint.h>

#define ELF_HEADER_BYTES     52
#define ELF_SEGMENTS_MOST    16
#define ELF_TABLE_ENTRY      32   /* bytes of one program header */
#define ELF_TABLE_MOST       128  /* program headers */
#define ELF_INTERPRETER_MOST 4096 /* bytes of its path, with the NUL */

struct elf_segment {
    uint32_t address, memory_bytes; /* address as linked, without the load bias */
    uint32_t offset, file_bytes;    /* in the file; address and offset agree in their low 12 bits */
    uint32_t protection;            /* PROT_* */
};

struct elf_image {
    bool position_independent; /* may be loaded anywhere */
    bool executable_stack;     /* PT_GNU_STACK asks for it */
    uint32_t entry;
    uint32_t table_offset, table_count;             /* program headers in the file */
    uint32_t table_address;                         /* in memory; 0: not loaded */
    bool has_interpreter;                           /* a path, not yet checked: */
    uint32_t interpreter_offset, interpreter_bytes; /* in the file, bytes with the NUL */
    uint32_t low, high;                             /* page addresses around all segments */
    uint32_t alignment; /* of where it is loaded: a power of two, a page at least */
    uint32_t segment_count;
    struct elf_segment segments[ELF_SEGMENTS_MOST];
};

/* Reads the file header: sets position_independent, entry, table_offset and table_count. 0 or
 * -ENOEXEC. */
int elf_read_header(struct elf_image *image, const void *bytes, uint32_t count,
                    uint64_t file_bytes);
/* Reads the program headers that the file header named, and sets the rest. `limit`: first address
 * that a segment may not reach. 0 or -ENOEXEC. */
int elf_read_table(struct elf_image *image, const void *table, uint64_t file_bytes, uint32_t limit);
/* Whether the path of an image that has_interpreter can be read: 0, -ENOEXEC if no path is that long, -EIO if it is not in
 * the file. Nobody asks it of an interpreter: what that one names is never looked at. */
int elf_check_interpreter(const struct elf_image *image, uint64_t file_bytes);

#endif
