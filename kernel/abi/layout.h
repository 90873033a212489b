// SPDX-License-Identifier: MIT
/*
 * Where everything lies in the 4 GiB of linear addresses.
 *
 *   0x00000000 ┌───────────────────────────────┐
 *              │ app, ring 3                   │  private to each process
 *   0x80000000 ├───────────────────────────────┤
 *              │ manager image (text, data)    │  text and rodata shared by all tenants
 *   0x80090000 │ image window                  │  the manager maps EROFS images here to read them; a small
 *              │                               │  one needs no page table beside the manager image's
 *   0x87800000 │ links                         │  memory shared with other tenants: kernel/abi/link.h
 *   0x88000000 │ manager mappings              │  ring-2 stacks with guard pages, IO rings
 *   0x8fefd000 │ tenant information (read-only)│  struct tenant_information
 *   0x8feff000 │ LDT (read-only)               │  the same frame, which begins with it
 *   0x8ff00000 │ frame window, 768 MiB         │  page i is frame index i of the tenant; the first MiB shares
 *              │                               │  a page table with the first stacks
 *   0xc0000000 ├───────────────────────────────┤  <- the fence
 *              │ driver slots, ring 1          │  128 slots of 4 MiB, segment base = slot
 *   0xe0000000 ├───────────────────────────────┤
 *              │ core, ring 0                  │
 *   0xffe00000 │ per-CPU entry area            │
 *              └───────────────────────────────┘
 *
 * A driver's own addresses are offsets in its slot:
 *
 *   0x000000 unmapped: a null pointer faults     0x200000 bounce buffers (one per request id)
 *   0x001000 image: text, rodata, data, bss      0x300000 DMA memory, contiguous, if asked for
 *   0x1f0000 stack (grows down from 0x200000)    0x380000 MMIO windows of the device
 *   0x3fe000 driver information (read-only)      0x3ff000 LDT (read-only)
 */
#ifndef KERNEL_ABI_LAYOUT_H
#define KERNEL_ABI_LAYOUT_H

#define PAGE_SIZE  0x1000u
#define PAGE_SHIFT 12

#define APP_BASE  0x00000000u
#define APP_LIMIT 0x80000000u /* first address above the app quarter pair */

#define MANAGER_BASE           0x80000000u
#define MANAGER_LIMIT          0xC0000000u /* the fence: first address ring 2 may not name */
#define MANAGER_IMAGE_WINDOW   0x80090000u /* for SPACE_MAP of images into MANAGER_SPACE */
#define MANAGER_LINKS          0x87800000u
#define MANAGER_MAPPINGS       0x88000000u /* for SPACE_MAP of frames into MANAGER_SPACE */
#define MANAGER_MAPPINGS_LIMIT 0x8FEF0000u
#define MANAGER_INFORMATION    0x8FEFD000u
#define MANAGER_LDT            0x8FEFF000u
#define MANAGER_WINDOW         0x8FF00000u
#define MANAGER_WINDOW_FRAMES  0x30000u /* 196,608 frames = 768 MiB */

/* Fixed entry points at the start of every manager's text. The IDT is shared by all tenants, so
 * `int 0x80` must land at the same address in each of them. */
#define MANAGER_ENTRY_INT80  (MANAGER_BASE + 0x00u) /* trap gate, from ring 3 (or ring 2: check!) */
#define MANAGER_ENTRY_LCALL  (MANAGER_BASE + 0x20u) /* the LDT's DPL-3 call gate */
#define MANAGER_ENTRY_UPCALL (MANAGER_BASE + 0x40u) /* struct upcall_frame on the ring-2 stack */

#define DRIVER_SLOTS       0xC0000000u
#define DRIVER_SLOT_SIZE   0x00400000u
#define DRIVER_SLOT_COUNT  128u
#define DRIVER_IMAGE       0x00001000u
#define DRIVER_STACK_TOP   0x00200000u
#define DRIVER_STACK_SIZE  0x00004000u
#define DRIVER_BOUNCE      0x00200000u
#define DRIVER_BOUNCE_SIZE 0x00010000u /* 64 KiB per request id */
#define DRIVER_DMA         0x00300000u
#define DRIVER_MMIO        0x00380000u
#define DRIVER_INFORMATION 0x003FE000u
#define DRIVER_LDT         0x003FF000u

#define CORE_BASE  0xE0000000u
#define ENTRY_AREA 0xFFE00000u

#endif
