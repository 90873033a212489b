// SPDX-License-Identifier: MIT
/*
 * See apic.h. Registers are 32 bits wide, at 16-byte steps (SDM 3A table 11-1).
 */
#include "kernel/dev/apic.h"

#include "kernel/cpu/registers.h"
#include "kernel/dev/interrupt.h"
#include "kernel/layout.h"
#include "kernel/mem/object.h"
#include "kernel/mem/table.h"

#define CPUID1_EDX_APIC (1u << 9)

#define APIC_ADDRESS CORE_DEVICES
enum apic_register {
    APIC_ID = 0x020,
    APIC_END = 0x0B0,
    APIC_SPURIOUS = 0x0F0,
    APIC_COMMAND = 0x300, /* writing it sends */
    APIC_COMMAND_TARGET = 0x310,
    APIC_TIMER = 0x320,
    APIC_LINT0 = 0x350,
    APIC_LINT1 = 0x360,
    APIC_INITIAL = 0x380,
    APIC_CURRENT = 0x390,
    APIC_DIVIDE = 0x3E0,
};

#define ENABLE           0x100u
#define MASKED           0x10000u
#define DELIVER_NMI      0x400u
#define DELIVER_INIT     0x500u
#define DELIVER_STARTUP  0x600u
#define DELIVER_EXTERNAL 0x700u
#define ASSERT           0x4000u
#define PENDING          0x1000u
#define DIVIDE_BY_1      0xBu

static volatile uint32_t *apic(enum apic_register which) {
    return (volatile uint32_t *)(APIC_ADDRESS + which);
}

bool apic_is_there(void) {
    return read_cpuid(1, 0).edx & CPUID1_EDX_APIC;
}

static void initialise(uint32_t lint0, uint32_t lint1) {
    *apic(APIC_SPURIOUS) = ENABLE | VECTOR_SPURIOUS;
    *apic(APIC_LINT0) = lint0;
    *apic(APIC_LINT1) = lint1;
    *apic(APIC_DIVIDE) = DIVIDE_BY_1;
    *apic(APIC_TIMER) = MASKED | VECTOR_TIMER;
}

void apic_initialise_first(void) {
    frame_t frame = (frame_t)(read_msr(MSR_APIC_BASE) >> PAGE_SHIFT) & 0xFFFFFF;

    core_map(APIC_ADDRESS, frame, 1, PTE_WRITE | PTE_UNCACHED | PTE_NX);
    initialise(DELIVER_EXTERNAL, DELIVER_NMI);
}

void apic_initialise_other(void) {
    initialise(MASKED, MASKED);
}

uint32_t apic_id(void) {
    return *apic(APIC_ID) >> 24;
}

void apic_end_interrupt(void) {
    *apic(APIC_END) = 0;
}

void apic_timer_start(uint32_t ticks) {
    *apic(APIC_INITIAL) = ticks;
}

uint32_t apic_timer_left(void) {
    return *apic(APIC_CURRENT);
}

void apic_timer_open(void) {
    *apic(APIC_TIMER) = VECTOR_TIMER;
}

static void send(uint32_t target, uint32_t command) {
    while (*apic(APIC_COMMAND) & PENDING)
        __asm__ volatile("pause");
    *apic(APIC_COMMAND_TARGET) = target << 24;
    *apic(APIC_COMMAND) = command;
}

void apic_send(uint32_t target, uint32_t vector) {
    send(target, ASSERT | vector);
}

void apic_send_nmi(uint32_t target) {
    send(target, ASSERT | DELIVER_NMI);
}

void apic_send_init(uint32_t target) {
    send(target, ASSERT | DELIVER_INIT);
}

void apic_send_startup(uint32_t target, uint32_t page) {
    send(target, ASSERT | DELIVER_STARTUP | page);
}
