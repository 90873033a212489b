// SPDX-License-Identifier: MIT
/*
 * A process's address space as text: maps, smaps, statm.
 */
#include "domains/linux/fs/proc_entry.h"

#include "domains/lib/memory.h"
#include "domains/linux/file/mount.h"
#include "domains/linux/memory/space.h"

#include "kernel/abi/layout.h"

#define KIB(pages)  ((pages) * (PAGE_SIZE / 1024))
#define PATH_COLUMN 73u /* where Linux puts what the area is */

/* What an area is: a file's path, or one of the well-known places. */
static const char *name_of(const struct address_space *space, const struct area *area,
                           char *buffer) {
    if (area->file != NULL)
        return file_path(area->file, buffer, PATH_BYTES) > 0 ? buffer : "";
    if ((area->flags & AREA_VDSO) != 0)
        return "[vdso]";
    if ((area->flags & AREA_HEAP) != 0)
        return "[heap]";
    return area->start <= space->stack_start && space->stack_start < area->end ? "[stack]" : "";
}

static void show_area(struct proc_text *text, const struct address_space *space,
                      const struct area *area, char *buffer) {
    const struct inode *inode = area->file == NULL ? NULL : area->file->inode;
    const char *name = name_of(space, area, buffer);
    uint32_t before = text->length;

    proc_text_add(text, "%08x-%08x %c%c%c%c %08x 00:%02x %u", area->start, area->end,
                  (area->protection & PROT_READ) != 0 ? 'r' : '-',
                  (area->protection & PROT_WRITE) != 0 ? 'w' : '-',
                  (area->protection & PROT_EXEC) != 0 ? 'x' : '-',
                  (area->flags & AREA_SHARED) != 0 ? 's' : 'p', area->page << PAGE_SHIFT,
                  inode == NULL || inode->file_system == NULL ? 0 : inode->file_system->device,
                  inode == NULL ? 0 : inode->number);
    if (name[0] != 0) {
        do {
            proc_text_add(text, " ");
        } while (text->length - before < PATH_COLUMN && !text->no_memory);
        proc_text_add_bytes(text, name, (uint32_t)strlen(name));
    }
    proc_text_add(text, "\n");
}

/* Frames that the tenant pays for in this area; pages of the image are nobody's. */
static uint32_t frames_in(const struct address_space *space, const struct area *area) {
    uint32_t count = 0, address = area->start;

    while (address < area->end && shadow_next(&space->shadow, &address, area->end) != 0) {
        count++;
        address += PAGE_SIZE;
    }
    return count;
}

static void show_areas(struct proc_text *text, const struct process *process, bool with_sizes) {
    const struct address_space *space = process->space;
    char *buffer = path_buffer();

    if (space == NULL || buffer == NULL) {
        path_buffer_free(buffer);
        return;
    }
    for (const struct area *area = space->areas.first; area != NULL; area = area->next) {
        show_area(text, space, area, buffer);
        if (with_sizes) {
            uint32_t pages = (area->end - area->start) / PAGE_SIZE;
            uint32_t frames = frames_in(space, area);

            proc_text_add(text,
                          "Size:           %8u kB\nRss:            %8u kB\n"
                          "Pss:            %8u kB\nShared_Clean:          0 kB\n"
                          "Shared_Dirty:          0 kB\nPrivate_Clean:         0 kB\n"
                          "Private_Dirty:  %8u kB\nSwap:                  0 kB\n",
                          KIB(pages), KIB(frames), KIB(frames), KIB(frames));
        }
    }
    path_buffer_free(buffer);
}

void proc_show_maps(struct proc_text *text, const struct proc_subject *subject) {
    show_areas(text, subject->process, false);
}

void proc_show_smaps(struct proc_text *text, const struct proc_subject *subject) {
    show_areas(text, subject->process, true);
}

/* size, resident, shared, text, library, data, dirty: in pages */
void proc_show_statm(struct proc_text *text, const struct proc_subject *subject) {
    const struct address_space *space = subject->process->space;
    uint32_t code = 0, data = 0;

    if (space == NULL) {
        proc_text_add(text, "0 0 0 0 0 0 0\n");
        return;
    }
    for (const struct area *area = space->areas.first; area != NULL; area = area->next) {
        uint32_t pages = (area->end - area->start) / PAGE_SIZE;

        if ((area->protection & PROT_WRITE) != 0 && (area->flags & AREA_SHARED) == 0)
            data += pages;
        else if ((area->protection & PROT_EXEC) != 0 && area->file != NULL)
            code += pages;
    }
    proc_text_add(text, "%u %u 0 %u 0 %u 0\n", address_space_pages(space),
                  address_space_resident(space), code, data);
}
