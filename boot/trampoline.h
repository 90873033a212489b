/* SPDX-License-Identifier: MIT */
/*
 * Where a CPU other than the first begins: a page below 1 MiB that the core keeps for itself (LOW_MEMORY in
 * kernel/mem/frame_boot.c). Included by assembly too.
 */
#ifndef BOOT_TRAMPOLINE_H
#define BOOT_TRAMPOLINE_H

#define TRAMPOLINE 0x8000

#endif
