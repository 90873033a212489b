// SPDX-License-Identifier: MIT
/*
 * The one page that the manager itself puts into every process: an ELF image with code for ring 3
 * (userland/vdso), and behind it the clock that this code reads. Apps read and execute the page; to write
 * it they would have to make it writable, and then get a copy of their own, as of any private page.
 */
#ifndef DOMAINS_LINUX_MEMORY_VDSO_H
#define DOMAINS_LINUX_MEMORY_VDSO_H

/* From address_space.vdso on: */
#define VDSO_TEXT         0x400
#define VDSO_SYSTEM_CALL  VDSO_TEXT /* AT_SYSINFO */
#define VDSO_SIGRETURN    0x420
#define VDSO_RT_SIGRETURN 0x440
#define VDSO_CLOCK_TEXT   0x460
#define VDSO_CLOCK        0xF80 /* struct vdso_clock */

/* From VDSO_CLOCK on: */
#define VDSO_CLOCK_BOOT       0
#define VDSO_CLOCK_WALL       8
#define VDSO_CLOCK_MULTIPLIER 16
#define VDSO_CLOCK_SHIFT      20
#define VDSO_CLOCK_SECOND     24
#define VDSO_CLOCK_SEQUENCE   28

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stdint.h>

void vdso_start(void); /* once, at the start; panics without memory */
uint32_t vdso_frame(void);
/* May programs be told of the image? Its clock needs instructions that old CPUs lack. */
bool vdso_is_usable(uint32_t processor_features);
/* What the wall clock is ahead of the time since boot, in nanoseconds, modulo 2^64. Under the manager's lock. */
void vdso_set_wall(uint64_t offset);

#endif
#endif
