// SPDX-License-Identifier: MIT
/*
 * One instruction each: control registers, MSRs, ports, time stamp. Intel SDM volume 2 names them.
 */
#ifndef KERNEL_CPU_REGISTERS_H
#define KERNEL_CPU_REGISTERS_H

#include "kernel/defence.h"

#include <stdint.h>

#define CR0_TS         (1u << 3)
#define CR0_WP         (1u << 16)
#define CR4_TSD        (1u << 2)
#define CR4_PAE        (1u << 5)
#define CR4_MCE        (1u << 6)
#define CR4_PCE        (1u << 8)
#define CR4_OSFXSR     (1u << 9)
#define CR4_OSXMMEXCPT (1u << 10)
#define CR4_UMIP       (1u << 11)
#define CR4_SMEP       (1u << 20)
#define CR4_SMAP       (1u << 21)

#define EFLAGS_FIXED 0x002u
#define EFLAGS_TF    0x100u
#define EFLAGS_IF    0x200u
#define EFLAGS_DF    0x400u
#define EFLAGS_IOPL  0x3000u
#define EFLAGS_NT    0x4000u
#define EFLAGS_VM    0x20000u
#define EFLAGS_AC    0x40000u

/* With these every domain starts and goes on: interrupts on, IOPL 0. */
#define EFLAGS_OUTER (EFLAGS_FIXED | EFLAGS_IF | (DEFENCE_IOPL_ZERO ? 0 : EFLAGS_IOPL))

#define MSR_SYSENTER_CS 0x174u
#define MSR_APIC_BASE   0x1Bu

#define CONTROL_REGISTER(number)                                                                   \
    static inline uint32_t read_cr##number(void) {                                                 \
        uint32_t value;                                                                            \
        __asm__ volatile("mov %%cr" #number ", %0" : "=r"(value));                                 \
        return value;                                                                              \
    }                                                                                              \
    static inline void write_cr##number(uint32_t value) {                                          \
        __asm__ volatile("mov %0, %%cr" #number : : "r"(value) : "memory");                        \
    }
CONTROL_REGISTER(0)
CONTROL_REGISTER(2)
CONTROL_REGISTER(3)
CONTROL_REGISTER(4)
#undef CONTROL_REGISTER

static inline void out8(uint16_t port, uint8_t value) {
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline uint8_t in8(uint16_t port) {
    uint8_t value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline void out16(uint16_t port, uint16_t value) {
    __asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline uint16_t in16(uint16_t port) {
    uint16_t value;
    __asm__ volatile("inw %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline void out32(uint16_t port, uint32_t value) {
    __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline uint32_t in32(uint16_t port) {
    uint32_t value;
    __asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline uint64_t read_tsc(void) {
    uint64_t value;
    __asm__ volatile("rdtsc" : "=A"(value));
    return value;
}

static inline uint64_t read_msr(uint32_t msr) {
    uint64_t value;
    __asm__ volatile("rdmsr" : "=A"(value) : "c"(msr));
    return value;
}

static inline void write_msr(uint32_t msr, uint64_t value) {
    __asm__ volatile("wrmsr" : : "c"(msr), "A"(value) : "memory");
}

struct cpuid {
    uint32_t eax, ebx, ecx, edx;
};

static inline struct cpuid read_cpuid(uint32_t leaf, uint32_t subleaf) {
    struct cpuid result;
    __asm__ volatile("cpuid"
                     : "=a"(result.eax), "=b"(result.ebx), "=c"(result.ecx), "=d"(result.edx)
                     : "a"(leaf), "c"(subleaf));
    return result;
}

static inline void invalidate_page(uint32_t address) {
    __asm__ volatile("invlpg (%0)" : : "r"(address) : "memory");
}

/* Interrupts are off before and after both. `sti` lets one in only behind the next instruction. */
static inline void wait_for_interrupt(void) {
    __asm__ volatile("sti\n\thlt\n\tcli" : : : "memory");
}

static inline void take_interrupts(void) {
    __asm__ volatile("sti\n\tnop\n\tcli" : : : "memory");
}

static inline void clear_task_switched(void) {
    __asm__ volatile("clts");
}

#endif
