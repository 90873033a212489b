// SPDX-License-Identifier: MIT
/*
 * Too much of everything. Whoever floods pays: with its own quota, its own time, its own share of the log.
 * The bystander goes on meanwhile, and the referee looks.
 */
#include "domains/hostile/attack.h"

#include "domains/lib/clock.h"
#include "domains/lib/gate.h"
#include "domains/lib/information.h"

#include "kernel/abi/selector.h"

#define FLOOD      200000000ull /* nanoseconds */
#define MANY       100000u
#define DISK       0
#define LOG_PASSES 100u /* more lines in a row than the core takes */

static uint64_t flood_end(void) {
    return clock_nanoseconds() + FLOOD;
}

/* A quota is told by the core itself: more than was reserved must never be in use. */
static _Noreturn void judge_quota(const char *what, uint32_t made, enum status status) {
    struct memory_status memory;
    memory_status(&memory);
    uint32_t used = memory.bound + memory.page_tables + memory.objects;
    if (status == STATUS_OK || used > memory.reserved)
        escaped("%u %s, %u frames used of %u", made, what, used, memory.reserved);
    refused("%u %s, then status %u", made, what, status);
}

static const uint32_t never_changes;

__attribute__((naked)) static void sleep_for_ever(void) {
    __asm__(
        "1: movl %[call], %%eax\n\t"
        "xorl %%ecx, %%ecx\n\t"
        "movl %[word], %%ebx\n\t"
        "movl $-1, %%edx\n\t"
        "movl $-1, %%esi\n\t"
        "lcall %[gate], $0\n\t"
        "jmp 1b"
        :
        : [call] "i"(THREAD_BLOCK), [word] "i"(&never_changes), [gate] "i"(SELECTOR_GATE_THREAD));
}

static void flood_threads(void) {
    static const struct thread_start start = {.instruction = (uint32_t)sleep_for_ever,
                                              .stack = SECOND_STACK_TOP,
                                              .stack_top = SECOND_STACK_TOP};
    uint32_t made = 0;
    enum status status = STATUS_OK;
    while (made < MANY && (status = core_thread_create(&start).status) == STATUS_OK)
        made++;
    judge_quota("threads", made, status);
}

static void flood_spaces(void) {
    uint32_t made = 0;
    enum status status = STATUS_OK;
    while (made < MANY && (status = space_create().status) == STATUS_OK)
        made++;
    judge_quota("spaces", made, status);
}

static void flood_frames(void) {
    uint32_t made = 0, first = information()->first_frame;
    enum status status = STATUS_OK;
    while (made < MANY && (status = frame_bind(first + made, 1)) == STATUS_OK)
        made++;
    judge_quota("frames", made, status);
}

static void flood_gate_calls(void) {
    uint32_t calls = 0;
    for (uint64_t end = flood_end(); clock_nanoseconds() < end; calls++)
        (void)GATE_CALL(SELECTOR_GATE_MEMORY, MEMORY_NULL, 0, 0, 0, 0, 0);
    refused("%u calls", calls);
}

/* The log is everybody's: who says too much is cut short. */
static void flood_log(void) {
    uint32_t passed = 0, dropped = 0;
    for (uint32_t i = 0; i < LOG_PASSES; i++)
        if (GATE_CALL(SELECTOR_GATE_THREAD, MANAGER_LOG, "flood", 5, 0, 0, 0).status == STATUS_OK)
            passed++;
        else
            dropped++;
    if (dropped == 0)
        escaped("all of %u lines are in the log", passed);
    refused("%u lines of %u were dropped", dropped, passed + dropped);
}

static void flood_alarms(void) {
    uint32_t alarms = 0;
    static const uint32_t word;
    for (uint64_t end = flood_end(); clock_nanoseconds() < end; alarms++)
        core_thread_block(&word, 0, clock_nanoseconds() + 1);
    refused("%u alarms", alarms);
}

static void flood_wakes(void) {
    static const uint32_t word;
    uint32_t wakes = 0;
    for (uint64_t end = flood_end(); clock_nanoseconds() < end; wakes++)
        core_thread_wake(&word, UINT32_MAX);
    refused("%u wakes", wakes);
}

static void flood_pokes(void) {
    uint32_t pokes = 0, self = core_thread_self();
    for (uint64_t end = flood_end(); clock_nanoseconds() < end; pokes++)
        core_thread_poke(self);
    refused("%u pokes", pokes);
}

static void flood_yields(void) {
    uint32_t yields = 0;
    for (uint64_t end = flood_end(); clock_nanoseconds() < end; yields++)
        core_thread_yield();
    refused("%u yields", yields);
}

static void submit_reads(enum io_haste haste) {
    uint32_t frame = take_frame(), submitted = 0;
    volatile struct io_ring *ring = frame_at(frame);
    if (io_attach(DISK, frame) != STATUS_OK)
        refused("no disk");
    uint32_t data = take_frame();
    for (uint32_t i = 0; i < IO_RING_ENTRIES; i++) {
        struct io_submission *entry = (struct io_submission *)&ring->submissions[i];
        *entry = (struct io_submission){.operation = IO_READ, .bytes = PAGE_SIZE, .frame = {data}};
    }
    for (uint64_t end = flood_end(); clock_nanoseconds() < end;) {
        ring->complete_head = ring->complete_tail;
        ring->submit_tail = ring->submit_head + IO_RING_ENTRIES;
        submitted += io_submit(DISK, haste).value;
    }
    refused("%u requests", submitted);
}

static void flood_submissions(void) {
    submit_reads(IO_NOW);
}

/* Says each time that it waits for the answer, and does not: the driver that it has put off is its own affair. */
static void put_off_driver(void) {
    submit_reads(IO_WHEN_I_WAIT);
}

/* Bad entries come back at once, so that there is no end to them. */
static void flood_bad_submissions(void) {
    uint32_t frame = take_frame(), submitted = 0;
    volatile struct io_ring *ring = frame_at(frame);
    if (io_attach(DISK, frame) != STATUS_OK)
        refused("no disk");
    for (uint32_t i = 0; i < IO_RING_ENTRIES; i++)
        ((struct io_submission *)&ring->submissions[i])->reserved = 1;
    for (uint64_t end = flood_end(); clock_nanoseconds() < end;) {
        ring->complete_head = ring->complete_tail;
        ring->submit_tail = ring->submit_head + IO_RING_ENTRIES;
        submitted += io_submit(DISK, IO_NOW).value;
    }
    refused("%u requests", submitted);
}

/* Never calls, never sleeps: others get their turn all the same. */
static void never_return(void) {
    for (;;)
        __asm__ volatile("");
}

const struct attack flood_attacks[] = {
    {"flood-threads", flood_threads},
    {"flood-spaces", flood_spaces},
    {"flood-frames", flood_frames},
    {"flood-gate-calls", flood_gate_calls},
    {"flood-log", flood_log},
    {"flood-alarms", flood_alarms},
    {"flood-wakes", flood_wakes},
    {"flood-pokes", flood_pokes},
    {"flood-yields", flood_yields},
    {"flood-submissions", flood_submissions},
    {"flood-bad-submissions", flood_bad_submissions},
    {"put-off-driver", put_off_driver},
    {"never-return", never_return},
    {0, 0},
};
