// SPDX-License-Identifier: MIT
/*
 * Two threads of one tenant on two CPUs at the same time. One rewrites what the other passes to the core while it
 * passes it, or goes on using what the other takes away. The core copies once and then looks, and what it takes
 * away it takes from every CPU before it answers.
 */
#include "domains/hostile/attack.h"

#include "domains/lib/clock.h"
#include "domains/lib/gate.h"
#include "domains/lib/information.h"

#include "kernel/abi/selector.h"

#include <stdbool.h>

#define RACE     300000000ull /* nanoseconds */
#define MEETING  2000000000ull
#define OWN_PAGE MANAGER_MAPPINGS
#define DISK     0

static void (*volatile rival)(void);
static volatile uint32_t arrived;

static void rival_main(void) {
    arrived = 1;
    rival();
    for (;;)
        sleep_milliseconds(1000);
}

/* Starts `function` on another thread, and waits until another CPU runs it. */
static void start_rival(void (*function)(void)) {
    static const struct thread_start start = {.instruction = (uint32_t)rival_main,
                                              .stack = SECOND_STACK_TOP,
                                              .stack_top = SECOND_STACK_TOP};
    uint64_t end = clock_nanoseconds() + MEETING;
    rival = function;
    if (core_thread_create(&start).status != STATUS_OK)
        refused("no thread");
    while (!arrived && clock_nanoseconds() < end)
        __asm__ volatile("pause");
    if (!arrived)
        refused("no second CPU");
}

static bool goes_on(void) {
    static uint64_t end;
    if (end == 0)
        end = clock_nanoseconds() + RACE;
    return clock_nanoseconds() < end;
}

/* ---- What is passed ---- */

static volatile uint32_t *rewritten, values[2];

static void rewrite(void) {
    for (uint32_t i = 0;; i++)
        *rewritten = values[i & 1];
}

/* A frame index that is good when it is checked, and past the window when it is used, would be the shared text. */
static void race_map_entries(void) {
    static struct map_entry entry;
    uint32_t frame = take_frame(), maps = 0;
    *(volatile uint32_t *)frame_at(frame) = SECRET_WORD;
    entry.address = OWN_PAGE | MAP_PRESENT | MAP_WRITE;
    rewritten = &entry.frame;
    values[0] = frame;
    values[1] = INDEX_OF_TEXT;
    start_rival(rewrite);
    for (; goes_on(); maps++)
        if (space_map(MANAGER_SPACE, &entry, 1) == STATUS_OK && read_word(OWN_PAGE) != SECRET_WORD)
            escaped("a page of others holds %x", read_word(OWN_PAGE));
    refused("%u maps", maps);
}

/* A stack for ring 3's way in that lies in the core by the time it is used. */
static void race_thread_start(void) {
    static struct thread_start start;
    uint32_t threads = 0;
    start = (struct thread_start){.instruction = MANAGER_BASE,
                                  .stack = SECOND_STACK_TOP - 0x1000,
                                  .stack_top = SECOND_STACK_TOP - 0x1000};
    rewritten = &start.instruction;
    values[0] = (uint32_t)rival_main;
    values[1] = CORE_CODE;
    start_rival(rewrite);
    for (; goes_on(); threads++)
        core_thread_create(&start);
    refused("%u threads were asked for", threads);
}

static uint32_t read_by_first_entry(volatile struct io_ring *ring, uint32_t data) {
    *(struct io_submission *)&ring->submissions[ring->submit_head % IO_RING_ENTRIES] =
        ring->submissions[0];
    ring->submit_tail = ring->submit_head + 1;
    io_submit(DISK, IO_NOW);
    while (ring->complete_tail != ring->submit_head)
        core_thread_yield();
    ring->complete_head = ring->complete_tail;
    return read_word((uint32_t)frame_at(data));
}

/* A position inside the volume when it is checked, and in the neighbour's when it is used. */
static void race_submission(void) {
    uint32_t ring_frame = take_frame(), data = take_frame(), requests = 0;
    volatile struct io_ring *ring = frame_at(ring_frame);
    if (io_attach(DISK, ring_frame) != STATUS_OK)
        refused("no disk");
    *(struct io_submission *)&ring->submissions[0] =
        (struct io_submission){.operation = IO_READ, .bytes = IO_BLOCK_SIZE, .frame = {data}};
    uint32_t own = read_by_first_entry(ring, data), word;
    rewritten = (volatile uint32_t *)&ring->submissions[0].position;
    values[0] = 0;
    values[1] = (uint32_t)information()->devices[DISK].bytes;
    start_rival(rewrite);
    for (; goes_on(); requests++)
        if ((word = read_by_first_entry(ring, data)) != own)
            escaped("the neighbour's volume begins with %x", word);
    refused("%u requests", requests);
}

/* The core's word for "sleep while this is so", while it is not. */
static void race_block(void) {
    static volatile uint32_t word;
    uint32_t sleeps = 0;
    rewritten = &word;
    values[0] = 0;
    values[1] = 1;
    start_rival(rewrite);
    for (; goes_on(); sleeps++)
        core_thread_block((const uint32_t *)&word, 0, clock_nanoseconds() + 1000);
    refused("%u sleeps", sleeps);
}

/* ---- What is taken away ---- */

static volatile uint32_t *target, gone, uses;

/* A use that began when the page was gone must fault. */
static void read_on(void) {
    for (;;) {
        uint32_t was_gone = gone;
        uint32_t word = *target;
        if (was_gone)
            escaped("the page is gone, and reads %x", word);
        uses++;
    }
}

static void write_on(void) {
    for (;;) {
        uint32_t was_gone = gone;
        *target = SECRET_WORD;
        if (was_gone)
            escaped("the page is read-only, and was written");
        uses++;
    }
}

/* Until the other CPU has the page in its TLB. */
static void wait_for_use(void) {
    uint32_t before = uses;
    while (uses - before < 100)
        __asm__ volatile("pause");
}

static _Noreturn void page_is_gone(void) {
    gone = 1;
    sleep_milliseconds(1000);
    refused("the other thread has stopped");
}

static void map_target(uint32_t frame) {
    const struct map_entry page = {OWN_PAGE | MAP_PRESENT | MAP_WRITE, frame};
    space_map(MANAGER_SPACE, &page, 1);
    target = (volatile uint32_t *)OWN_PAGE;
}

static void read_after_unmap_elsewhere(void) {
    map_target(take_frame());
    start_rival(read_on);
    wait_for_use();
    space_unmap(MANAGER_SPACE, OWN_PAGE, 1);
    page_is_gone();
}

static void read_after_unbind_elsewhere(void) {
    uint32_t frame = take_frame();
    target = frame_at(frame);
    start_rival(read_on);
    wait_for_use();
    frame_unbind(frame, 1);
    page_is_gone();
}

static void write_after_protect_elsewhere(void) {
    uint32_t frame = take_frame();
    const struct map_entry readable = {OWN_PAGE | MAP_PRESENT, frame};
    map_target(frame);
    start_rival(write_on);
    wait_for_use();
    space_map(MANAGER_SPACE, &readable, 1);
    page_is_gone();
}

/* ---- Ends ---- */

static void call_on(void) {
    for (;;)
        (void)GATE_CALL(SELECTOR_GATE_MEMORY, MEMORY_NULL, 0, 0, 0, 0, 0);
}

static void bind_on(void) {
    uint32_t frame = information()->first_frame + 100;
    for (;;) {
        frame_bind(frame, 1);
        frame_unbind(frame, 1);
    }
}

/* The tenant ends while a thread of its is in the core, on the other CPU. */
static void end_with_thread_in_core(void) {
    start_rival(bind_on);
    sleep_milliseconds(20);
    refused("and ended meanwhile");
}

static void spin(void) {
    for (;;)
        __asm__ volatile("");
}

static void end_with_thread_running(void) {
    start_rival(spin);
    sleep_milliseconds(20);
    refused("and ended meanwhile");
}

/* Both CPUs full of calls: others get their turn. */
static void flood_from_both(void) {
    uint32_t calls = 0;
    start_rival(call_on);
    for (; goes_on(); calls++)
        (void)GATE_CALL(SELECTOR_GATE_MEMORY, MEMORY_NULL, 0, 0, 0, 0, 0);
    refused("%u calls, and as many from the other CPU", calls);
}

static void write_gdt_on(void) {
    touch_word(ENTRY_GDT);
    escaped("the other CPU's GDT is writable");
}

/* Each CPU has its own tables, at one address. */
static void write_gdt_elsewhere(void) {
    start_rival(write_gdt_on);
    sleep_milliseconds(1000);
    refused("the other thread has stopped");
}

const struct attack race_attacks[] = {
    {"race-map-entries", race_map_entries},
    {"race-thread-start", race_thread_start},
    {"race-submission", race_submission},
    {"race-block", race_block},
    {"read-after-unmap-elsewhere", read_after_unmap_elsewhere},
    {"read-after-unbind-elsewhere", read_after_unbind_elsewhere},
    {"write-after-protect-elsewhere", write_after_protect_elsewhere},
    {"end-with-thread-in-core", end_with_thread_in_core},
    {"end-with-thread-running", end_with_thread_running},
    {"flood-from-both", flood_from_both},
    {"write-gdt-elsewhere", write_gdt_elsewhere},
    {0, 0},
};
