// SPDX-License-Identifier: MIT
/*
 * Flags: a call gate and an exception leave them as they were, so every entry scrubs them; IF and
 * ports are the core's while IOPL is 0.
 */
#include "domains/hostile/attack.h"

#include "domains/lib/clock.h"
#include "domains/lib/gate.h"

static uint32_t read_flags(void) {
    uint32_t flags;
    __asm__ volatile("pushfl\n\t"
                     "popl %0"
                     : "=r"(flags));
    return flags;
}

static void change_by_popf(uint32_t clear, uint32_t set) {
    __asm__ volatile("pushl %0\n\t"
                     "popfl"
                     :
                     : "r"((read_flags() & ~clear) | set)
                     : "memory", "cc");
}

static void change_by_iret(uint32_t clear, uint32_t set) {
    __asm__ volatile("pushl %0\n\t"
                     "pushl %%cs\n\t"
                     "pushl $1f\n\t"
                     "iretl\n"
                     "1:"
                     :
                     : "r"((read_flags() & ~clear) | set)
                     : "memory", "cc");
}

/* The core copies the line with `rep movs`: backwards, it would overwrite what lies below its
 * buffer. */
static void direction_into_gate(void) {
    static const char line[] = "a line to be copied forwards, long enough to matter if it is not";
    uint32_t status = MANAGER_LOG;
    __asm__ volatile("std\n\t"
                     "lcall %[gate], $0\n\t"
                     "cld"
                     : "+a"(status)
                     : [gate] "i"(SELECTOR_GATE_THREAD), "b"(line), "c"(sizeof line - 1)
                     : "edx", "memory", "cc");
    refused("the gate cleared DF, status %u", status);
}

/* #DB after each instruction of the core. The first one hits the gate's first instruction, before
 * any software can have cleared TF. */
static void trap_into_gate(void) {
    uint32_t status = MEMORY_NULL;
    __asm__ volatile("pushfl\n\t"
                     "orl %[flags], (%%esp)\n\t"
                     "popfl\n\t"
                     "lcall %[gate], $0"
                     : "+a"(status)
                     : [flags] "i"(FLAG_TRAP), [gate] "i"(SELECTOR_GATE_MEMORY)
                     : "edx", "memory", "cc");
    refused("the gate cleared TF, status %u", status);
}

/* MOV SS holds #DB back for one instruction: it comes in ring 0, on the gate's first one. */
static void trap_behind_stack_switch(void) {
    uint32_t status = MEMORY_NULL;
    __asm__ volatile("movl %%ss, %%ecx\n\t"
                     "pushfl\n\t"
                     "orl %[flags], (%%esp)\n\t"
                     "popfl\n\t"
                     "movl %%ecx, %%ss\n\t"
                     "lcall %[gate], $0"
                     : "+a"(status)
                     : [flags] "i"(FLAG_TRAP), [gate] "i"(SELECTOR_GATE_MEMORY)
                     : "ecx", "edx", "memory", "cc");
    refused("the gate cleared TF, status %u", status);
}

/* NT makes `iret` fault. Left set in the core, it would hit whoever is resumed next: here the
 * accomplice, who never sleeps. */
static void nested_into_gate(void) {
    static const uint32_t word;
    for (uint32_t i = 0; i < 100; i++) {
        uint64_t deadline = clock_nanoseconds() + 1000000;
        uint32_t status = THREAD_BLOCK;
        __asm__ volatile("pushfl\n\t"
                         "orl %[flags], (%%esp)\n\t"
                         "popfl\n\t"
                         "lcall %[gate], $0"
                         : "+a"(status)
                         : [flags] "i"(FLAG_NESTED), [gate] "i"(SELECTOR_GATE_THREAD), "b"(&word),
                           "c"(0), "d"((uint32_t)deadline), "S"((uint32_t)(deadline >> 32))
                         : "memory", "cc");
    }
    refused("the gate cleared NT");
}

/* The same by ring 2's own `iret`: TSS.link is 0, so that there is no task to return to. */
static void return_to_nested_task(void) {
    __asm__ volatile("pushfl\n\t"
                     "orl %0, (%%esp)\n\t"
                     "popfl\n\t"
                     "iretl"
                     :
                     : "i"(FLAG_NESTED)
                     : "memory", "cc");
}

/* An exception clears NT and TF for the core, but not DF. */
static void direction_into_exception(void) {
    __asm__ volatile("std\n\t"
                     "ud2");
}

/* Without interrupts the CPU would be the attacker's for good. */
static void disable_interrupts(void) {
    __asm__ volatile("cli\n\t"
                     "sti");
    escaped("cli went through");
}

/* AC let in would mean nothing to the core without SMAP, but it is the caller's, and stays outside. */
static void alignment_into_gate(void) {
    uint32_t status = MEMORY_NULL;
    __asm__ volatile("pushfl\n\t"
                     "orl %[flags], (%%esp)\n\t"
                     "popfl\n\t"
                     "lcall %[gate], $0"
                     : "+a"(status)
                     : [flags] "i"(FLAG_ALIGNMENT), [gate] "i"(SELECTOR_GATE_MEMORY)
                     : "edx", "memory", "cc");
    if (read_flags() & FLAG_ALIGNMENT)
        escaped("AC went into the gate and came out");
    refused("the gate cleared AC, status %u", status);
}

/* RF only comes by `iret`. It holds breakpoints back, and there are none. */
static void resume_into_gate(void) {
    uint32_t status = MEMORY_NULL;
    __asm__ volatile("pushfl\n\t"
                     "orl %[flags], (%%esp)\n\t"
                     "pushl %%cs\n\t"
                     "pushl $1f\n\t"
                     "iretl\n"
                     "1: lcall %[gate], $0"
                     : "+a"(status)
                     : [flags] "i"(FLAG_RESUME), [gate] "i"(SELECTOR_GATE_MEMORY)
                     : "edx", "memory", "cc");
    refused("the gate came back, status %u", status);
}

/* `popf` leaves IF and IOPL alone without a word where the ring has no right to them. */
static void interrupts_off_by_popf(void) {
    change_by_popf(FLAG_INTERRUPT, 0);
    if (!(read_flags() & FLAG_INTERRUPT))
        escaped("interrupts are off");
    refused("popf left IF alone");
}

static void interrupts_off_by_iret(void) {
    change_by_iret(FLAG_INTERRUPT, 0);
    if (!(read_flags() & FLAG_INTERRUPT))
        escaped("interrupts are off");
    refused("iret left IF alone");
}

static void raise_io_level_by_popf(void) {
    change_by_popf(0, FLAG_IO_LEVEL);
    if (read_flags() & FLAG_IO_LEVEL)
        escaped("flags %x", read_flags());
    refused("popf left IOPL alone");
}

static void raise_io_level_by_iret(void) {
    change_by_iret(0, FLAG_IO_LEVEL);
    if (read_flags() & FLAG_IO_LEVEL)
        escaped("flags %x", read_flags());
    refused("iret left IOPL alone");
}

/* Outside of ring 0 `iret` takes no VM bit; TCG's does. With one, selectors are paragraphs, so that CS can look
 * like ring 0's: whoever judges by it takes what happens next for a fault of the core's own. */
static void virtual_8086_by_iret(void) {
    __asm__ volatile("xorl %%eax, %%eax\n\t"
                     "pushl %%eax\n\t" /* GS, FS, DS, ES, SS, ESP */
                     "pushl %%eax\n\t"
                     "pushl %%eax\n\t"
                     "pushl %%eax\n\t"
                     "pushl %%eax\n\t"
                     "pushl $0x8000\n\t"
                     "pushl %0\n\t"
                     "pushl $0x1000\n\t" /* CS */
                     "pushl %%eax\n\t"
                     "iretl"
                     :
                     : "i"(FLAG_VIRTUAL | FLAG_INTERRUPT | 2)
                     : "eax", "memory", "cc");
}

/* SYSENTER would go to ring 0 from any ring. */
static void enter_system(void) {
    __asm__ volatile("sysenter");
}

const struct attack flag_attacks[] = {
    {"direction-into-gate", direction_into_gate},
    {"trap-into-gate", trap_into_gate},
    {"trap-behind-stack-switch", trap_behind_stack_switch},
    {"nested-into-gate", nested_into_gate},
    {"return-to-nested-task", return_to_nested_task},
    {"direction-into-exception", direction_into_exception},
    {"disable-interrupts", disable_interrupts},
    {"enter-system", enter_system},
    {"alignment-into-gate", alignment_into_gate},
    {"resume-into-gate", resume_into_gate},
    {"interrupts-off-by-popf", interrupts_off_by_popf},
    {"interrupts-off-by-iret", interrupts_off_by_iret},
    {"raise-io-level-by-popf", raise_io_level_by_popf},
    {"raise-io-level-by-iret", raise_io_level_by_iret},
    {"virtual-8086-by-iret", virtual_8086_by_iret},
    {0, 0},
};
