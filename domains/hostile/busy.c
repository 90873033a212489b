// SPDX-License-Identifier: MIT
/*
 * What keeps the core busy: calls chosen to cost it as much as they can while nothing may interrupt it.
 *
 * Nobody is harmed and nothing is refused; what matters is the longest stretch with interrupts off, which the
 * core itself measures (kernel/cpu/stretch.h). tests/guest/interrupts_off.py looks at it.
 */
#include "domains/hostile/attack.h"

#include "domains/lib/clock.h"
#include "domains/lib/gate.h"
#include "domains/lib/information.h"

#define MANY_THREADS 2000u /* more than there may be */
#define MANY_SPACES  3000u
#define SAME_BUCKET  32u
#define SPREAD       14u /* page tables of the frame window */
#define FRAMES_TABLE 512u
#define TABLE_BYTES  0x200000u
#define CALLERS      8u
#define DISK         0
#define FAR_AHEAD    1000000000000ull

static const uint32_t zero;

static volatile uint32_t asleep;
const uint32_t *busy_word; /* these two are known to assembly */
uint64_t busy_deadline;

/* All sleepers share one stack, since none of them uses it. */
__attribute__((naked)) static void sleeper(void) {
    __asm__("1: lock incl %[count]\n\t"
            "movl %[call], %%eax\n\t"
            "movl busy_word, %%ebx\n\t"
            "xorl %%ecx, %%ecx\n\t"
            "movl busy_deadline, %%edx\n\t"
            "movl busy_deadline+4, %%esi\n\t"
            "lcall %[gate], $0\n\t"
            "jmp 1b"
            :
            : [count] "m"(asleep), [call] "i"(THREAD_BLOCK), [gate] "i"(SELECTOR_GATE_THREAD));
}

static uint32_t make_sleepers(void) {
    static const struct thread_start start = {
        .instruction = (uint32_t)sleeper, .stack = SECOND_STACK_TOP, .stack_top = SECOND_STACK_TOP};
    uint32_t count = 0;

    asleep = 0;
    while (count < MANY_THREADS && core_thread_create(&start).status == STATUS_OK)
        count++;
    while (asleep < count)
        core_thread_yield();
    core_thread_yield();
    return count;
}

/* Bad entries, whose completions wake everybody who sleeps on the ring. */
static void submit_bad_entries(struct io_ring *ring) {
    for (uint32_t i = 0; i < IO_RING_ENTRIES; i++)
        ring->submissions[i].reserved = 1;
    ring->submit_tail = IO_RING_ENTRIES;
    io_submit(DISK, IO_NOW);
}

static void sleep_by_the_thousand(void) {
    static uint32_t other;
    uint32_t frame = take_frame();
    struct io_ring *ring = frame_at(frame);
    struct thread_times times;
    enum status status = io_attach(DISK, frame);

    busy_word = &ring->complete_tail;
    busy_deadline = clock_nanoseconds() + FAR_AHEAD;
    uint32_t count = make_sleepers();
    if (status != STATUS_OK || count == MANY_THREADS)
        escaped("%u threads, disk status %u", count, status);
    core_thread_wake(&other, 1);
    core_thread_times(1, &times);
    core_thread_wake(busy_word, UINT32_MAX);
    submit_bad_entries(ring);
    refused("%u threads", count + 1);
}

/* All of them are due at the same moment. */
static void wake_at_once(void) {
    busy_word = &zero;
    busy_deadline = clock_nanoseconds() + 500000000ull;
    uint32_t count = make_sleepers();
    busy_deadline = DEADLINE_NEVER; /* when they sleep again */
    sleep_milliseconds(1200);
    refused("%u threads", count + 1);
}

/* They stay, while somebody else sleeps a millisecond at a time. */
static void sleep_far_ahead(void) {
    busy_word = &zero;
    busy_deadline = clock_nanoseconds() + FAR_AHEAD;
    make_sleepers();
    for (;;)
        sleep_milliseconds(1000);
}

static void destroy(uint32_t space) {
    while (space_destroy(space) == STATUS_AGAIN)
        continue;
}

/* Handles that a small hash table would keep in one bucket. */
static void fill_bucket(void) {
    uint32_t kept = 0, first = 0;

    while (kept < MANY_SPACES) {
        struct gate_answer answer = space_create();
        if (answer.status != STATUS_OK)
            break;
        if (answer.value % SAME_BUCKET != 0)
            destroy(answer.value);
        else if (kept++ == 0)
            first = answer.value;
    }
    struct map_entry entry = {0x400000u | MAP_PRESENT, take_frame()};
    space_map(first, &entry, 1);
    destroy(first);
    refused("%u spaces", kept);
}

/* One frame in each page table of the frame window, so that naming them in turn is dearest. */
static uint32_t spread_frames(uint32_t *index) {
    uint32_t count = 0;

    frame_bind(2 * FRAMES_TABLE - FRAME_BATCH / 2, FRAME_BATCH);
    for (uint32_t table = 2; table < SPREAD; table++)
        if (frame_bind(table * FRAMES_TABLE + 100, 1) == STATUS_OK)
            index[count++] = table * FRAMES_TABLE + 100;
    return count;
}

/* The first half of the entries in tables that are there, in turn, the rest in new ones. */
static void map_scattered(const uint32_t *index, uint32_t count) {
    struct map_entry entries[MAP_BATCH];
    uint32_t space = space_create().value;

    for (uint32_t i = 0; i < MAP_BATCH; i++) {
        uint32_t table = i < MAP_BATCH - 8 ? i % (MAP_BATCH / 2) : 300 + i * 70 % 600;
        entries[i].address = (table * TABLE_BYTES + i * PAGE_SIZE) | MAP_PRESENT;
        entries[i].frame = index[i % count];
    }
    for (uint32_t i = 0; i < MAP_BATCH / 2; i++)
        space_map(space, &entries[i], 1);
    for (uint32_t times = 0; times < 3; times++)
        space_map(space, entries, MAP_BATCH);
    space_unmap(space, 0, APP_LIMIT / PAGE_SIZE);
    destroy(space);
}

static void submit_scattered(const uint32_t *index, uint32_t count) {
    uint32_t frame = take_frame();
    struct io_ring *ring = frame_at(frame);

    if (io_attach(DISK, frame) != STATUS_OK)
        escaped("no disk");
    for (uint32_t i = 0; i < IO_RING_ENTRIES; i++) {
        ring->submissions[i] =
            (struct io_submission){.operation = IO_READ, .bytes = IO_BYTES_MAX, .tag = i};
        for (uint32_t n = 0; n < IO_SEGMENTS; n++)
            ring->submissions[i].frame[n] = index[(i + n) % count];
    }
    ring->submit_tail = IO_RING_ENTRIES;
    while (ring->submit_head != ring->submit_tail && io_submit(DISK, IO_NOW).status == STATUS_OK)
        continue;
}

static void scatter(void) {
    static uint32_t index[SPREAD];
    uint32_t count = spread_frames(index);

    map_scattered(index, count);
    submit_scattered(index, count);
    sleep_milliseconds(200);
    refused("%u page tables", count);
}

/* What sleeping for a millisecond costs its tenant, for as long as it is asked. */
static void sleep_often(void) {
    for (;;)
        sleep_milliseconds(1);
}

/* In a gate most of the time; with threads enough for every CPU. */
__attribute__((naked)) static void caller(void) {
    __asm__("1: movl %[call], %%eax\n\t"
            "lcall %[gate], $0\n\t"
            "jmp 1b"
            :
            : [call] "i"(MEMORY_NULL), [gate] "i"(SELECTOR_GATE_MEMORY));
}

static void call_without_end(void) {
    static const struct thread_start start = {
        .instruction = (uint32_t)caller, .stack = SECOND_STACK_TOP, .stack_top = SECOND_STACK_TOP};

    for (uint32_t i = 0; i < CALLERS; i++)
        core_thread_create(&start);
    caller();
}

const struct attack busy_tenants[] = {
    {"sleep-by-the-thousand", sleep_by_the_thousand},
    {"wake-at-once", wake_at_once},
    {"sleep-far-ahead", sleep_far_ahead},
    {"fill-bucket", fill_bucket},
    {"scatter", scatter},
    {"sleep-often", sleep_often},
    {"call-without-end", call_without_end},
    {0, 0},
};
