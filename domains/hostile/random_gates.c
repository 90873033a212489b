// SPDX-License-Identifier: MIT
/*
 * Gate calls at random: any call of the four groups that a tenant has, with arguments that are numbers, limits,
 * handles, or addresses of its own, of the core's and of nobody's, and with hostile flags.
 *
 *   tenant "random-gates.SEED.CALLS" ──> calls 1 … CALLS, which SEED alone decides ──> "refused: … calls"
 *
 * One thread makes the calls. Others that it starts sleep on words that it wakes, need no stack, and touch nothing.
 * What would end the run is left out: leaving ring 2 for good, sleeping for ever, and IO into its own data.
 */
#include "domains/hostile/attack.h"

#include "domains/lib/clock.h"
#include "domains/lib/gate.h"
#include "domains/lib/information.h"
#include "domains/lib/log.h"

#include <stdbool.h>

#define STACK_BYTES     8192u
#define SCRATCH_BYTES   (3 * PAGE_SIZE)
#define RING_INDEX      (information()->first_frame + 40)
#define DEVICES         2u
#define NAP_NANOSECONDS 0x3FFFu
#define REPORT_EVERY    (1u << 20) /* calls */
#define LOG_ONE_IN      512u
#define EFLAGS_OUTER    0x202u
#define HOSTILE_FLAGS   0x254500u /* TF, DF, NT, AC, ID, and RF, which popf leaves alone */
#define SLEEPER_WORDS   8u

static uint8_t stack[STACK_BYTES] __attribute__((aligned(16)));
static uint8_t scratch[SCRATCH_BYTES] __attribute__((aligned(4096)));
static uint32_t words[SLEEPER_WORDS]; /* what sleepers sleep on */
static uint32_t state, call_flags;

/* ---- Chance ---- */

static uint32_t any(void) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static uint32_t any_below(uint32_t limit) {
    return (uint32_t)((uint64_t)any() * limit >> 32);
}

static uint32_t limit_value(void) {
    static const uint32_t values[] = {
        0,          1,          7,          8,          9,          31,         32,
        33,         511,        512,        0x1000,     0x2FFFF,    0x30000,    0x7FFFF000,
        0x7FFFFFFF, 0x80000000, 0x82000000, 0x88000000, 0x8FEFF000, 0x8FF00000, 0x8FFFD000,
        0x8FFFF000, 0x90000000, 0xBFFFF000, 0xBFFFFFFC, 0xC0000000, 0xC0001000, 0xE0000000,
        0xE0100000, 0xE8000000, 0xFFE00000, 0xFFFFF000, 0xFFFFFFFC, 0xFFFFFFFF,
    };
    return values[any_below(sizeof values / sizeof values[0])];
}

/* An index that IO may write to: none of the frames that hold this program's data. */
static uint32_t any_frame(void) {
    return any_below(8) == 0 ? limit_value() | 0x100000
                             : information()->first_frame + any_below(64);
}

static uint32_t scratch_address(void) {
    uint32_t offset = any_below(4) == 0 ? 2 * PAGE_SIZE - any_below(64) : any_below(SCRATCH_BYTES);
    return (uint32_t)scratch + (offset & ~3u);
}

static uint32_t argument(void) {
    switch (any_below(8)) {
    case 0:
        return any_below(64);
    case 1:
        return limit_value();
    case 2:
        return any();
    case 3:
    case 4:
        return scratch_address();
    case 5:
        return MANAGER_WINDOW + any_frame() * PAGE_SIZE + any_below(PAGE_SIZE);
    case 6:
        return 1u << any_below(32);
    default:
        return any_below(4096); /* handles are counted from 1 */
    }
}

/* ---- Structures ---- */

static void fill_entries(void) {
    struct map_entry *entries = (struct map_entry *)scratch;
    uint32_t base = any_below(3) == 0 ? MANAGER_MAPPINGS : any_below(0x80000) << 12;

    for (uint32_t i = 0; i < MAP_BATCH; i++) {
        uint32_t page = any_below(4) == 0 ? limit_value() : base + any_below(1024) * PAGE_SIZE;
        entries[i].address =
            (page & ~(PAGE_SIZE - 1)) | (any_below(16) ? any_below(16) : any() % 4096);
        entries[i].frame =
            any_below(3) == 0 ? information()->images[0].image << 20 | any_below(64) : any_frame();
    }
}

/* Needs no stack: interrupts and gates have the core's. */
__attribute__((naked)) static void sleeper(void) {
    __asm__("movl %%eax, %%ebp\n\t"
            "1: movl %[call], %%eax\n\t"
            "movl %%ebp, %%ebx\n\t"
            "xorl %%ecx, %%ecx\n\t"
            "movl $-1, %%edx\n\t"
            "movl $-1, %%esi\n\t"
            "lcall %[gate], $0\n\t"
            "jmp 1b"
            :
            : [call] "i"(THREAD_BLOCK), [gate] "i"(SELECTOR_GATE_THREAD));
}

__attribute__((naked)) static void end_at_once(void) {
    __asm__("movl %[call], %%eax\n\t"
            "lcall %[gate], $0"
            :
            : [call] "i"(THREAD_EXIT), [gate] "i"(SELECTOR_GATE_THREAD));
}

static void fill_start(void) {
    *(struct thread_start *)scratch = (struct thread_start){
        .instruction = (uint32_t)(any_below(3) ? end_at_once : sleeper),
        .stack = any_below(8) ? MANAGER_MAPPINGS_LIMIT : argument(),
        .stack_top = any_below(8) ? MANAGER_MAPPINGS_LIMIT : argument(),
        .argument = (uint32_t)&words[any_below(SLEEPER_WORDS)],
    };
    if (any_below(16) == 0)
        ((struct thread_start *)scratch)->instruction = MANAGER_LIMIT + any_below(1u << 30);
}

static void fill_submission(struct io_submission *entry) {
    *entry = (struct io_submission){
        .tag = any(),
        .operation = (uint16_t)(any_below(16) ? any_below(3) : any()),
        .offset = (uint16_t)(any_below(4) ? any_below(8) * 512 : any()),
        .position = any_below(8) ? any_below(4096) * 512ull : (uint64_t)any() << 32 | any(),
        .bytes = any_below(8) ? any_below(129) * 512 : argument(),
        .reserved = any_below(32) == 0,
    };
    for (uint32_t i = 0; i < IO_SEGMENTS; i++)
        entry->frame[i] = any_frame();
}

/* Its frame is bound here, and nobody else unbinds. */
static void fill_ring(void) {
    struct io_ring *ring = frame_at(RING_INDEX);
    uint32_t count = any_below(4);

    if (frame_bind(RING_INDEX, 1) == STATUS_NO_MEMORY)
        return;
    for (uint32_t i = 0; i < count; i++)
        fill_submission(&ring->submissions[(ring->submit_tail + i) % IO_RING_ENTRIES]);
    ring->submit_tail += any_below(64) ? count : any();
    ring->complete_head = any_below(64) ? ring->complete_tail : any();
}

/* ---- Calls ---- */

struct random_call {
    uint32_t number, arguments[5];
};

/* EFLAGS come from memory: the call takes all registers. */
#define CALL_WITH_FLAGS(selector)                                                                  \
    __asm__ volatile("pushl %[flags]\n\t"                                                          \
                     "popfl\n\t"                                                                   \
                     "lcall %[gate], $0\n\t"                                                       \
                     "cld"                                                                         \
                     : "+a"(status), "+d"(third)                                                   \
                     : [gate] "i"(selector), [flags] "m"(call_flags), "b"(call->arguments[0]),     \
                       "c"(call->arguments[1]), "S"(call->arguments[3]), "D"(call->arguments[4])   \
                     : "memory", "cc")

static void call_memory(const struct random_call *call) {
    uint32_t status = call->number, third = call->arguments[2];
    CALL_WITH_FLAGS(SELECTOR_GATE_MEMORY);
}

static void call_thread(const struct random_call *call) {
    uint32_t status = call->number, third = call->arguments[2];
    CALL_WITH_FLAGS(SELECTOR_GATE_THREAD);
}

static void call_io(const struct random_call *call) {
    uint32_t status = call->number, third = call->arguments[2];
    CALL_WITH_FLAGS(SELECTOR_GATE_IO);
}

static void call_channel(const struct random_call *call) {
    uint32_t status = call->number, third = call->arguments[2];
    CALL_WITH_FLAGS(SELECTOR_GATE_CHANNEL);
}

static void random_memory(struct random_call *call) {
    call->number = any_below(64) ? any_below(MEMORY_CALL_COUNT) : any();
    if (call->number == FRAME_BIND || call->number == FRAME_UNBIND) {
        call->arguments[0] = any_frame();
        call->arguments[1] = any_below(FRAME_BATCH + 2);
    }
    if (call->number != SPACE_MAP)
        return;
    fill_entries();
    const struct map_entry *first = (const struct map_entry *)scratch;
    call->arguments[0] = any_below(3) ? call->arguments[0] : MANAGER_SPACE;
    call->arguments[1] = any_below(8) ? (uint32_t)scratch : call->arguments[1];
    call->arguments[2] = any_below(MAP_BATCH + 2);
    if (any_below(4) == 0) { /* the entry in registers */
        call->arguments[1] = 0;
        call->arguments[2] = any_below(8) ? 1 : call->arguments[2];
        call->arguments[3] = first->address;
        call->arguments[4] = first->frame;
    }
}

/* False: it would end the run. */
static bool random_thread(struct random_call *call) {
    uint64_t soon = clock_nanoseconds() + (any() & NAP_NANOSECONDS);

    call->number = any_below(64) ? any_below(THREAD_CALL_COUNT) : any();
    switch (call->number) {
    case THREAD_CREATE:
        fill_start();
        call->arguments[0] = (uint32_t)scratch;
        return true;
    case THREAD_BLOCK:
        call->arguments[2] = (uint32_t)soon;
        call->arguments[3] = (uint32_t)(soon >> 32);
        return true;
    case THREAD_WAKE:
        call->arguments[0] =
            any_below(4) ? (uint32_t)&words[any_below(SLEEPER_WORDS)] : call->arguments[0];
        return true;
    case MANAGER_EXIT:
        call->arguments[0] |= 4;
        return true;
    case MANAGER_LOG:
        return any_below(LOG_ONE_IN) == 0;
    default:
        return call->number != THREAD_EXIT;
    }
}

static void random_io(struct random_call *call) {
    call->number = any_below(64) ? any_below(IO_CALL_COUNT) : any();
    call->arguments[0] = any_below(8) ? any_below(DEVICES) : call->arguments[0];
    if (call->number == IO_SUBMIT) {
        fill_ring();
        call->arguments[1] = any_below(8) ? any_below(IO_HASTES) : call->arguments[1];
    }
    if (call->number == IO_ATTACH)
        call->arguments[1] = any_below(4) ? RING_INDEX : any_frame();
}

static void random_call(void) {
    struct random_call call = {
        .arguments = {argument(), argument(), argument(), argument(), argument()}};

    call_flags = EFLAGS_OUTER | (any_below(4) == 0 ? any() & HOSTILE_FLAGS : 0);
    switch (any_below(8)) {
    case 0:
    case 1:
    case 2:
        random_memory(&call);
        call_memory(&call);
        break;
    case 3:
    case 4:
        if (random_thread(&call))
            call_thread(&call);
        break;
    case 5:
    case 6:
        random_io(&call);
        call_io(&call);
        break;
    default:
        call.number = any_below(64) ? any_below(CHANNEL_CALL_COUNT) : any();
        call_channel(&call);
        break;
    }
}

/* The number behind the n-th point of the tenant's name. */
static uint32_t number_in_name(uint32_t n) {
    const volatile char *name = information()->name;
    uint32_t number = 0;

    for (; *name && n > 0; name++)
        n -= *name == '.';
    for (; *name >= '0' && *name <= '9'; name++)
        number = number * 10 + (uint32_t)(*name - '0');
    return number;
}

static _Noreturn void run_plan(void) {
    uint32_t calls = number_in_name(2);

    state = number_in_name(1) * 2654435761u | 1;
    for (uint32_t n = 1; n <= calls; n++) {
        random_call();
        if (n % REPORT_EVERY == 0)
            log_line("random gates: %u calls", n);
    }
    refused("%u calls", calls);
}

/* The stack that the core made may be unmapped by one of the calls: the run has one of its own. */
static void random_gates(void) {
    __asm__ volatile("movl %0, %%esp\n\t"
                     "jmp *%1"
                     :
                     : "r"(stack + STACK_BYTES - 16), "r"(run_plan));
}

const struct attack fuzzers[] = {
    {"random-gates", random_gates},
    {0, 0},
};
