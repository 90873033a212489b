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
    {"empty-segment-in-gate", empty_segment_in_gate},
    {"empty-segment-in-sleep", empty_segment_in_sleep},
    {0, 0},
};
