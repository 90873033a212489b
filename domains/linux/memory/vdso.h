// SPDX-License-Identifier: MIT
/*
 * The one page that the manager itself puts into every process: the way into the manager for
 * AT_SYSINFO, and the returns from signal handlers that brought no restorer.
 */
#ifndef DOMAINS_LINUX_MEMORY_VDSO_H
#define DOMAINS_LINUX_MEMORY_VDSO_H

#include "domains/linux/memory/space.h"

#define VDSO_SYSTEM_CALL  (VDSO_ADDRESS + 0x00u) /* AT_SYSINFO */
#define VDSO_SIGRETURN    (VDSO_ADDRESS + 0x20u)
#define VDSO_RT_SIGRETURN (VDSO_ADDRESS + 0x40u)

void vdso_start(void); /* once, at the start; panics without memory */
uint32_t vdso_frame(void);

#endif
