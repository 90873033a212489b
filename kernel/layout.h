// SPDX-License-Identifier: MIT
/*
 * The core's own quarter: what kernel/abi/layout.h leaves to ring 0.
 *
 *   0xe0000000  core image; physical memory from 0 is mapped here 1:1 + CORE_BASE, as far as the image goes
 *   0xe4000000  boot modules (bundles), mapped while the core starts and for reading headers
 *   0xe8000000  objects: pages of core objects, each charged to the quota of who asked (kernel/mem/object.h)
 *   0xf0000000  frame records, 8 bytes a frame
 *   0xf8000000  fixed device mappings: local APIC, VGA text for panics
 *   0xf8200000  the drivers' information and LDT pages, writable: two pages a driver
 *   0xf8400000  the pages of all CPUs but the first, so that each can reach the others' (kernel/fence/view.h)
 *   0xf8600000  checksums of blocks, with verify=on (kernel/io/verify.h)
 *   0xffe00000  entry area: one page table per CPU, so that the same addresses are each CPU's own
 *
 * The entry area, as seen from the two views of a CPU (kernel/fence/view.h):
 *
 *   offset   page(s)                    inner view    outer view
 *   0x00000  GDT                        rw            r
 *   0x01000  IDT                        rw            r   (another frame: #DF is an interrupt gate there)
 *   0x02000  TSS and IO bitmap, 3 pages rw            r
 *   0x05000  #DF TSS                    rw            r
 *   0x06000  entry text, <= 8 pages     rx            rx
 *   0x20000  entry stack                rw            rw  (nothing is kept here across an outer run)
 *   0x40000  struct cpu, 2 pages        rw            -
 *   0x50000  core stack, 4 pages        rw            -   (guard page below)
 *   0x60000  #DF stack                  rw            -
 *   0x80000  mapping windows            rw            -   (kernel/mem/window.h)
 */
#ifndef KERNEL_LAYOUT_H
#define KERNEL_LAYOUT_H

#include "kernel/abi/layout.h"

#define CPU_MAX 8u

#define CORE_MODULES       0xE4000000u
#define CORE_MODULES_LIMIT 0xE8000000u
#define CORE_OBJECTS       0xE8000000u
#define CORE_OBJECTS_LIMIT 0xF0000000u
#define CORE_RECORDS       0xF0000000u
#define CORE_RECORDS_LIMIT 0xF8000000u
#define CORE_DEVICES       0xF8000000u
#define CORE_DEVICES_LIMIT 0xF8200000u
#define CORE_DRIVERS       0xF8200000u
#define CORE_DRIVERS_LIMIT 0xF8400000u
#define CORE_CPUS          0xF8400000u
#define CORE_CPUS_LIMIT    0xF8600000u
#define CORE_SUMS          0xF8600000u
#define CORE_SUMS_LIMIT    0xFA600000u
#define CORE_COPIES        0xFA600000u
#define CORE_COPIES_LIMIT  0xFC600000u

#define ENTRY_GDT         (ENTRY_AREA + 0x00000u)
#define ENTRY_IDT         (ENTRY_AREA + 0x01000u)
#define ENTRY_TSS         (ENTRY_AREA + 0x02000u)
#define ENTRY_TSS_PAGES   3
#define ENTRY_FAULT_TSS   (ENTRY_AREA + 0x05000u)
#define ENTRY_TEXT        (ENTRY_AREA + 0x06000u)
#define ENTRY_TEXT_PAGES  8
#define ENTRY_STACK       (ENTRY_AREA + 0x20000u)
#define ENTRY_STACK_TOP   (ENTRY_AREA + 0x21000u)
#define CPU_LOCAL         (ENTRY_AREA + 0x40000u)
#define CPU_LOCAL_PAGES   2
#define CORE_STACK        (ENTRY_AREA + 0x50000u)
#define CORE_STACK_PAGES  4
#define CORE_STACK_TOP    (CORE_STACK + CORE_STACK_PAGES * PAGE_SIZE)
#define FAULT_STACK       (ENTRY_AREA + 0x60000u)
#define FAULT_STACK_PAGES 2
#define FAULT_STACK_TOP   (FAULT_STACK + FAULT_STACK_PAGES * PAGE_SIZE)
#define WINDOW_BASE       (ENTRY_AREA + 0x80000u)
#define WINDOW_COUNT      16

/* GDT of each CPU: selectors at DPL 0, and the TLS slots at indices 6..8 (kernel/abi/selector.h). */
#define SELECTOR_CORE_CODE 0x08
#define SELECTOR_CORE_DATA 0x10
#define SELECTOR_TSS       0x20
#define SELECTOR_LDT       0x28
#define SELECTOR_FAULT_TSS 0x48
#define SELECTOR_PROBE     0x50 /* only while the probe runs */
#define GDT_ENTRIES        16

#endif
