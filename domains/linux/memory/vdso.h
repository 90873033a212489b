// SPDX-License-Identifier: MIT
/*
 * The one page that the manager itself puts into every process: the way into the manager for
 * AT_SYSINFO, and the returns from signal handlers that brought no restorer.
 */
#ifndef DOMAINS_LINUX_MEMORY_VDSO_H
#define DOMAINS_LINUX_MEMORY_VDSO_H

#include <stdint.h>

/* From address_space.vdso on: */
#define VDSO_SYSTEM_CALL  0x00u /* AT_SYSINFO */
#define VDSO_SIGRETURN    0x20u
#define VDSO_RT_SIGRETURN 0x40u

void vdso_start(void); /* once, at the start; panics without memory */
uint32_t vdso_frame(void);

#endif
