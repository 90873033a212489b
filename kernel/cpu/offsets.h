// SPDX-License-Identifier: MIT
/*
 * Offsets that assembly uses, checked against the C structures in kernel/cpu/cpu.c.
 */
#ifndef KERNEL_CPU_OFFSETS_H
#define KERNEL_CPU_OFFSETS_H

#include "kernel/defence.h"

#define CPU_OUTER_CR3  0
#define CPU_RESCHEDULE 4
#define CPU_CURRENT    8

#define TSS_CR3                                                                                    \
    28 /* never loaded by the CPU in this TSS: holds the CPU's inner CR3 for the stubs */

#define TRAP_FRAME_GS     0
#define TRAP_FRAME_VECTOR 48
#define TRAP_FRAME_CS     60
#define TRAP_FRAME_EFLAGS 64
#define TRAP_FRAME_BYTES  76

#define GATE_FRAME_EAX 36

/* C on the core stack starts this far below its top, clear of the frame that resume_frame leaves by. */
#define RESUME_ROOM 128

/* What a gate's first instructions load into EFLAGS: all clear, IOPL as domains have it (EFLAGS_OUTER). */
#if DEFENCE_IOPL_ZERO
#define GATE_FLAGS 0x0002
#else
#define GATE_FLAGS 0x3002
#endif

#define EFLAGS_VIRTUAL 0x20000 /* EFLAGS_VM, for assembly */

/* Targets in trap_fixups that are no addresses: the exits where a fault is the domain's own doing. */
#define FIXUP_RESUME 1
#define FIXUP_GATE   2

#endif
