// SPDX-License-Identifier: MIT
/*
 * Names: a driver's LDT holds its code, its data and one gate. It can name nothing else, and go nowhere else:
 * see domains/hostile/segment.c and transfer.c.
 */
#include "drivers/lib/log.h"
#include "drivers/test/hostile/attack.h"

#include "kernel/abi/selector.h"
#include "kernel/abi/status.h"

#include <stdbool.h>

#define SELECTORS       0x10000u
#define INDEX(selector) ((selector) >> 3)
#define LOCAL           4u
#define GATE_INDEX      INDEX(SELECTOR_GATE_DRIVER)
#define TYPE(rights)    ((rights) >> 8 & 0x1Fu)
#define CALL_GATE       0x0Cu
#define ABSURD_CALL     0x10000000u

static bool access_rights(uint32_t selector, uint32_t *rights) {
    bool seen;
    __asm__("larl %2, %1" : "=@ccz"(seen), "=r"(*rights) : "r"(selector));
    return seen;
}

static bool last_byte(uint32_t selector, uint32_t *limit) {
    bool seen;
    __asm__("lsll %2, %1" : "=@ccz"(seen), "=r"(*limit) : "r"(selector));
    return seen;
}

static bool is_readable(uint32_t selector) {
    bool yes;
    __asm__("verr %w1" : "=@ccz"(yes) : "r"(selector));
    return yes;
}

static bool is_writable(uint32_t selector) {
    bool yes;
    __asm__("verw %w1" : "=@ccz"(yes) : "r"(selector));
    return yes;
}

static bool is_own(uint32_t selector) {
    uint32_t index = INDEX(selector);
    return selector & LOCAL && (index == 1 || index == 2 || index == GATE_INDEX);
}

void inspect_selectors(void) {
    uint32_t rights, seen = 0;
    for (uint32_t selector = 0; selector < SELECTORS; selector++) {
        if (!access_rights(selector, &rights))
            continue;
        if (!is_own(selector)) {
            driver_log("escaped: selector %x has rights %x", selector, rights);
            return;
        }
        seen++;
    }
    driver_log("refused: %u of all selectors are seen, all of its own LDT", seen);
}

void measure_selectors(void) {
    uint32_t limit, seen = 0;
    for (uint32_t selector = 0; selector < SELECTORS; selector++) {
        if (!last_byte(selector, &limit))
            continue;
        if (!is_own(selector)) {
            driver_log("escaped: selector %x ends at %x", selector, limit);
            return;
        }
        seen++;
    }
    driver_log("refused: %u of all selectors have a limit, all of its own LDT", seen);
}

/* Of all that can be read here, the one that reaches farthest, and the core through it. */
void use_farthest_selector(void) {
    uint32_t farthest = 0, reach = 0, limit, word;
    for (uint32_t selector = 0; selector < SELECTORS; selector++)
        if (is_readable(selector) && last_byte(selector, &limit) && limit >= reach) {
            reach = limit;
            farthest = selector;
        }
    uint32_t at = is_own(farthest) ? offset_of(CORE_WORD) : CORE_WORD;
    __asm__ volatile("movl %1, %%es\n\t"
                     "movl %%es:(%2), %0"
                     : "=r"(word)
                     : "r"(farthest), "r"(at)
                     : "memory");
    driver_log("escaped: by selector %x the core's word is %x", farthest, word);
}

void use_every_stack_segment(void) {
    uint32_t rights, used = 0;
    for (uint32_t selector = 0; selector < SELECTORS; selector++) {
        if ((selector & 3) != 1 || !is_writable(selector) || !access_rights(selector, &rights) ||
            (rights >> 13 & 3) != 1)
            continue;
        if (!is_own(selector)) {
            driver_log("escaped: selector %x can be a stack", selector);
            return;
        }
        __asm__ volatile("movl %0, %%ss" : : "r"(selector) : "memory");
        used++;
    }
    driver_log("refused: %u of all selectors can be a stack, its own", used);
}

struct __attribute__((packed)) far_pointer {
    uint32_t offset;
    uint16_t selector;
};

static uint32_t far_call(uint32_t selector, uint32_t offset) {
    const struct far_pointer target = {offset, (uint16_t)selector};
    uint32_t status = ABSURD_CALL;
    __asm__ volatile("lcall *%1" : "+a"(status) : "m"(target) : "edx", "memory", "cc");
    return status;
}

static void far_jump(uint32_t selector, uint32_t offset) {
    const struct far_pointer target = {offset, (uint16_t)selector};
    __asm__ volatile("ljmp *%0" : : "m"(target) : "memory");
}

void call_every_gate(void) {
    uint32_t rights, gates = 0;
    for (uint32_t selector = 0; selector < SELECTORS; selector++) {
        if ((selector & 3) > 1 || !access_rights(selector, &rights) || TYPE(rights) != CALL_GATE)
            continue;
        uint32_t status = far_call(selector, 0);
        if (status != STATUS_BAD_CALL || !is_own(selector)) {
            driver_log("escaped: the gate %x answers %u", selector, status);
            return;
        }
        gates++;
    }
    driver_log("refused: %u selectors are gates, and none knows the call", gates);
}

#define LOAD(name, segment, selector)                                                              \
    void name(void) {                                                                              \
        __asm__ volatile("movl %0, %%" segment : : "r"(selector) : "memory");                      \
        driver_log("escaped: selector %x is in " segment, selector);                               \
    }
/* TLS segments are ring 3's, so any ring may load them; there are none while a driver runs. */
LOAD(load_tls, "gs", SELECTOR_TLS)
LOAD(load_core_data, "ds", SELECTOR_CORE_DATA | 1)
LOAD(load_tenant_data, "es", SELECTOR_MANAGER_DATA)
LOAD(load_null_stack, "ss", 0)
LOAD(load_past_ldt, "fs", (DRIVER_LDT_ENTRIES << 3) | 5)
#undef LOAD

/* ---- Far transfers ---- */

void jump_to_core_segment(void) {
    far_jump(SELECTOR_CORE_CODE, CORE_CODE);
}

void call_core_segment(void) {
    far_call(SELECTOR_CORE_CODE, CORE_CODE);
}

void return_to_core_segment(void) {
    __asm__ volatile("pushl %0\n\t"
                     "pushl %1\n\t"
                     "lret"
                     :
                     : "i"(SELECTOR_CORE_CODE), "i"(CORE_CODE)
                     : "memory");
}

void jump_through_gate(void) {
    far_jump(SELECTOR_GATE_DRIVER, 0);
}

/* A tenant's gates are in the tenant's LDT. */
void call_tenant_gate(void) {
    far_call(SELECTOR_GATE_THREAD & ~3u, 0);
    driver_log("escaped: a tenant's gate answers");
}

void call_task(void) {
    far_call(SELECTOR_FAULT_TASK, 0);
}

void jump_past_limit(void) {
    far_jump(SELECTOR_DRIVER_CODE, offset_of(CORE_CODE));
}

static void interrupt_return(uint32_t ss, uint32_t cs, uint32_t eip) {
    __asm__ volatile("pushl %0\n\t"
                     "pushl $0x8000\n\t"
                     "pushl $0x202\n\t"
                     "pushl %1\n\t"
                     "pushl %2\n\t"
                     "iretl"
                     :
                     : "r"(ss), "r"(cs), "r"(eip)
                     : "memory");
}

void iret_to_core(void) {
    interrupt_return(SELECTOR_CORE_DATA, SELECTOR_CORE_CODE, CORE_CODE);
}

void iret_past_limit(void) {
    interrupt_return(SELECTOR_DRIVER_DATA, SELECTOR_DRIVER_CODE, offset_of(CORE_CODE));
}

void iret_to_null_stack(void) {
    interrupt_return(0, SELECTOR_DRIVER_CODE | 3, DRIVER_IMAGE);
}

/* TSS.link is 0, so that there is no task to return to. */
void return_to_nested_task(void) {
    __asm__ volatile("pushfl\n\t"
                     "orl %0, (%%esp)\n\t"
                     "popfl\n\t"
                     "iretl"
                     :
                     : "i"(FLAG_NESTED)
                     : "memory", "cc");
}

/* Only TCG takes VM outside of ring 0: see domains/hostile/flag.c. */
void virtual_8086_by_iret(void) {
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

/* ---- Interrupts ---- */

#define INTERRUPT(name, vector)                                                                    \
    void name(void) {                                                                              \
        __asm__ volatile("int %0" : : "i"(vector) : "memory", "cc");                               \
        driver_log("escaped: int %x went through", vector);                                        \
    }
INTERRUPT(forge_interrupt, 0x20)
INTERRUPT(forge_nmi, 2)
INTERRUPT(forge_double_fault, 8)
INTERRUPT(forge_machine_check, 18)
INTERRUPT(interrupt_past_idt, 0xF0)
/* Its target is the manager's code segment, and the driver's LDT has none. */
INTERRUPT(forge_system_call, 0x80)
#undef INTERRUPT

/* `icebp` asks for no level, where the emulator knows it. */
void forge_debug_trap(void) {
    __asm__ volatile(".byte 0xF1");
    driver_log("escaped: the core takes it for its own");
}

/* SYSENTER would go to ring 0 from any ring. */
void enter_system(void) {
    __asm__ volatile("sysenter");
}
