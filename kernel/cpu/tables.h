// SPDX-License-Identifier: MIT
/*
 * The descriptor tables of a CPU: GDT, IDT, TSS, and the #DF TSS. Built once per CPU; read-only to the outer
 * rings. All functions act on the CPU they run on, in its inner view.
 */
#ifndef KERNEL_CPU_TABLES_H
#define KERNEL_CPU_TABLES_H

#include "kernel/abi/selector.h"

#include <stdbool.h>
#include <stdint.h>

/* 32-bit TSS, Intel SDM 3A 7.2.1, with the IO permission bitmap behind it. */
struct task_state {
    uint32_t link;
    uint32_t esp0, ss0, esp1, ss1, esp2, ss2;
    uint32_t cr3; /* here: the CPU's inner CR3, for the stubs */
    uint32_t eip, eflags, eax, ecx, edx, ebx, esp, ebp, esi, edi;
    uint32_t es, cs, ss, ds, fs, gs, ldt;
    uint16_t trap, bitmap_offset;
    uint8_t bitmap[8192 + 1]; /* a set bit denies; the last byte must be 0xFF */
};

#define BITMAP_NONE 0xFFFFu /* bitmap_offset past the TSS limit: every port is denied */

/* Fills the tables and loads them. `inner` and `outer` are the frames' writable addresses of the two IDTs. */
void tables_build(uint64_t *inner_idt, uint64_t *outer_idt);
void tables_select_fence(uint64_t *inner_idt, uint64_t *outer_idt, bool paging);
void tables_load(void);

/* What changes with every thread: its TLS segments, its LDT, its ring-2 stack, its IO ports. */
void tables_set_tls(const uint64_t tls[TLS_SLOT_COUNT]);
void tables_set_ldt(uint32_t address, uint32_t entries);
void tables_set_stack2(uint32_t esp2);
void tables_open_port_range(uint16_t first, uint16_t count);
void tables_close_port_range(uint16_t first, uint16_t count);
void tables_use_ports(bool use);

void gdt_set_entry(uint32_t index, uint64_t descriptor);

#endif
