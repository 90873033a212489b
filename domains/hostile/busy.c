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
#define FLIPPERS     256u /* a power of two: their handles are 1 to this */
#define PLACEMENTS   256u
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

/* ---- Placements that change all the time ---- */

struct thread_placement placements[PLACEMENTS]; /* known to assembly */

/* Some of no CPU that there is, and some of too great a priority or slice. */
static void make_placements(void) {
    uint32_t random = 1;

    for (uint32_t i = 0; i < PLACEMENTS; i++) {
        random = random * 1664525 + 1013904223;
        placements[i] =
            (struct thread_placement){.cpus = random >> 28,
                                      .priority = random & 1u << 27 ? 0 : (random >> 19) % 104,
                                      .slice = random & 1u << 18 ? 0 : random % 1100000};
    }
}

/* Assembly: EBX a thread, EDI random. */
#define PLACE_AT_RANDOM                                                                            \
    "movl %%edi, %%ecx\n\t"                                                                        \
    "shrl $24, %%ecx\n\t"                                                                          \
    "imull %[bytes], %%ecx, %%ecx\n\t"                                                             \
    "addl $placements, %%ecx\n\t"                                                                  \
    "movl %[call], %%eax\n\t"                                                                      \
    "lcall %[gate], $0\n\t"

/* Places a random thread, of which it may be one, at random. */
__attribute__((naked)) static void flipper(void) {
    __asm__("movl %%eax, %%edi\n"
            "1: imull $1664525, %%edi, %%edi\n\t"
            "addl $1013904223, %%edi\n\t"
            "movl %%edi, %%ebx\n\t"
            "shrl $8, %%ebx\n\t"
            "andl %[threads], %%ebx\n\t"
            "incl %%ebx\n\t" PLACE_AT_RANDOM "jmp 1b"
            :
            : [threads] "i"(FLIPPERS - 1), [bytes] "i"(sizeof *placements),
              [call] "i"(THREAD_PLACE), [gate] "i"(SELECTOR_GATE_THREAD));
}

static void flip_placements(void) {
    make_placements();
    for (uint32_t seed = 1; seed < FLIPPERS; seed++) {
        const struct thread_start start = {.instruction = (uint32_t)flipper,
                                           .stack = SECOND_STACK_TOP,
                                           .stack_top = SECOND_STACK_TOP,
                                           .argument = seed,
                                           .placement = {.cpus = 1 + seed % 3}};
        core_thread_create(&start);
    }
    flipper();
}

/* ---- The same by threads that come and go ---- */

uint32_t youngest; /* the handle of the last one; known to assembly */

/* Places the youngest, some of which have ended, yields now and then, and ends soon. */
__attribute__((naked)) static void mayfly(void) {
    __asm__(
        "movl %%eax, %%edi\n"
        "1: imull $1664525, %%edi, %%edi\n\t"
        "addl $1013904223, %%edi\n\t"
        "movl %%edi, %%eax\n\t"
        "shrl $8, %%eax\n\t"
        "andl %[threads], %%eax\n\t"
        "movl youngest, %%ebx\n\t"
        "subl %%eax, %%ebx\n\t" PLACE_AT_RANDOM "testl $0x700000, %%edi\n\t"
        "jnz 2f\n\t"
        "movl %[yield], %%eax\n\t"
        "lcall %[gate], $0\n"
        "2: testl $0xF0000, %%edi\n\t"
        "jnz 1b\n\t"
        "movl %[end], %%eax\n\t"
        "lcall %[gate], $0"
        :
        : [threads] "i"(FLIPPERS - 1), [bytes] "i"(sizeof *placements), [call] "i"(THREAD_PLACE),
          [yield] "i"(THREAD_YIELD), [end] "i"(THREAD_EXIT), [gate] "i"(SELECTOR_GATE_THREAD));
}

static void churn_placements(void) {
    make_placements();
    for (uint32_t seed = 1;; seed++) {
        const struct thread_start start = {.instruction = (uint32_t)mayfly,
                                           .stack = SECOND_STACK_TOP,
                                           .stack_top = SECOND_STACK_TOP,
                                           .argument = seed * 2654435761u,
                                           .placement = placements[seed % PLACEMENTS]};
        const struct gate_answer answer = core_thread_create(&start);
        if (answer.status == STATUS_OK)
            youngest = answer.value;
        else
            core_thread_yield();
    }
}

const struct attack busy_tenants[] = {
    {"sleep-by-the-thousand", sleep_by_the_thousand},
    {"wake-at-once", wake_at_once},
    {"sleep-far-ahead", sleep_far_ahead},
    {"fill-bucket", fill_bucket},
    {"scatter", scatter},
    {"sleep-often", sleep_often},
    {"call-without-end", call_without_end},
    {"flip-placements", flip_placements},
    {"churn-placements", churn_placements},
    {0, 0},
};
