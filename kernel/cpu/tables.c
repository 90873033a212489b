// SPDX-License-Identifier: MIT
/*
 * GDT, IDT and TSS of the running CPU.
 *
 *   GDT  1 core code   2 core data   4 TSS   5 LDT   6..8 TLS   9 #DF TSS        all but TLS at DPL 0
 *   IDT  0..31 exceptions, 0x20..0x2f lines, 0x30..0x3f messages, 0x40 timer, 0x80 the system call (trap gate into ring 2)
 *
 * There are two IDT frames at one address: in the inner view #DF goes through a task gate, which switches
 * to a good stack whatever ESP was; a task switch writes to GDT and TSS, which the outer view maps
 * read-only, so there it is an interrupt gate (esp0 is constant and always good).
 */
#include "kernel/cpu/tables.h"

#include "kernel/cpu/descriptor.h"
#include "kernel/cpu/registers.h"
#include "kernel/defence.h"
#include "kernel/dev/interrupt.h"
#include "kernel/layout.h"

#include <stddef.h>

#define VECTORS         0x81
#define TRAP_VECTORS    80 /* stubs in entry.S */
#define DOUBLE_FAULT    8
#define BREAKPOINT      3
#define OVERFLOW        4
#define SYSTEM_CALL     0x80
#define TSS_LIMIT_PLAIN (offsetof(struct task_state, bitmap) - 1)

extern const uint32_t trap_stubs_segment[TRAP_VECTORS], trap_stubs_paging[TRAP_VECTORS];
void double_fault_entry(void);

static uint64_t *const gdt = (uint64_t *)ENTRY_GDT;
static struct task_state *const tss = (struct task_state *)ENTRY_TSS;
static struct task_state *const fault_tss = (struct task_state *)ENTRY_FAULT_TSS;

void gdt_set_entry(uint32_t index, uint64_t descriptor) {
    gdt[index] = descriptor;
}

static void build_gdt(void) {
    uint32_t fault_access = DEFENCE_TASK_LEVEL ? ACCESS_TSS : ACCESS_TSS | 3u << 5;

    gdt[SELECTOR_CORE_CODE >> 3] = segment_descriptor(0, 0xFFFFF, ACCESS_CODE(0u), FLAGS_PAGES);
    gdt[SELECTOR_CORE_DATA >> 3] = segment_descriptor(0, 0xFFFFF, ACCESS_DATA(0u), FLAGS_PAGES);
    gdt[SELECTOR_TSS >> 3] =
        segment_descriptor(ENTRY_TSS, sizeof(struct task_state) - 1, ACCESS_TSS, 0);
    gdt[SELECTOR_FAULT_TSS >> 3] =
        segment_descriptor(ENTRY_FAULT_TSS, TSS_LIMIT_PLAIN, fault_access, 0);
}

static void build_tss(void) {
    tss->link = DEFENCE_NO_TASK_LINK ? 0 : SELECTOR_TSS; /* so that `iret` with NT set is #TS */
    tss->ss0 = SELECTOR_CORE_DATA;
    tss->ss2 = SELECTOR_MANAGER_DATA;
    tss->cr3 = read_cr3();
    tss->bitmap_offset = BITMAP_NONE;
    for (uint32_t i = 0; i < sizeof tss->bitmap; i++)
        tss->bitmap[i] = DEFENCE_PORTS_DENIED ? 0xFF : 0;

    fault_tss->eip = (uint32_t)double_fault_entry;
    fault_tss->esp = FAULT_STACK_TOP;
    fault_tss->cs = SELECTOR_CORE_CODE;
    fault_tss->ss = fault_tss->ds = fault_tss->es = SELECTOR_CORE_DATA;
    fault_tss->eflags = EFLAGS_FIXED;
    fault_tss->cr3 = read_cr3();
    fault_tss->bitmap_offset = sizeof(struct task_state);
}

/* Ring 3 may raise #BP and #OF by instruction, as on Linux, and the system call; nothing else. */
static uint32_t gate_level(uint32_t vector) {
    return !DEFENCE_INTERRUPT_GATE_LEVEL || vector == BREAKPOINT || vector == OVERFLOW ? 3 : 0;
}

static void fill_idt(uint64_t *idt, const uint32_t *stubs) {
    for (uint32_t vector = 0; vector < TRAP_VECTORS; vector++)
        idt[vector] = gate_descriptor(SELECTOR_CORE_CODE, stubs[vector],
                                      ACCESS_INTERRUPT(gate_level(vector)));
    idt[SYSTEM_CALL] = gate_descriptor(SELECTOR_MANAGER_CODE, MANAGER_ENTRY_INT80, ACCESS_TRAP(3u));
}

void tables_select_fence(uint64_t *inner_idt, uint64_t *outer_idt, bool paging) {
    const uint32_t *stubs = paging ? trap_stubs_paging : trap_stubs_segment;

    fill_idt(inner_idt, stubs);
    fill_idt(outer_idt, stubs);
    inner_idt[DOUBLE_FAULT] =
        gate_descriptor(SELECTOR_FAULT_TSS, 0, ACCESS_TASK_GATE(gate_level(DOUBLE_FAULT)));
    tss->esp0 = paging ? ENTRY_STACK_TOP : CORE_STACK_TOP;
}

void tables_build(uint64_t *inner_idt, uint64_t *outer_idt) {
    build_gdt();
    build_tss();
    tables_select_fence(inner_idt, outer_idt, true);
}

void tables_load(void) {
    struct __attribute__((packed)) {
        uint16_t limit;
        uint32_t base;
    } gdtr = {GDT_ENTRIES * 8 - 1, ENTRY_GDT}, idtr = {VECTORS * 8 - 1, ENTRY_IDT};

    __asm__ volatile("lgdt %0\n\t"
                     "ljmp %2, $1f\n"
                     "1:\n\t"
                     "mov %3, %%ds\n\t"
                     "mov %3, %%es\n\t"
                     "mov %3, %%ss\n\t"
                     "mov %4, %%fs\n\t"
                     "mov %4, %%gs\n\t"
                     "lidt %1\n\t"
                     "ltr %w5"
                     :
                     : "m"(gdtr), "m"(idtr), "i"(SELECTOR_CORE_CODE), "r"(SELECTOR_CORE_DATA),
                       "r"(0), "r"(SELECTOR_TSS)
                     : "memory");
    write_msr(MSR_SYSENTER_CS,
              DEFENCE_SYSENTER_OFF ? 0 : SELECTOR_CORE_CODE); /* `sysenter` is #GP in every ring */
}

void tables_set_tls(const uint64_t tls[TLS_SLOT_COUNT]) {
    for (uint32_t slot = 0; slot < TLS_SLOT_COUNT; slot++)
        gdt[TLS_FIRST_INDEX + slot] = tls[slot];
}

/* The LDT lies in its domain's own quarter, so it must be mapped when this runs. */
void tables_set_ldt(uint32_t address, uint32_t entries) {
    gdt[SELECTOR_LDT >> 3] = segment_descriptor(address, entries * 8 - 1, ACCESS_LDT, 0);
    __asm__ volatile("lldt %w0" : : "r"(SELECTOR_LDT) : "memory");
}

void tables_set_stack2(uint32_t esp2) {
    tss->esp2 = esp2;
}

void tables_open_port_range(uint16_t first, uint16_t count) {
    for (uint32_t port = first; port < (uint32_t)first + count && port < 65536; port++)
        tss->bitmap[port >> 3] &= (uint8_t) ~(1u << (port & 7));
}

void tables_close_port_range(uint16_t first, uint16_t count) {
    for (uint32_t port = first; port < (uint32_t)first + count && port < 65536; port++)
        tss->bitmap[port >> 3] |= (uint8_t)(1u << (port & 7));
}

void tables_use_ports(bool use) {
    tss->bitmap_offset = use || !DEFENCE_TENANT_PORTS_CLOSED
                             ? (uint16_t)offsetof(struct task_state, bitmap)
                             : BITMAP_NONE;
}
