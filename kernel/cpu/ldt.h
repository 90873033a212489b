// SPDX-License-Identifier: MIT
/*
 * Local descriptor tables: the capability lists. A domain can name only what is in here.
 */
#ifndef KERNEL_CPU_LDT_H
#define KERNEL_CPU_LDT_H

#include <stdbool.h>
#include <stdint.h>

/* A tenant's: app and manager segments, the system call gate, one gate per core service group; the control
 * gate only for the operator. The fence must have been chosen (kernel/fence/fence.h). */
void ldt_build_tenant(uint64_t *ldt, bool is_operator);
/* A driver's: code and data at its slot with the exact limit, and the driver gate. */
void ldt_build_driver(uint64_t *ldt, uint32_t slot);

#endif
