// SPDX-License-Identifier: MIT
/*
 * Names: selectors, gates and vectors that ring 2 should not have, and TLS segments that would
 * reach too far. A domain can name only what its LDT holds, and the three TLS slots.
 */
#include "domains/hostile/attack.h"

#include "domains/hostile/app.h"
#include "domains/lib/gate.h"

#define SELECTOR_PROBE_DATA 0x5A /* where the fence's probe had a flat segment of ring 2 */
#define SELECTOR_FAULT_TASK 0x48 /* the TSS that #DF switches to */
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

const struct attack descriptor_attacks[] = {
    {"call-control-gate", call_control_gate},     {"reach-by-tls", reach_by_tls},
    {"put-tls-above-fence", put_tls_above_fence}, {"leak-stack-pointer", leak_stack_pointer},
    {"use-probe-segment", use_probe_segment},     {"call-task", call_task},
    {"forge-interrupt", forge_interrupt},         {0, 0},
};
