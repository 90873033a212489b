// SPDX-License-Identifier: MIT
/*
 * What others left behind: in registers, in frames, on the entry stack; and selectors that name
 * what is gone.
 */
#include "domains/hostile/attack.h"

#include "domains/lib/gate.h"
#include "domains/lib/information.h"

#include "kernel/abi/selector.h"

#define TLS_OF_RING_3 0x00CFF3000000FFFFull

/* The bystander keeps a secret in XMM0 and runs every millisecond. */
static void read_fpu_registers(void) {
    uint32_t words[4] __attribute__((aligned(16)));
    for (uint32_t i = 0; i < 20; i++) {
        sleep_milliseconds(1);
        __asm__ volatile("movups %%xmm0, %0" : "=m"(words));
        if (words[0] == SECRET_WORD)
            escaped("XMM0 holds the bystander's %x", words[0]);
    }
    refused("XMM0 is its own");
}

/* The same secret as a number on the x87 stack, which is the MMX registers too. */
static void read_x87_registers(void) {
    uint32_t state[27];
    for (uint32_t i = 0; i < 20; i++) {
        sleep_milliseconds(1);
        __asm__ volatile("fnsave %0" : "=m"(state));
        for (uint32_t n = 7; n < 27; n++)
            if (state[n] == SECRET_WORD)
                escaped("ST holds the bystander's %x", state[n]);
    }
    refused("the x87 registers are its own");
}

static void read_mmx_registers(void) {
    uint32_t words[2];
    for (uint32_t i = 0; i < 20; i++) {
        sleep_milliseconds(1);
        __asm__ volatile("movq %%mm0, %0\n\t"
                         "emms"
                         : "=m"(words));
        if (words[0] == SECRET_WORD)
            escaped("MM0 holds the bystander's %x", words[0]);
    }
    refused("MM0 is its own");
}

/* Its rounding and masks would be the attacker's: a neighbour's sums come out otherwise, or trap. */
static void read_sse_control(void) {
    uint32_t control;
    for (uint32_t i = 0; i < 20; i++) {
        sleep_milliseconds(1);
        __asm__ volatile("stmxcsr %0" : "=m"(control));
        if ((control & SECRET_ROUNDING) == SECRET_ROUNDING)
            escaped("MXCSR is the bystander's, %x", control);
    }
    refused("MXCSR is its own");
}

/* Where the last x87 instruction and its operand lay. */
static void read_x87_pointers(void) {
    uint32_t environment[7];
    for (uint32_t i = 0; i < 20; i++) {
        sleep_milliseconds(1);
        __asm__ volatile("fnstenv %0" : "=m"(environment));
        if (environment[3] != 0 || environment[5] != 0)
            escaped("an x87 instruction of another at %x", environment[3]);
    }
    refused("it has executed none, and sees none");
}

/* A gate gives back all registers but two, and tells by none of them where the core is. */
static void read_registers_after_gate(void) {
    uint32_t after[7];
    __asm__ volatile("movl %[call], %%eax\n\t"
                     "movl $0x11111111, %%ebx\n\t"
                     "movl $0x22222222, %%ecx\n\t"
                     "movl $0x33333333, %%edx\n\t"
                     "movl $0x44444444, %%esi\n\t"
                     "movl $0x55555555, %%edi\n\t"
                     "lcall %[gate], $0\n\t"
                     "movl %%ebx, %[b]\n\t"
                     "movl %%ecx, %[c]\n\t"
                     "movl %%edx, %[d]\n\t"
                     "movl %%esi, %[s]\n\t"
                     "movl %%edi, %[t]"
                     : [b] "=m"(after[0]), [c] "=m"(after[1]), [d] "=m"(after[2]),
                       [s] "=m"(after[3]), [t] "=m"(after[4])
                     : [call] "i"(MEMORY_NULL), [gate] "i"(SELECTOR_GATE_MEMORY)
                     : "eax", "ebx", "ecx", "edx", "esi", "edi", "memory", "cc");
    const uint32_t own[5] = {0x11111111, 0x22222222, 0x33333333, 0x44444444, 0x55555555};
    for (uint32_t i = 0; i < 5; i++)
        if (after[i] != own[i])
            escaped("register %u came back as %x", i, after[i]);
    refused("all registers came back");
}

/* A thread begins with what its start says, and with nothing else in its registers. */
__attribute__((naked)) static void tell_registers(void) {
    __asm__("pushal\n\t"
            "pushl %esp\n\t"
            "call registers_are_told");
}

_Noreturn void registers_are_told(const uint32_t pushed[8]);

/* EDI ESI EBP ESP EBX EDX ECX EAX */
_Noreturn void registers_are_told(const uint32_t pushed[8]) {
    for (uint32_t i = 0; i < 8; i++)
        if (i != 3 && pushed[i] != 0)
            escaped("register %u of a new thread is %x", i, pushed[i]);
    refused("all registers are empty");
}

static void read_registers_of_new_thread(void) {
    static uint32_t stack[64] __attribute__((aligned(16)));
    const struct thread_start start = {.instruction = (uint32_t)tell_registers,
                                       .stack = (uint32_t)&stack[64],
                                       .stack_top = (uint32_t)&stack[64]};
    core_thread_create(&start);
    for (;;)
        sleep_milliseconds(100);
}

/* Frames that were page tables hold physical addresses of everything that they mapped. */
static void read_stale_tables(void) {
    uint32_t first = information()->first_frame, count = information()->frames - first;
    uint32_t space = space_create().value, frame = take_frame();
    for (uint32_t i = 0; i < 16; i++) {
        const struct map_entry page = {i * 0x200000u | MAP_PRESENT, frame};
        space_map(space, &page, 1);
    }
    while (space_destroy(space) == STATUS_AGAIN)
        continue;
    for (uint32_t i = 1; i < count && frame_bind(first + i, 1) == STATUS_OK; i++)
        for (uint32_t at = 0; at < PAGE_SIZE; at += 4)
            if (read_word((uint32_t)frame_at(first + i) + at) != 0)
                escaped("frame %u holds %x", first + i,
                        read_word((uint32_t)frame_at(first + i) + at));
    refused("all frames were clean");
}

/* The frames of a tenant that is gone are the next ones to be given out. */
static void read_stale_frames(void) {
    uint32_t first = information()->first_frame, count = information()->frames - first;
    for (uint32_t i = 0; i < count && frame_bind(first + i, 1) == STATUS_OK; i++)
        for (uint32_t at = 0; at < PAGE_SIZE; at += 4)
            if (read_word((uint32_t)frame_at(first + i) + at) == SECRET_WORD)
                escaped("frame %u holds a dead tenant's word", first + i);
    refused("all frames were clean");
}

/* The entry stack is mapped in every view of the paging fence. An accomplice single-steps into
 * gates, which leaves its registers there. */
static void read_entry_stack(void) {
    for (uint32_t i = 0; i < 50; i++) {
        sleep_milliseconds(1);
        for (uint32_t at = 0; at < PAGE_SIZE; at += 4)
            if (read_word(ENTRY_STACK + at) == SECRET_WORD)
                escaped("the accomplice's register is at %x", ENTRY_STACK + at);
    }
    refused("the entry stack was clean");
}

/* Nothing is kept there while an outer ring runs, so that what is written there means nothing. */
static void write_entry_stack(void) {
    for (uint32_t i = 0; i < 20; i++) {
        for (uint32_t at = 0; at < PAGE_SIZE; at += 4)
            *(volatile uint32_t *)(ENTRY_STACK + at) = SECRET_WORD;
        sleep_milliseconds(1);
    }
    refused("the core did not care");
}

static void load_tls_into_es(void) {
    if (core_thread_set_tls(0, TLS_OF_RING_3) != STATUS_OK)
        refused("no TLS segment");
    __asm__ volatile("movl %0, %%es" : : "r"(SELECTOR_TLS));
}

static void load_own_es(void) {
    __asm__ volatile("movl %0, %%es" : : "r"(SELECTOR_MANAGER_DATA));
}

/* The call empties the segment that ES names, so the gate cannot restore ES on its way out. */
static void empty_segment_in_gate(void) {
    load_tls_into_es();
    enum status status = core_thread_set_tls(0, 0);
    load_own_es();
    refused("the gate came back, status %u", status);
}

/* The same in the way back from a sleep, which is an `iret`: here GS is left to the core. */
static void empty_segment_in_sleep(void) {
    if (core_thread_set_tls(0, TLS_OF_RING_3) != STATUS_OK)
        refused("no TLS segment");
    __asm__ volatile("movl %0, %%gs" : : "r"(SELECTOR_TLS));
    core_thread_set_tls(0, 0);
    sleep_milliseconds(5);
    refused("it was resumed");
}

const struct attack leak_attacks[] = {
    {"read-fpu-registers", read_fpu_registers},
    {"read-stale-frames", read_stale_frames},
    {"read-entry-stack", read_entry_stack},
    {"read-x87-registers", read_x87_registers},
    {"read-mmx-registers", read_mmx_registers},
    {"read-sse-control", read_sse_control},
    {"read-x87-pointers", read_x87_pointers},
    {"read-registers-after-gate", read_registers_after_gate},
    {"read-registers-of-new-thread", read_registers_of_new_thread},
    {"read-stale-tables", read_stale_tables},
    {"write-entry-stack", write_entry_stack},
    {"empty-segment-in-gate", empty_segment_in_gate},
    {"empty-segment-in-sleep", empty_segment_in_sleep},
    {0, 0},
};
