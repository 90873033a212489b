// SPDX-License-Identifier: MIT
/*
 * Building and changing a CPU's views. The pages of the first CPU are part of the core's image, so that the
 * traps work before there is a frame allocator.
 */
#include "kernel/fence/view.h"

#include "kernel/cpu/cpu.h"
#include "kernel/cpu/registers.h"
#include "kernel/cpu/tables.h"
#include "kernel/defence.h"
#include "kernel/domain/driver.h"
#include "kernel/domain/tenant.h"
#include "kernel/fence/fence.h"
#include "kernel/mem/table.h"

#include <stddef.h>

#define DIRECTORY_INDEX(address) (((address) >> 21) & 511)
#define TABLE_INDEX(address)     (((address) >> PAGE_SHIFT) & 511)
#define ENTRIES                  512

/* Every page that belongs to one CPU; page-aligned, contiguous in physical memory. */
struct cpu_pages {
    uint64_t gdt[ENTRIES];
    uint64_t inner_idt[ENTRIES], outer_idt[ENTRIES];
    uint8_t tss[ENTRY_TSS_PAGES * PAGE_SIZE];
    uint8_t fault_tss[PAGE_SIZE];
    uint8_t entry_stack[PAGE_SIZE];
    uint8_t local[CPU_LOCAL_PAGES * PAGE_SIZE];
    uint8_t core_stack[CORE_STACK_PAGES * PAGE_SIZE];
    uint8_t fault_stack[FAULT_STACK_PAGES * PAGE_SIZE];
    uint64_t inner_table[ENTRIES], outer_table[ENTRIES]; /* of the entry area */
    uint64_t outer_directory[ENTRIES], driver_directory[ENTRIES];
};

static struct cpu_pages first_cpu __attribute__((aligned(PAGE_SIZE)));
extern const char entry_image[], entry_text_start[], entry_text_end[];

static uint32_t physical(const void *core_address) {
    return (uint32_t)core_address - CORE_BASE;
}

static void map_pages(uint64_t *table, uint32_t address, const void *page, uint32_t pages,
                      uint64_t flags) {
    for (uint32_t i = 0; i < pages; i++)
        table[TABLE_INDEX(address) + i] = (physical(page) + i * PAGE_SIZE) | PTE_PRESENT | flags;
}

static void map_entry_area(struct cpu_pages *pages, uint64_t *table, const uint64_t *idt,
                           uint64_t writable) {
    uint32_t text_pages =
        ((uint32_t)(entry_text_end - entry_text_start) + PAGE_SIZE - 1) >> PAGE_SHIFT;

    map_pages(table, ENTRY_GDT, pages->gdt, 1, writable | PTE_NX);
    map_pages(table, ENTRY_IDT, idt, 1, writable | PTE_NX);
    map_pages(table, ENTRY_TSS, pages->tss, ENTRY_TSS_PAGES, writable | PTE_NX);
    map_pages(table, ENTRY_FAULT_TSS, pages->fault_tss, 1, writable | PTE_NX);
    map_pages(table, ENTRY_TEXT, entry_image, text_pages, DEFENCE_TABLES_READ_ONLY ? 0 : PTE_WRITE);
    map_pages(table, ENTRY_STACK, pages->entry_stack, 1, PTE_WRITE | PTE_NX);
}

static void map_inner_only(struct cpu_pages *pages) {
    uint64_t *table = pages->inner_table;

    map_pages(table, CPU_LOCAL, pages->local, CPU_LOCAL_PAGES, PTE_WRITE | PTE_NX);
    map_pages(table, CORE_STACK, pages->core_stack, CORE_STACK_PAGES, PTE_WRITE | PTE_NX);
    map_pages(table, FAULT_STACK, pages->fault_stack, FAULT_STACK_PAGES, PTE_WRITE | PTE_NX);
}

/* A page-directory pointer has no rights of its own: bits 1 and 2 are reserved (SDM 3A table 4-8). */
static uint64_t pointer_to(uint32_t address) {
    return address | PTE_PRESENT;
}

static uint64_t pointer_to_frame(frame_t frame) {
    return frame == NO_FRAME_T ? 0 : (uint64_t)frame << PAGE_SHIFT | PTE_PRESENT;
}

static uint32_t cpu_physical(const void *in_cpu_local) {
    return physical(first_cpu.local) + ((uint32_t)in_cpu_local - CPU_LOCAL);
}

void view_initialise(uint32_t cpu_number) {
    struct cpu_pages *pages = &first_cpu;
    uint32_t top = DIRECTORY_INDEX(ENTRY_AREA);
    struct cpu *cpu;

    map_entry_area(pages, pages->inner_table, pages->inner_idt, PTE_WRITE);
    map_entry_area(pages, pages->outer_table, pages->outer_idt,
                   DEFENCE_TABLES_READ_ONLY ? 0 : PTE_WRITE);
    map_inner_only(pages);
    core_directory[top] = physical(pages->inner_table) | PTE_PRESENT | PTE_WRITE;
    pages->outer_directory[top] = physical(pages->outer_table) | PTE_PRESENT | PTE_WRITE;
    pages->driver_directory[top] = physical(pages->outer_table) | PTE_PRESENT | PTE_WRITE;
    write_cr3(read_cr3()); /* the entry area is there now, through the boot pointers */

    cpu = this_cpu();
    cpu->number = cpu_number;
    cpu->view_inner[3] = pointer_to(physical(core_directory));
    cpu->view_outer[3] = pointer_to(physical(pages->outer_directory));
    cpu->view_driver[3] = pointer_to(physical(pages->driver_directory));
    cpu->inner_cr3 = cpu_physical(cpu->view_inner);
    cpu->outer_cr3 = cpu->inner_cr3;
    cpu->window_entries = &pages->inner_table[TABLE_INDEX(WINDOW_BASE)];
    write_cr3(cpu->inner_cr3);
    window_forget_all();
    tables_build(pages->inner_idt, pages->outer_idt);
    tables_load();
}

void view_select_fence(void) {
    tables_select_fence(first_cpu.inner_idt, first_cpu.outer_idt, fence_uses_paging());
}

static bool set_pointers(uint64_t *view, const uint64_t lower[3]) {
    bool changed = view[0] != lower[0] || view[1] != lower[1] || view[2] != lower[2];

    view[0] = lower[0];
    view[1] = lower[1];
    view[2] = lower[2];
    return changed;
}

void view_load_tenant(struct tenant *tenant, struct space *space) {
    struct cpu *cpu = this_cpu();
    const uint64_t lower[3] = {
        space ? pointer_to_frame(space->directory[0]) : 0,
        space ? pointer_to_frame(space->directory[1]) : 0,
        pointer_to_frame(tenant->directory),
    };

    if (set_pointers(cpu->view_inner, lower))
        write_cr3(cpu->inner_cr3);
    set_pointers(cpu->view_outer, lower); /* loaded by resume_frame's own `mov cr3` */
    cpu->loaded_tenant = tenant;
    cpu->outer_cr3 =
        DEFENCE_OUTER_VIEW && fence_uses_paging() ? cpu_physical(cpu->view_outer) : cpu->inner_cr3;
}

void view_load_driver(struct driver *driver) {
    struct cpu *cpu = this_cpu();
    uint64_t *directory = first_cpu.driver_directory;

    if (!DEFENCE_DRIVER_VIEW || !fence_uses_paging()) {
        cpu->outer_cr3 = cpu->inner_cr3;
        return;
    }
    for (uint32_t i = 0; i < 2 && cpu->viewed_slot; i++)
        directory[DIRECTORY_INDEX(cpu->viewed_slot) + i] = 0;
    for (uint32_t i = 0; i < 2; i++)
        directory[DIRECTORY_INDEX(driver->slot) + i] =
            (uint64_t)driver->directory_table[i] << PAGE_SHIFT | PTE_PRESENT | PTE_WRITE;
    cpu->viewed_slot = driver->slot;
    cpu->outer_cr3 = cpu_physical(cpu->view_driver);
}

void view_refresh(void) {
    struct cpu *cpu = this_cpu();

    if (cpu->loaded_tenant && cpu->current && cpu->current->tenant == cpu->loaded_tenant)
        view_load_tenant(cpu->loaded_tenant, cpu->current->space);
    write_cr3(cpu->inner_cr3);
}

static void drop_lower(struct cpu *cpu) {
    const uint64_t none[3] = {0, 0, 0};

    set_pointers(cpu->view_inner, none);
    set_pointers(cpu->view_outer, none);
    write_cr3(cpu->inner_cr3);
    cpu->loaded_tenant = NULL;
    cpu->resumed = NULL;
}

void view_forget_tenant(struct tenant *tenant) {
    if (this_cpu()->loaded_tenant == tenant)
        drop_lower(this_cpu());
}

void view_forget_space(struct space *space) {
    struct cpu *cpu = this_cpu();

    if (space->directory[0] == NO_FRAME_T && space->directory[1] == NO_FRAME_T)
        return; /* no view can name it; one without any app space looks the same */
    if (cpu->view_inner[0] == pointer_to_frame(space->directory[0]) &&
        cpu->view_inner[1] == pointer_to_frame(space->directory[1]))
        drop_lower(cpu);
}
