// SPDX-License-Identifier: MIT
/*
 * Flags: a call gate and an exception leave them as they were, so every entry scrubs them; IF and
 * ports are the core's while IOPL is 0.
 */
#include "domains/hostile/attack.h"

#include "domains/lib/clock.h"
#include "domains/lib/gate.h"

#define FLAG_TRAP   0x100u
#define FLAG_NESTED 0x4000u
#define LINE_STATUS 0x3FD /* of the UART, which the console driver has */

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

/* The bitmap belongs to the driver that used ports last; for a tenant there is none. */
static void read_port(void) {
    uint8_t value;
    __asm__ volatile("inb %w1, %0" : "=a"(value) : "d"(LINE_STATUS));
    escaped("port %x reads %x", LINE_STATUS, value);
}

/* Where the core's tables lie is nobody's business (UMIP). */
static void store_gdt_register(void) {
    struct __attribute__((packed)) {
        uint16_t limit;
        uint32_t base;
    } table = {0, 0};
    __asm__ volatile("sgdt %0" : "=m"(table));
    escaped("the GDT is at %x", table.base);
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
    {"read-port", read_port},
    {"store-gdt-register", store_gdt_register},
    {"enter-system", enter_system},
    {0, 0},
};
