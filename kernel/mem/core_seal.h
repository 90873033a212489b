// SPDX-License-Identifier: MIT
/*
 * The core's own image after boot: text read-only, data not executable, nothing else mapped.
 */
#ifndef KERNEL_MEM_CORE_SEAL_H
#define KERNEL_MEM_CORE_SEAL_H

/* Once, when all boot-time mappings have been made. */
void core_seal(void);

#endif
