// SPDX-License-Identifier: MIT
/*
 * Names: selectors, gates and vectors that ring 2 should not have, and TLS segments that would
 * reach too far. A domain can name only what its LDT holds, and the three TLS slots.
 */
#include "domains/hostile/attack.h"

#include "domains/hostile/app.h"
#include "domains/lib/gate.h"

#include <stdbool.h>

#define SELECTOR_PROBE_DATA 0x5A /* where the fence's probe had a flat segment of ring 2 */
#define LIMIT_4_GIB         0x000F00000000FFFFull
#define DATA_OF_RING_3      0x0000F30000000000ull /* present, writable, accessed */
#define BY_PAGES            0x0080000000000000ull
#define IS_32_BIT           0x0040000000000000ull

static uint64_t data_segment(uint32_t base, uint64_t flags) {
    return LIMIT_4_GIB | DATA_OF_RING_3 | flags | (uint64_t)(base & 0xFFFFFF) << 16 |
           (uint64_t)(base >> 24) << 56;
}

static uint32_t read_by_gs(uint32_t selector, uint32_t offset) {
    uint32_t word;
    __asm__ volatile("movl %1, %%gs\n\t"
                     "movl %%gs:(%2), %0"
                     : "=r"(word)
                     : "r"(selector), "r"(offset)
                     : "memory");
    return word;
}

/* Only the operator's LDT holds the control gate. */
static void call_control_gate(void) {
    struct gate_answer answer = control_call(CONTROL_CALL_COUNT, 0, 0, 0, 0);
    escaped("the control gate answers, status %u", answer.status);
}

/* A TLS segment is ring 3's, so ring 2 may load it too. musl asks for 4 GiB of it. */
static void reach_by_tls(void) {
    enum status status = core_thread_set_tls(0, data_segment(0, BY_PAGES | IS_32_BIT));
    if (status != STATUS_OK)
        refused("the core refuses the segment, status %u", status);
    escaped("the core's word is %x", read_by_gs(SELECTOR_TLS, CORE_WORD));
}

/* The CPU keeps what it has loaded, also when the descriptor is gone. It must have been harmless then. */
static void read_by_revoked_tls(void) {
    enum status status = core_thread_set_tls(0, data_segment(0, BY_PAGES | IS_32_BIT));
    uint32_t word;
    if (status != STATUS_OK)
        refused("the core refuses the segment, status %u", status);
    __asm__ volatile("movl %0, %%gs" : : "r"(SELECTOR_TLS) : "memory");
    core_thread_set_tls(0, 0);
    __asm__ volatile("movl %%gs:(%1), %0" : "=r"(word) : "r"(CORE_WORD) : "memory");
    escaped("the core's word is %x", word);
}

/* A base above the app's fence: then any limit is too much. */
static void put_tls_above_fence(void) {
    enum status status = core_thread_set_tls(0, data_segment(CORE_BASE, BY_PAGES | IS_32_BIT));
    if (status != STATUS_OK)
        refused("status %u", status);
    escaped("the core's word is %x", read_by_gs(SELECTOR_TLS, CORE_WORD - CORE_BASE));
}

/* A 16-bit stack segment: `iret` to it restores SP and leaves the upper half of the core's ESP. */
static void leak_stack_pointer(void) {
    enum status status = core_thread_set_tls(0, data_segment(0, 0));
    if (status != STATUS_OK)
        refused("status %u", status);
    app_run(app_with_small_stack, SELECTOR_TLS);
}

/* The probe at boot had flat segments in the GDT; they must be gone. */
static void use_probe_segment(void) {
    escaped("the core's word is %x", read_by_gs(SELECTOR_PROBE_DATA, CORE_WORD));
}

/* A far call to a TSS switches tasks, here to the one that panics. */
static void call_task(void) {
    __asm__ volatile("lcall %0, $0" : : "i"(SELECTOR_FAULT_TASK));
}

/* `int n` through a gate meant for hardware would forge an interrupt. */
static void forge_interrupt(void) {
    __asm__ volatile("int $0x20" : : : "memory");
    escaped("int 0x20 went through");
}

/* In ring 0, if the gate below works. */
__attribute__((naked)) static void in_ring_0(void) {
    __asm__("movl %cr0, %eax\n\t"
            "lret");
}

#define GATE_OF_RING_3 0xECull
#define ACCESS_SHIFT   40

/* A TLS slot is a descriptor of the GDT: were it a gate, it would lead into ring 0. */
static void put_gate_in_tls(void) {
    uint32_t target = (uint32_t)in_ring_0, cr0;
    enum status status =
        core_thread_set_tls(0, (target & 0xFFFF) | SELECTOR_CORE_CODE << 16 |
                                   GATE_OF_RING_3 << ACCESS_SHIFT | (uint64_t)(target >> 16) << 48);
    if (status != STATUS_OK)
        refused("status %u", status);
    __asm__ volatile("lcall %1, $0" : "=a"(cr0) : "i"(SELECTOR_TLS) : "memory");
    escaped("ring 0 says that CR0 is %x", cr0);
}

static void put_in_tls(uint64_t access) {
    enum status status = core_thread_set_tls(
        0, (data_segment(0, BY_PAGES | IS_32_BIT) & ~(0xFFull << ACCESS_SHIFT)) |
               access << ACCESS_SHIFT);
    if (status == STATUS_OK)
        escaped("a descriptor with access %x is in the GDT", (uint32_t)access);
    refused("status %u", status);
}

/* Code that any ring may jump to and that runs in ring 0's name: conforming, or just of ring 0. */
static void put_code_in_tls(void) {
    put_in_tls(0x9E);
}
static void put_stack_of_ring_0_in_tls(void) {
    put_in_tls(0x93);
}
static void put_task_in_tls(void) {
    put_in_tls(0xE9);
}
static void put_ldt_in_tls(void) {
    put_in_tls(0xE2);
}

/* Loading a descriptor that was never accessed makes the CPU write to the GDT, which is read-only here. */
static void load_unaccessed_tls(void) {
    enum status status =
        core_thread_set_tls(0, data_segment(0, BY_PAGES | IS_32_BIT) & ~(1ull << 40));
    if (status != STATUS_OK)
        refused("status %u", status);
    __asm__ volatile("movl %0, %%gs" : : "r"(SELECTOR_TLS) : "memory");
    refused("the core has set the bit");
}

/* ---- All that there is to ask for ---- */

#define BASES  6
#define LIMITS 3

static uint32_t accepted;

static uint32_t limit_of(uint32_t selector) {
    uint32_t limit = 0;
    __asm__("lsll %1, %0" : "+r"(limit) : "r"(selector));
    return limit;
}

static uint32_t rights_of(uint32_t selector) {
    uint32_t rights = 0;
    __asm__("larl %1, %0" : "+r"(rights) : "r"(selector));
    return rights >> 8;
}

/* First and last byte that the segment in the slot names, as the CPU sees it. */
static bool reaches_past(uint32_t base, uint32_t fence) {
    uint32_t limit = limit_of(SELECTOR_TLS);
    if (rights_of(SELECTOR_TLS) &
        4) /* expand-down: from behind the limit to 4 GiB, from the base on */
        return limit != UINT32_MAX && (base + limit + 1 >= fence || base + UINT32_MAX >= fence);
    return base + limit < base || base + limit >= fence;
}

static void try_tls(uint32_t base, uint32_t limit, uint32_t access, uint32_t flags, bool cut) {
    uint64_t descriptor = (uint64_t)(limit & 0xFFFF) | (uint64_t)(base & 0xFFFFFF) << 16 |
                          (uint64_t)access << 40 | (uint64_t)(limit >> 16) << 48 |
                          (uint64_t)flags << 52 | (uint64_t)(base >> 24) << 56;
    if (descriptor == 0 || core_thread_set_tls(0, descriptor) != STATUS_OK)
        return;
    accepted++;
    uint32_t rights = rights_of(SELECTOR_TLS);
    if ((rights & 0xFA) != 0xF2 || !(rights & 0x4000))
        escaped("base %x limit %x access %x flags %x: rights %x", base, limit, access, flags,
                rights);
    if (base >= APP_LIMIT || (cut && reaches_past(base, APP_LIMIT)))
        escaped("base %x limit %x access %x flags %x reaches past", base, limit, access, flags);
}

/* Every access byte, every flag, and bases and limits of every kind. What is accepted must be 32-bit data of
 * ring 3 that begins in the app's half, and where limits are the fence it must end there too. */
static void ask_for_every_segment(void) {
    static const uint32_t bases[BASES] = {0,           0x1000,      0x7FFFFFFF,
                                          0x80000000u, 0xE0000000u, 0xFFFFFFFFu};
    static const uint32_t limits[LIMITS] = {0, 0x7FFFF, 0xFFFFF};
    bool cut = limit_of(SELECTOR_MANAGER_DATA) != UINT32_MAX;
    for (uint32_t base = 0; base < BASES; base++)
        for (uint32_t limit = 0; limit < LIMITS; limit++)
            for (uint32_t access = 0; access < 256; access++)
                for (uint32_t flags = 0; flags < 16; flags++)
                    try_tls(bases[base], limits[limit], access, flags, cut);
    refused("%u of %u are accepted, all harmless", accepted, BASES * LIMITS * 4096);
}

const struct attack descriptor_attacks[] = {
    {"call-control-gate", call_control_gate},
    {"reach-by-tls", reach_by_tls},
    {"read-by-revoked-tls", read_by_revoked_tls},
    {"put-tls-above-fence", put_tls_above_fence},
    {"leak-stack-pointer", leak_stack_pointer},
    {"use-probe-segment", use_probe_segment},
    {"call-task", call_task},
    {"forge-interrupt", forge_interrupt},
    {"put-gate-in-tls", put_gate_in_tls},
    {"put-code-in-tls", put_code_in_tls},
    {"put-stack-of-ring-0-in-tls", put_stack_of_ring_0_in_tls},
    {"put-task-in-tls", put_task_in_tls},
    {"put-ldt-in-tls", put_ldt_in_tls},
    {"load-unaccessed-tls", load_unaccessed_tls},
    {"ask-for-every-segment", ask_for_every_segment},
    {0, 0},
};
