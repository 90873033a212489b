// SPDX-License-Identifier: MIT
/*
 * The registers of an interrupted domain, in the order in which entry.S pushes them (lowest address first),
 * and the smaller frame that a gate stub makes.
 */
#ifndef KERNEL_CPU_TRAP_FRAME_H
#define KERNEL_CPU_TRAP_FRAME_H

#include <stdint.h>

struct trap_frame {
    uint32_t gs, fs, es, ds;
    uint32_t edi, esi, ebp, reserved, ebx, edx, ecx, eax; /* as pusha stores them */
    uint32_t vector, error;
    uint32_t eip, cs, eflags;
    uint32_t esp, ss; /* only from an outer ring */
};

/* A gate call: what `pusha` and the CPU stored. Arguments 1..5 are ebx, ecx, edx, esi, edi. */
struct gate_frame {
    uint32_t es, ds;
    uint32_t edi, esi, ebp, reserved, ebx, edx, ecx, eax;
    uint32_t eip, cs, esp, ss;
};

#endif
