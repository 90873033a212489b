// SPDX-License-Identifier: MIT
/*
 * Those who attack nobody: the bystander, whose memory and progress show whether others came to
 * harm, and the accomplices, who put a secret where an attack looks for it.
 */
#include "domains/hostile/attack.h"

#include "domains/lib/gate.h"
#include "domains/lib/information.h"

#include <stdbool.h>

#define PATTERN_WORDS 4096u
#define TLS_OF_RING_3 0x00CFF3000000FFFFull

extern uint32_t calls[], unknown_calls[];

static uint32_t pattern[PATTERN_WORDS];

static uint32_t expected(uint32_t place) {
    return place * 2654435761u ^ SECRET_WORD;
}

static void keep_secret_in_registers(void) {
    static const uint32_t secret[4] __attribute__((aligned(16))) = {SECRET_WORD, 1, 2, 3};
    static const uint32_t control = SECRET_ROUNDING | 0x1F80;
    __asm__ volatile("movups %0, %%xmm0\n\t"
                     "movq %0, %%mm0\n\t"
                     "ldmxcsr %1"
                     :
                     : "m"(secret), "m"(control));
}

static volatile struct io_ring *ring; /* NULL: it has no disk */
static uint32_t data, first_word, reads;

static void find_disk(void) {
    uint32_t frame = take_frame();
    if (io_attach(0, frame) == STATUS_OK)
        ring = frame_at(frame);
    data = take_frame();
}

/* The first sector of its volume, which nobody writes; waits for as long as it takes. */
static bool disk_is_well(void) {
    if (!ring)
        return true;
    *(struct io_submission *)&ring->submissions[reads % IO_RING_ENTRIES] =
        (struct io_submission){.operation = IO_READ, .bytes = IO_BLOCK_SIZE, .frame = {data}};
    ring->submit_tail = ++reads;
    io_submit(0, IO_NOW);
    while (ring->complete_tail != reads)
        core_thread_block((const uint32_t *)&ring->complete_tail, reads - 1, DEADLINE_NEVER);
    ring->complete_head = reads;
    uint32_t word = *(volatile uint32_t *)frame_at(data);
    if (reads == 1)
        first_word = word;
    return word == first_word &&
           ring->completions[(reads - 1) % IO_RING_ENTRIES].status == STATUS_OK;
}

/* Counts its rounds in the first public counter, and the words that are not as it wrote them in the
 * second: the operator can read both (CONTROL_SYSCALL_COUNTS). */
static void stand_by(void) {
    for (uint32_t i = 0; i < PATTERN_WORDS; i++)
        pattern[i] = expected(i);
    core_thread_set_tls(0, TLS_OF_RING_3);
    find_disk();
    for (;;) {
        keep_secret_in_registers();
        for (uint32_t i = 0; i < PATTERN_WORDS; i++)
            if (((volatile uint32_t *)pattern)[i] != expected(i))
                unknown_calls[0]++;
        if (!disk_is_well())
            unknown_calls[0]++;
        calls[0]++;
        sleep_milliseconds(1);
    }
}

/* Fills all its frames with the secret and dies; see read_stale_frames. */
static void leave_frames(void) {
    uint32_t first = information()->first_frame, count = information()->frames - first;
    for (uint32_t i = 0; i < count && frame_bind(first + i, 1) == STATUS_OK; i++)
        for (uint32_t at = 0; at < PAGE_SIZE; at += 4)
            *(volatile uint32_t *)((uint32_t)frame_at(first + i) + at) = SECRET_WORD;
    refused("left its frames");
}

/* Enters a gate with TF set and the secret in a register: the #DB on the gate's first instruction
 * stores all registers on the entry stack; see read_entry_stack. */
static void leave_registers(void) {
    for (;;) {
        uint32_t status = MEMORY_NULL;
        __asm__ volatile("pushfl\n\t"
                         "orl $0x100, (%%esp)\n\t"
                         "popfl\n\t"
                         "lcall %[gate], $0"
                         : "+a"(status)
                         : [gate] "i"(SELECTOR_GATE_MEMORY), "S"(SECRET_WORD), "D"(SECRET_WORD)
                         : "edx", "memory", "cc");
        sleep_milliseconds(1);
    }
}

/* Never sleeps; see nested_into_gate. */
static void spin(void) {
    for (;;)
        __asm__ volatile("");
}

__attribute__((naked)) static void end_at_once(void) {
    __asm__("movl %[call], %%eax\n\t"
            "lcall %[gate], $0"
            :
            : [call] "i"(THREAD_EXIT), [gate] "i"(SELECTOR_GATE_THREAD));
}

/* Threads that only begin and end: as much work for the scheduler as a tenant can make. */
static void storm(void) {
    static const struct thread_start start = {.instruction = (uint32_t)end_at_once,
                                              .stack = SECOND_STACK_TOP,
                                              .stack_top = SECOND_STACK_TOP};
    for (;;) {
        core_thread_create(&start);
        core_thread_yield();
    }
}

const struct attack bystanders[] = {
    {"bystander", stand_by},
    {"leave-frames", leave_frames},
    {"leave-registers", leave_registers},
    {"spin", spin},
    {"storm", storm},
    {0, 0},
};
