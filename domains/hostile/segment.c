// SPDX-License-Identifier: MIT
/*
 * Every selector there is. `lar`, `lsl`, `verr` and `verw` say without a fault what this ring may know of
 * a descriptor, may read and may write: by exactly the checks that a load does. So all 65,536 are asked, and
 * those that pass are loaded and used. (From ring 3, which survives its faults, all are loaded: see
 * tests/escape/ring3/sweep.c.)
 */
#include "domains/hostile/attack.h"

#include "domains/hostile/app.h"
#include "domains/lib/gate.h"

#include <stdbool.h>

#define SELECTORS       0x10000u
#define INDEX(selector) ((selector) >> 3)
#define LOCAL           4u
#define LAST_OWN        9u /* LDT indices 1..9: app, manager, five gates */
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
    return selector & LOCAL && INDEX(selector) >= 1 && INDEX(selector) <= LAST_OWN;
}

/* A domain can name only what its LDT holds: it must not even see that there is more. */
static void inspect_selectors(void) {
    uint32_t rights, seen = 0;
    for (uint32_t selector = 0; selector < SELECTORS; selector++) {
        if (!access_rights(selector, &rights))
            continue;
        if (!is_own(selector))
            escaped("selector %x has rights %x", selector, rights);
        seen++;
    }
    refused("%u of all selectors are seen, all of its own LDT", seen);
}

/* `lsl` tells how large a segment is, the core's tables and tasks too. */
static void measure_selectors(void) {
    uint32_t limit, seen = 0;
    for (uint32_t selector = 0; selector < SELECTORS; selector++) {
        if (!last_byte(selector, &limit))
            continue;
        if (!is_own(selector))
            escaped("selector %x ends at %x", selector, limit);
        seen++;
    }
    refused("%u of all selectors have a limit, all of its own LDT", seen);
}

static uint32_t own = 1;

static void use(uint32_t selector) {
    uint32_t by_es, by_fs, by_gs;
    __asm__ volatile("movl %3, %%es\n\t"
                     "movl %3, %%fs\n\t"
                     "movl %3, %%gs\n\t"
                     "movl %%es:(%4), %0\n\t"
                     "movl %%fs:(%4), %1\n\t"
                     "movl %%gs:(%4), %2"
                     : "=&r"(by_es), "=&r"(by_fs), "=&r"(by_gs)
                     : "r"(selector), "r"(&own)
                     : "memory");
    if (by_es + by_fs + by_gs != 3)
        escaped("selector %x names other memory", selector);
}

/* Loads all that can be read here into ES, FS and GS, then reads the core through the one that reaches
 * farthest. */
static void use_farthest_selector(void) {
    uint32_t farthest = 0, reach = 0, limit = 0;
    for (uint32_t selector = 0; selector < SELECTORS; selector++) {
        if (!is_readable(selector) || !last_byte(selector, &limit))
            continue;
        if (limit >= (uint32_t)&own + 3)
            use(selector);
        if (limit >= reach) {
            reach = limit;
            farthest = selector;
        }
    }
    uint32_t word;
    __asm__ volatile("movl %1, %%es\n\t"
                     "movl %%es:(%2), %0"
                     : "=r"(word)
                     : "r"(farthest), "r"(CORE_WORD)
                     : "memory");
    escaped("by selector %x the core's word is %x", farthest, word);
}

/* SS is choosier: writable data of just this ring, asked for by this ring. */
static void use_every_stack_segment(void) {
    uint32_t rights, used = 0;
    for (uint32_t selector = 0; selector < SELECTORS; selector++) {
        if ((selector & 3) != 2 || !is_writable(selector) || !access_rights(selector, &rights) ||
            (rights >> 13 & 3) != 2)
            continue;
        if (!is_own(selector))
            escaped("selector %x can be a stack", selector);
        __asm__ volatile("movl %%ss, %%ecx\n\t"
                         "movl %0, %%ss\n\t"
                         "pushl $0\n\t"
                         "addl $4, %%esp\n\t"
                         "movl %%ecx, %%ss"
                         :
                         : "r"(selector)
                         : "ecx", "memory");
        used++;
    }
    refused("%u of all selectors can be a stack, its own", used);
}

static uint32_t call_gate(uint32_t selector) {
    const struct {
        uint32_t offset;
        uint16_t selector;
    } target = {0, (uint16_t)selector};
    uint32_t status = ABSURD_CALL;
    __asm__ volatile("lcall *%1" : "+a"(status) : "m"(target) : "edx", "memory", "cc");
    return status;
}

/* Every gate that can be seen, with a number that no table has. */
static void call_every_gate(void) {
    uint32_t rights, gates = 0;
    for (uint32_t selector = 0; selector < SELECTORS; selector++) {
        if (!access_rights(selector, &rights) || TYPE(rights) != CALL_GATE ||
            (selector | 3) == (SELECTOR_SYSCALL_GATE | 3) || (selector & 3) == 3)
            continue;
        uint32_t status = call_gate(selector);
        if (status != STATUS_BAD_CALL || INDEX(selector) > LAST_OWN)
            escaped("the gate %x answers %u", selector, status);
        gates++;
    }
    refused("%u selectors are gates, and none knows the call", gates);
}

/* In ring 3 every load is tried, and what passes is used. Null (4 selectors), the app's code and its data (4 each) go
 * into DS, ES, FS and GS, the data of ring 3 alone into SS; no read passes. */
#define LOADS       12
#define LOADS_OF_SS 1
#define LOAD_ALL_IN_APP(segment, loads)                                                            \
    static void load_every_##segment##_in_app(void) {                                              \
        app_survives = 1;                                                                          \
        app_expected = loads;                                                                      \
        app_run(app_with_every_##segment, SELECTOR_APP_DATA);                                      \
    }
LOAD_ALL_IN_APP(ds, LOADS)
LOAD_ALL_IN_APP(es, LOADS)
LOAD_ALL_IN_APP(fs, LOADS)
LOAD_ALL_IN_APP(gs, LOADS)
LOAD_ALL_IN_APP(ss, LOADS_OF_SS)
#undef LOAD_ALL_IN_APP

/* ---- What must not be loaded ---- */

#define LOAD(name, segment, selector)                                                              \
    static void name(void) {                                                                       \
        __asm__ volatile("movl %0, %%" segment : : "r"(selector) : "memory");                      \
        escaped("selector %x is in " segment, selector);                                           \
    }
LOAD(load_core_data, "ds", SELECTOR_CORE_DATA | 2)
LOAD(load_core_data_as_ring_0, "es", SELECTOR_CORE_DATA)
LOAD(load_core_code, "fs", SELECTOR_CORE_CODE | 2)
LOAD(load_gate_as_data, "gs", SELECTOR_GATE_MEMORY)
LOAD(load_task_as_data, "ds", SELECTOR_TASK | 2)
LOAD(load_past_gdt, "es", 0x80 | 2)
LOAD(load_past_ldt, "es", (16 << 3) | 6)
LOAD(load_null_stack, "ss", 0)
LOAD(load_core_stack, "ss", SELECTOR_CORE_DATA)
LOAD(load_app_stack, "ss", SELECTOR_APP_DATA)
LOAD(load_code_as_stack, "ss", SELECTOR_MANAGER_CODE)
#undef LOAD

const struct attack segment_attacks[] = {
    {"inspect-selectors", inspect_selectors},
    {"measure-selectors", measure_selectors},
    {"use-farthest-selector", use_farthest_selector},
    {"use-every-stack-segment", use_every_stack_segment},
    {"call-every-gate", call_every_gate},
    {"load-every-ds-in-app", load_every_ds_in_app},
    {"load-every-es-in-app", load_every_es_in_app},
    {"load-every-fs-in-app", load_every_fs_in_app},
    {"load-every-gs-in-app", load_every_gs_in_app},
    {"load-every-ss-in-app", load_every_ss_in_app},
    {"load-core-data", load_core_data},
    {"load-core-data-as-ring-0", load_core_data_as_ring_0},
    {"load-core-code", load_core_code},
    {"load-gate-as-data", load_gate_as_data},
    {"load-task-as-data", load_task_as_data},
    {"load-past-gdt", load_past_gdt},
    {"load-past-ldt", load_past_ldt},
    {"load-null-stack", load_null_stack},
    {"load-core-stack", load_core_stack},
    {"load-app-stack", load_app_stack},
    {"load-code-as-stack", load_code_as_stack},
    {0, 0},
};
