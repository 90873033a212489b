// SPDX-License-Identifier: MIT
/*
 * The selectors that ring 1, 2 and 3 may name. A domain can name only what its LDT holds; the only
 * GDT entries above DPL 0 are the three TLS slots, at the indices that Linux i386 uses.
 *
 * selector = index << 3 | table (4 = LDT) | requested privilege level
 */
#ifndef KERNEL_ABI_SELECTOR_H
#define KERNEL_ABI_SELECTOR_H

/* A tenant's LDT. */
#define SELECTOR_APP_CODE     0x0F /* index 1, DPL 3 */
#define SELECTOR_APP_DATA     0x17 /* index 2, DPL 3 */
#define SELECTOR_MANAGER_CODE 0x1E /* index 3, DPL 2 */
#define SELECTOR_MANAGER_DATA 0x26 /* index 4, DPL 2 */
#define SELECTOR_SYSCALL_GATE 0x2F /* index 5, DPL 3: lcall from ring 3 into ring 2 */
#define SELECTOR_GATE_MEMORY  0x36 /* index 6, DPL 2 */
#define SELECTOR_GATE_THREAD  0x3E /* index 7, DPL 2 */
#define SELECTOR_GATE_IO      0x46 /* index 8, DPL 2 */
#define SELECTOR_GATE_CHANNEL 0x4E /* index 9, DPL 2 */
#define SELECTOR_GATE_CONTROL 0x56 /* index 10, DPL 2: only in the operator's LDT */
#define TENANT_LDT_ENTRIES    16

/* A driver's LDT. */
#define SELECTOR_DRIVER_CODE 0x0D /* index 1, DPL 1 */
#define SELECTOR_DRIVER_DATA 0x15 /* index 2, DPL 1 */
#define SELECTOR_GATE_DRIVER 0x35 /* index 6, DPL 1 */
#define DRIVER_LDT_ENTRIES   16

/* TLS slots of the running thread, in the GDT as on Linux i386. */
#define TLS_FIRST_INDEX 6
#define TLS_SLOT_COUNT  3

#endif
