// SPDX-License-Identifier: MIT
/*
 * Mapping an ELF program into an address space that nobody runs in yet.
 *
 *   segment:   file_bytes of the file, private        rest of memory_bytes, zero
 *   ├──────────────────────────────┬────────────────┬───────────────────────────┤
 *   page floor                     end of the file's part, zeroed up to the page │ anonymous
 */
#include "domains/lib/heap.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/file.h"
#include "domains/linux/file/flags.h"
#include "domains/linux/file/path.h"
#include "domains/linux/process/program.h"

#include "kernel/abi/layout.h"

#define PIE_BASE 0x56555000u

static int read_elf(struct file *file, struct elf_image *image) {
    char *page = heap_allocate(PAGE_SIZE);
    if (page == NULL)
        return -ENOMEM;
    uint64_t file_bytes = file->inode->size;
    int got = file_read_at(file, page, ELF_HEADER_BYTES, 0);
    int error = got < 0 ? got : elf_read_header(image, page, (uint32_t)got, file_bytes);
    if (error == 0) {
        uint32_t bytes = image->table_count * ELF_TABLE_ENTRY;
        got = file_read_at(file, page, bytes, image->table_offset);
        error = got == (int)bytes ? elf_read_table(image, page, file_bytes, MMAP_TOP) : -ENOEXEC;
    }
    heap_free(page);
    return error;
}

static int map_file_part(struct file *file, struct address_space *space,
                         const struct elf_segment *segment, uint32_t bias) {
    uint32_t address = segment->address + bias;
    const struct area area = {
        .start = page_floor(address),
        .end = page_ceiling(address + segment->file_bytes),
        .protection = segment->protection,
        .file = file,
        .page = segment->offset >> PAGE_SHIFT,
    };
    if (segment->file_bytes == 0)
        return 0;
    area_hold(&area);
    return address_space_add(space, &area, true);
}

static int map_zero_part(struct address_space *space, const struct elf_segment *segment,
                         uint32_t bias) {
    uint32_t address = segment->address + bias;
    uint32_t file_end = address + segment->file_bytes;
    const struct area area = {
        .start = segment->file_bytes == 0 ? page_floor(address) : page_ceiling(file_end),
        .end = page_ceiling(address + segment->memory_bytes),
        .protection = segment->protection,
    };
    return area.start < area.end ? address_space_add(space, &area, true) : 0;
}

/* The file's last page shows what follows in the file, where the program expects zeros. */
static int zero_tail(struct address_space *space, const struct elf_segment *segment,
                     uint32_t bias) {
    static const char zeros[256];
    uint32_t at = segment->address + bias + segment->file_bytes, end = page_ceiling(at);
    if (segment->memory_bytes == segment->file_bytes || segment->file_bytes == 0 ||
        !(segment->protection & PROT_WRITE))
        return 0;
    while (at < end) {
        uint32_t piece = end - at < sizeof(zeros) ? end - at : (uint32_t)sizeof(zeros);
        int error = address_space_write(space, at, zeros, piece);
        if (error != 0)
            return error;
        at += piece;
    }
    return 0;
}

static int map_segments(struct file *file, struct address_space *space,
                        const struct elf_image *image, uint32_t bias) {
    for (uint32_t i = 0; i < image->segment_count; i++) {
        const struct elf_segment *segment = &image->segments[i];
        int error = map_file_part(file, space, segment, bias);
        if (error == 0)
            error = map_zero_part(space, segment, bias);
        if (error == 0)
            error = zero_tail(space, segment, bias);
        if (error != 0)
            return error;
    }
    return 0;
}

static void note_segments(struct address_space *space, const struct elf_image *image,
                          uint32_t bias) {
    for (uint32_t i = 0; i < image->segment_count; i++) {
        const struct elf_segment *segment = &image->segments[i];
        uint32_t start = segment->address + bias, end = start + segment->file_bytes;
        if (segment->protection & PROT_EXEC) {
            space->code_start = start;
            space->code_end = end;
        } else if (segment->protection & PROT_WRITE) {
            space->data_start = start;
            space->data_end = end;
        }
    }
    space->break_start = space->break_end = image->high + bias;
}

/* ---- The interpreter, which links a dynamic program ------------------------------------------- */

static int read_interpreter(struct file *file, struct elf_image *image) {
    if (file->inode->size < ELF_HEADER_BYTES)
        return -EIO;
    int error = read_elf(file, image);
    if (error == 0 && file->operations->page == NULL)
        error = -EACCES;
    return error == -ENOEXEC ? -ELIBBAD : error;
}

/* Where it was linked for, or as high as there is room. */
static int map_interpreter(struct file *file, const struct elf_image *image,
                           struct address_space *space, struct loaded_program *loaded) {
    uint32_t bias = 0;
    if (image->position_independent) {
        uint32_t base = address_space_find_gap(space, image->high - image->low);
        if (base == AREA_NO_ROOM)
            return -ENOMEM;
        bias = base - image->low;
    }
    loaded->interpreter_base = bias;
    loaded->entry = image->entry + bias;
    return map_segments(file, space, image, bias);
}

static int load_interpreter(const char *path, struct address_space *space,
                            struct loaded_program *loaded) {
    struct elf_image image;
    struct file *file;
    if (path[0] == '\0')
        return -EACCES; /* Linux takes it for the folder where the caller is */
    int error = file_open_at(AT_FDCWD, path, O_RDONLY | O_EXECUTE, 0, &file);
    if (error != 0)
        return error;
    error = read_interpreter(file, &image);
    if (error == 0)
        error = map_interpreter(file, &image, space, loaded);
    file_release(file);
    return error;
}

static int find_interpreter(struct file *file, const struct elf_image *image,
                            struct address_space *space, struct loaded_program *loaded) {
    int error = elf_check_interpreter(image, file->inode->size);
    if (error != 0)
        return error;
    char *path = path_buffer();
    if (path == NULL)
        return -ENOMEM;
    int got = file_read_at(file, path, image->interpreter_bytes, image->interpreter_offset);
    if (got < 0)
        error = got;
    else if (got != (int)image->interpreter_bytes)
        error = -EIO;
    else
        error = path[got - 1] == '\0' ? load_interpreter(path, space, loaded) : -ENOEXEC;
    path_buffer_free(path);
    return error;
}

/* ---- The program ------------------------------------------------------------------------------ */

int program_load(const struct program *program, struct address_space *space,
                 struct loaded_program *loaded) {
    struct elf_image image;
    int error = read_elf(program->file, &image);
    if (error == 0 && program->file->operations->page == NULL)
        error = -EACCES;
    if (error != 0)
        return error;
    uint32_t bias = 0;
    if (image.position_independent) {
        uint32_t base = PIE_BASE & ~(image.alignment - 1);
        if (base < AREA_LOWEST || image.high - image.low > MMAP_TOP - base)
            return -ENOEXEC;
        bias = base - image.low;
    }
    error = map_segments(program->file, space, &image, bias);
    if (error != 0)
        return error;
    note_segments(space, &image, bias);
    if (!address_space_arrange(space, image.low + bias))
        return -ENOMEM;
    *loaded = (struct loaded_program){
        .entry = image.entry + bias,
        .program_entry = image.entry + bias,
        .table_address = image.table_address != 0 ? image.table_address + bias : 0,
        .table_count = image.table_count,
        .executable_stack = image.executable_stack,
    };
    return image.has_interpreter ? find_interpreter(program->file, &image, space, loaded) : 0;
}
