// SPDX-License-Identifier: MIT
/*
 * Building and changing a CPU's views. The pages of the first CPU are part of the core's image, so that the
 * traps work before there is a frame allocator; those of the others are frames, all of them mapped at CORE_CPUS.
 *
 * The core's own quarter is the same for all CPUs but for the entry area: the first CPU uses core_directory, each
 * other one a copy of it. So when a second CPU starts, core_directory must be complete.
 *
 * Another CPU's views are changed only while it is in the core (kernel/cpu/remote.h): it may be loading them.
 */
#include "kernel/fence/view.h"

#include "kernel/cpu/cpu.h"
#include "kernel/cpu/registers.h"
#include "kernel/cpu/remote.h"
#include "kernel/cpu/tables.h"
#include "kernel/defence.h"
#include "kernel/domain/driver.h"
#include "kernel/domain/tenant.h"
#include "kernel/fence/fence.h"
#include "kernel/mem/object.h"
#include "kernel/mem/table.h"
#include "kernel/sched/thread.h"

#include <stddef.h>

#define DIRECTORY_INDEX(address) (((address) >> 21) & 511)
#define TABLE_INDEX(address)     (((address) >> PAGE_SHIFT) & 511)
#define ENTRIES                  512
/* Of the entry area's data: none of ring 3's. */
#define ENTRY_DATA (PTE_NX | ENTRY_USER)
#define ENTRY_USER (DEFENCE_ENTRY_SUPERVISOR ? 0 : PTE_USER)

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

/* Of all CPUs but the first. */
struct other_pages {
    struct cpu_pages pages;
    uint64_t inner_directory[ENTRIES];
};

#define OTHER_PAGES (sizeof(struct other_pages) / PAGE_SIZE)

_Static_assert(CORE_CPUS + (CPU_MAX - 1) * sizeof(struct other_pages) <= CORE_CPUS_LIMIT,
               "kernel/layout.h");

static struct cpu_pages first_cpu __attribute__((aligned(PAGE_SIZE)));
static frame_t other_frames[CPU_MAX]; /* where the pages of each begin; 0: the first CPU, or none */
extern const char entry_image[], entry_text_start[], entry_text_end[];

static struct other_pages *others(uint32_t cpu) {
    return (struct other_pages *)CORE_CPUS + (cpu - 1);
}

/* Of something in the core's image, or in the pages of a CPU. */
static uint32_t physical(const void *core_address) {
    uint32_t address = (uint32_t)core_address, offset = address - CORE_CPUS;

    if (address < CORE_CPUS || address >= CORE_CPUS_LIMIT)
        return address - CORE_BASE;
    return (other_frames[offset / sizeof(struct other_pages) + 1] << PAGE_SHIFT) +
           offset % sizeof(struct other_pages);
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

    map_pages(table, ENTRY_GDT, pages->gdt, 1, writable | ENTRY_DATA);
    map_pages(table, ENTRY_IDT, idt, 1, writable | ENTRY_DATA);
    map_pages(table, ENTRY_TSS, pages->tss, ENTRY_TSS_PAGES, writable | ENTRY_DATA);
    map_pages(table, ENTRY_FAULT_TSS, pages->fault_tss, 1, writable | ENTRY_DATA);
    map_pages(table, ENTRY_TEXT, entry_image, text_pages, DEFENCE_TABLES_READ_ONLY ? 0 : PTE_WRITE);
    map_pages(table, ENTRY_STACK, pages->entry_stack, 1, PTE_WRITE | ENTRY_DATA);
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

/* Of something in struct cpu, by whichever of its two addresses `cpu` is named. */
static uint32_t cpu_physical(const struct cpu *cpu, const void *field) {
    return physical(cpu->pages->local) + ((uint32_t)field - (uint32_t)cpu);
}

bool view_make_pages(uint32_t cpu) {
    frame_t first = frame_take_contiguous(OTHER_PAGES, ACCOUNT_CORE, FRAME_CORE);

    if (first == NO_FRAME_T)
        return false;
    core_map((uint32_t)others(cpu), first, OTHER_PAGES, PTE_WRITE | PTE_NX);
    other_frames[cpu] = first;
    return true;
}

/* Not the core stack: the probe's traps begin at its top, whatever is there. */
uint32_t view_first_stack(uint32_t cpu) {
    return (uint32_t)others(cpu)->pages.fault_stack + FAULT_STACK_PAGES * PAGE_SIZE;
}

/* The top quarter of the inner view. */
static uint64_t *inner_directory_of(uint32_t cpu) {
    uint64_t *directory = cpu == 0 ? core_directory : others(cpu)->inner_directory;

    for (uint32_t i = 0; cpu != 0 && i < ENTRIES; i++)
        directory[i] = core_directory[i];
    return directory;
}

static void build_views(struct cpu *cpu, struct cpu_pages *pages) {
    uint64_t *inner_directory = inner_directory_of(cpu->number);
    uint32_t top = DIRECTORY_INDEX(ENTRY_AREA);

    map_entry_area(pages, pages->inner_table, pages->inner_idt, PTE_WRITE);
    map_entry_area(pages, pages->outer_table, pages->outer_idt,
                   DEFENCE_TABLES_READ_ONLY ? 0 : PTE_WRITE);
    map_inner_only(pages);
    inner_directory[top] = physical(pages->inner_table) | PTE_PRESENT | PTE_WRITE;
    pages->outer_directory[top] =
        physical(pages->outer_table) | PTE_PRESENT | PTE_WRITE | ENTRY_USER;
    pages->driver_directory[top] = physical(pages->outer_table) | PTE_PRESENT | PTE_WRITE;

    cpu->view_inner[3] = pointer_to(physical(inner_directory));
    cpu->view_outer[3] = pointer_to(physical(pages->outer_directory));
    cpu->view_driver[3] = pointer_to(physical(pages->driver_directory));
    cpu->inner_cr3 = cpu_physical(cpu, cpu->view_inner);
    cpu->outer_cr3 = cpu->inner_cr3;
    cpu->tenant_cr3 = cpu_physical(cpu, cpu->view_outer);
    for (uint32_t quarter = 0; quarter < LOWER_QUARTERS; quarter++)
        cpu->lower[quarter] = NO_FRAME_T;
    cpu->window_entries = &pages->inner_table[TABLE_INDEX(WINDOW_BASE)];
}

void view_initialise(uint32_t number) {
    struct cpu_pages *pages = number == 0 ? &first_cpu : &others(number)->pages;
    struct cpu *cpu = (struct cpu *)pages->local;

    cpu->number = number;
    cpu->pages = pages;
    cpus[number] = cpu;
    build_views(cpu, pages);
    write_cr3(cpu->inner_cr3); /* the entry area is there now */
    window_forget_all();
    tables_build(pages->inner_idt, pages->outer_idt);
    tables_load();
}

void view_select_fence(void) {
    struct cpu_pages *pages = this_cpu()->pages;

    tables_select_fence(pages->inner_idt, pages->outer_idt, fence_uses_paging());
}

uint64_t view_descriptor(uint32_t cpu, uint32_t index) {
    return cpus[cpu]->pages->gdt[index];
}

/* True if it was another one. What the views hold is no answer: TCG sets an accessed bit there, which no CPU has. The CPU that
 * owns them may be idle, and load them at any time: it sees each pointer whole or absent. */
static bool point_quarter(struct cpu *cpu, uint32_t quarter, frame_t directory) {
    uint64_t pointer;

    if (cpu->lower[quarter] == directory)
        return false;
    cpu->lower[quarter] = directory;
    pointer = pointer_to_frame(directory);
    table_store(&cpu->view_outer[quarter], pointer); /* loaded by resume_frame's own `mov cr3` */
    table_store(&cpu->view_inner[quarter], pointer);
    return true;
}

/* True if the views of `cpu` changed, which must then be loaded anew. */
static bool point_at(struct cpu *cpu, struct tenant *tenant, const struct space *space) {
    bool changed = point_quarter(cpu, 0, space ? space->directory[0] : NO_FRAME_T);

    changed |= point_quarter(cpu, 1, space ? space->directory[1] : NO_FRAME_T);
    changed |= point_quarter(cpu, 2, tenant ? tenant->directory : NO_FRAME_T);
    cpu->loaded_tenant = tenant;
    return changed;
}

void view_load_tenant(struct tenant *tenant, struct space *space) {
    struct cpu *cpu = this_cpu();

    if (point_at(cpu, tenant, space))
        write_cr3(cpu->inner_cr3);
    cpu->outer_cr3 = DEFENCE_OUTER_VIEW && fence_uses_paging() ? cpu->tenant_cr3 : cpu->inner_cr3;
}

void view_load_driver(struct driver *driver) {
    struct cpu *cpu = this_cpu();
    uint64_t *directory = cpu->pages->driver_directory;

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
    cpu->outer_cr3 = cpu_physical(cpu, cpu->view_driver);
}

/* ---- What holds for every CPU ---- */

static bool runs(const struct cpu *cpu, const struct tenant *tenant) {
    return cpu->current && cpu->current->tenant == tenant;
}

/* `cpu` is in the core. */
static void reload(struct cpu *cpu) {
    if (cpu_is_this(cpu))
        write_cr3(cpu->inner_cr3);
    else
        remote_ask_reload(cpu);
}

static bool shows(const struct cpu *cpu, const struct space *space) {
    return cpu->lower[0] == space->directory[0] && cpu->lower[1] == space->directory[1];
}

static void drop_lower(struct cpu *cpu) {
    remote_call_in(cpu);
    point_at(cpu, NULL, NULL);
    cpu->resumed = NULL;
    reload(cpu);
}

void view_space_has_grown(struct tenant *tenant, const struct space *space) {
    for (uint32_t n = 0; n < cpu_count(); n++) {
        struct cpu *cpu = cpus[n];

        if (cpu->loaded_tenant != tenant)
            continue;
        if (!runs(cpu, tenant)) {
            drop_lower(cpu); /* it would go on with the directories that it remembers */
            continue;
        }
        if (cpu->current->space != space)
            continue;
        remote_call_in(cpu);
        point_at(cpu, tenant, space);
        reload(cpu);
    }
}

/* Where something else of the same tenant runs, or none of it, the pages may still be remembered. */
void view_forget_pages(const struct tenant *tenant, const struct space *space) {
    for (uint32_t n = 0; n < cpu_count(); n++) {
        struct cpu *cpu = cpus[n];

        if (cpu_is_this(cpu) || cpu->loaded_tenant != tenant || (space && !shows(cpu, space)))
            continue;
        if (runs(cpu, tenant))
            remote_call_in(cpu);
        else
            remote_ask_reload(cpu);
    }
}

void view_forget_tenant(const struct tenant *tenant) {
    for (uint32_t n = 0; n < cpu_count(); n++)
        if (cpus[n]->loaded_tenant == tenant)
            drop_lower(cpus[n]);
}

void view_forget_space(const struct space *space) {
    if (space->directory[0] == NO_FRAME_T && space->directory[1] == NO_FRAME_T)
        return; /* no view can name it; one without any app space looks the same */
    for (uint32_t n = 0; n < cpu_count(); n++)
        if (shows(cpus[n], space))
            drop_lower(cpus[n]);
}
