// SPDX-License-Identifier: MIT
/*
 * What assembly takes for granted, checked; the counts of the gate groups, as symbols for gate.S; and the
 * features that a CPU turns on for itself.
 */
#include "kernel/cpu/cpu.h"

#include "kernel/abi/gate.h"
#include "kernel/abi/status.h"
#include "kernel/cpu/features.h"
#include "kernel/cpu/mitigation.h"
#include "kernel/cpu/offsets.h"
#include "kernel/cpu/registers.h"
#include "kernel/cpu/tables.h"
#include "kernel/cpu/trap_frame.h"
#include "kernel/defence.h"
#include "kernel/fault/injector.h"

#include <stddef.h>

_Static_assert(offsetof(struct cpu, outer_cr3) == CPU_OUTER_CR3, "gate.S");
_Static_assert(offsetof(struct cpu, reschedule) == CPU_RESCHEDULE, "gate.S");
_Static_assert(offsetof(struct cpu, current) == CPU_CURRENT, "gate.S");
_Static_assert(offsetof(struct task_state, cr3) == TSS_CR3, "entry.S, gate.S");
_Static_assert(offsetof(struct trap_frame, vector) == TRAP_FRAME_VECTOR, "entry.S");
_Static_assert(offsetof(struct trap_frame, cs) == TRAP_FRAME_CS, "entry.S");
_Static_assert(offsetof(struct trap_frame, eflags) == TRAP_FRAME_EFLAGS, "entry.S");
_Static_assert(EFLAGS_VM == EFLAGS_VIRTUAL, "entry.S");
_Static_assert(sizeof(struct trap_frame) == TRAP_FRAME_BYTES, "entry.S");
_Static_assert(offsetof(struct gate_frame, eax) == GATE_FRAME_EAX, "gate.S");
_Static_assert(STATUS_BAD_CALL == 1, "gate.S");
_Static_assert(sizeof(struct cpu) <= CPU_LOCAL_PAGES * PAGE_SIZE, "kernel/layout.h");

#define CPUID1_EDX_FXSR (1u << 24)
#define CPUID1_EDX_SSE  (1u << 25)
#define CPUID7_EBX_SMEP (1u << 7)
#define CPUID7_ECX_UMIP (1u << 2)

/* Absolute symbols, so that a gate stub loads its group's count with one immediate. */
#define DEFINE_COUNT(symbol, value)                                                                \
    __asm__ volatile(".global " symbol "\n\t.set " symbol ", %c0" : : "i"(value))

__attribute__((used)) static void define_counts(void) {
    DEFINE_COUNT("memory_CALLS", MEMORY_CALL_COUNT);
    DEFINE_COUNT("thread_CALLS", THREAD_CALL_COUNT);
    DEFINE_COUNT("io_CALLS", IO_CALL_COUNT);
    DEFINE_COUNT("channel_CALLS", CHANNEL_CALL_COUNT);
    DEFINE_COUNT("control_CALLS", CONTROL_CALL_COUNT + INJECTOR_CALLS);
    DEFINE_COUNT("driver_CALLS", DRIVER_CALL_COUNT);
}

/*
 * SMEP keeps rings 0-2 from executing app pages, UMIP hides the tables' addresses. No global pages, no TSD. SMAP
 * stays off: rings 1 and 2 can set AC by `popf`, and the core never touches app memory through app addresses.
 */
const char *features_enable(void) {
    uint32_t cr4 = CR4_PAE | CR4_MCE | CR4_OSFXSR |
                   CR4_OSXMMEXCPT; /* whole: nothing of the firmware's stays */
    struct cpuid leaf1 = read_cpuid(1, 0);

    if (!DEFENCE_COUNTERS_CLOSED)
        cr4 |= CR4_PCE;

    if (!(leaf1.edx & CPUID1_EDX_FXSR) || !(leaf1.edx & CPUID1_EDX_SSE))
        return "FXSAVE and SSE";
    if (read_cpuid(0, 0).eax >= 7) {
        struct cpuid leaf7 = read_cpuid(7, 0);
        if (DEFENCE_SMEP && leaf7.ebx & CPUID7_EBX_SMEP)
            cr4 |= CR4_SMEP;
        if (DEFENCE_UMIP && leaf7.ecx & CPUID7_ECX_UMIP)
            cr4 |= CR4_UMIP;
    }
    write_cr4(cr4);
    mitigation_enable();
    return NULL;
}
