// SPDX-License-Identifier: MIT
/*
 * Far transfers: jumps, calls and returns name a code segment or a gate, and `iret` a whole frame. Inward
 * there are the gates alone, at their own targets; the CPU compares levels on every other way.
 */
#include "domains/hostile/attack.h"

#include "domains/hostile/app.h"
#include "domains/lib/gate.h"

#include "kernel/abi/selector.h"

struct __attribute__((packed)) far_pointer {
    uint32_t offset;
    uint16_t selector;
};

static void far_jump(uint32_t selector, uint32_t offset) {
    const struct far_pointer target = {offset, (uint16_t)selector};
    __asm__ volatile("ljmp *%0" : : "m"(target) : "memory");
}

static void far_call(uint32_t selector, uint32_t offset) {
    const struct far_pointer target = {offset, (uint16_t)selector};
    __asm__ volatile("lcall *%0" : : "m"(target) : "eax", "edx", "memory", "cc");
}

static void far_return(uint32_t selector, uint32_t offset) {
    __asm__ volatile("pushl %0\n\t"
                     "pushl %1\n\t"
                     "lret"
                     :
                     : "r"(selector), "r"(offset)
                     : "memory");
}

/* As to an outer ring: the CPU takes ESP and SS only if CS says so. */
static void interrupt_return(uint32_t ss, uint32_t flags, uint32_t cs, uint32_t eip) {
    __asm__ volatile("pushl %0\n\t"
                     "pushl %1\n\t"
                     "pushl %2\n\t"
                     "pushl %3\n\t"
                     "pushl %4\n\t"
                     "iretl"
                     :
                     : "r"(ss), "i"(0x8000), "r"(flags), "r"(cs), "r"(eip)
                     : "memory");
}

#define NORMAL_FLAGS 0x202u

static void jump_to_core_segment(void) {
    far_jump(SELECTOR_CORE_CODE, CORE_CODE);
}
static void call_core_segment(void) {
    far_call(SELECTOR_CORE_CODE, CORE_CODE);
}
static void return_to_core_segment(void) {
    far_return(SELECTOR_CORE_CODE, CORE_CODE);
}
/* A jump changes no ring, not even through a gate that a call may take. */
static void jump_through_gate(void) {
    far_jump(SELECTOR_GATE_MEMORY, 0);
}
static void return_through_gate(void) {
    far_return(SELECTOR_GATE_MEMORY, 0);
}
/* A return goes outward only; a ring between the two is none of a tenant's. */
static void return_to_ring_1(void) {
    far_return((SELECTOR_MANAGER_CODE & ~3u) | 1, MANAGER_BASE);
}
static void jump_to_data_segment(void) {
    far_jump(SELECTOR_MANAGER_DATA, MANAGER_BASE);
}
static void jump_to_task(void) {
    far_jump(SELECTOR_TASK, 0);
}
static void jump_to_fault_task(void) {
    far_jump(SELECTOR_FAULT_TASK, 0);
}
static void call_ldt_entry(void) {
    far_call(SELECTOR_LDT_ENTRY, 0);
}
static void call_null_selector(void) {
    far_call(0, 0);
}
static void call_past_ldt(void) {
    far_call((16 << 3) | 6, 0);
}
/* Own segment, but where it ends. */
static void jump_past_limit(void) {
    far_jump(SELECTOR_MANAGER_CODE, CORE_CODE);
}
static void return_past_limit(void) {
    far_return(SELECTOR_MANAGER_CODE, CORE_CODE);
}

/* ---- iret ---- */

static void iret_to_core(void) {
    interrupt_return(SELECTOR_CORE_DATA, NORMAL_FLAGS, SELECTOR_CORE_CODE, CORE_CODE);
}
static void iret_to_ring_1(void) {
    interrupt_return(SELECTOR_MANAGER_DATA, NORMAL_FLAGS, (SELECTOR_MANAGER_CODE & ~3u) | 1, 0);
}
static void iret_past_limit(void) {
    interrupt_return(SELECTOR_MANAGER_DATA, NORMAL_FLAGS, SELECTOR_MANAGER_CODE, CORE_CODE);
}
static void iret_to_null_stack(void) {
    interrupt_return(0, NORMAL_FLAGS, SELECTOR_APP_CODE, 0x8000);
}
static void iret_to_own_stack(void) {
    interrupt_return(SELECTOR_MANAGER_DATA, NORMAL_FLAGS, SELECTOR_APP_CODE, 0x8000);
}
static void iret_to_core_stack(void) {
    interrupt_return(SELECTOR_CORE_DATA | 3, NORMAL_FLAGS, SELECTOR_APP_CODE, 0x8000);
}
static void iret_to_data(void) {
    interrupt_return(SELECTOR_APP_DATA, NORMAL_FLAGS, SELECTOR_APP_DATA, 0x8000);
}
static void iret_to_gate(void) {
    interrupt_return(SELECTOR_APP_DATA, NORMAL_FLAGS, SELECTOR_GATE_MEMORY | 1, 0);
}
/* The frame itself lies in the core: what it holds would be told by where it leads. */
static void iret_from_core_stack(void) {
    __asm__ volatile("movl %0, %%esp\n\t"
                     "iretl"
                     :
                     : "r"(CORE_WORD)
                     : "memory");
}

/* ---- Interrupts ---- */

#define INTERRUPT(name, vector)                                                                    \
    static void name(void) {                                                                       \
        __asm__ volatile("int %0" : : "i"(vector) : "memory", "cc");                               \
        escaped("int %x went through", vector);                                                    \
    }
INTERRUPT(forge_nmi, 2)
INTERRUPT(forge_double_fault, 8)
INTERRUPT(forge_machine_check, 18)
INTERRUPT(forge_alarm, 0x40)
INTERRUPT(interrupt_past_idt, 0xF0)
#undef INTERRUPT

/* `icebp` is no `int 1`: it asks for no level, where the emulator knows it at all. The core must take it for
 * a single step of nobody's. */
static void forge_debug_trap(void) {
    __asm__ volatile(".byte 0xF1");
    refused("icebp changed nothing");
}

const struct attack transfer_attacks[] = {
    {"jump-to-core-segment", jump_to_core_segment},
    {"call-core-segment", call_core_segment},
    {"return-to-core-segment", return_to_core_segment},
    {"jump-through-gate", jump_through_gate},
    {"return-through-gate", return_through_gate},
    {"return-to-ring-1", return_to_ring_1},
    {"jump-to-data-segment", jump_to_data_segment},
    {"jump-to-task", jump_to_task},
    {"jump-to-fault-task", jump_to_fault_task},
    {"call-ldt-entry", call_ldt_entry},
    {"call-null-selector", call_null_selector},
    {"call-past-ldt", call_past_ldt},
    {"jump-past-limit", jump_past_limit},
    {"return-past-limit", return_past_limit},
    {"iret-to-core", iret_to_core},
    {"iret-to-ring-1", iret_to_ring_1},
    {"iret-past-limit", iret_past_limit},
    {"iret-to-null-stack", iret_to_null_stack},
    {"iret-to-own-stack", iret_to_own_stack},
    {"iret-to-core-stack", iret_to_core_stack},
    {"iret-to-data", iret_to_data},
    {"iret-to-gate", iret_to_gate},
    {"iret-from-core-stack", iret_from_core_stack},
    {"forge-nmi", forge_nmi},
    {"forge-double-fault", forge_double_fault},
    {"forge-machine-check", forge_machine_check},
    {"forge-alarm", forge_alarm},
    {"interrupt-past-idt", interrupt_past_idt},
    {"forge-debug-trap", forge_debug_trap},
    {0, 0},
};
