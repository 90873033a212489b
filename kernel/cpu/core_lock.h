// SPDX-License-Identifier: MIT
/*
 * The one lock of the core: it protects everything in ring 0 that is not a CPU's own. Nothing is ever taken
 * under it, so there is no order to keep.
 *
 * Taken at every entry (gate.S does it itself for gates while nobody else has it), dropped on the way out and
 * while idle. Interrupts are off while it is held or waited for.
 */
#ifndef KERNEL_CPU_CORE_LOCK_H
#define KERNEL_CPU_CORE_LOCK_H

void core_lock_take(void);
void core_lock_drop(void);
void core_lock_wait(void); /* for gate.S, when others have it or wait */

#endif
