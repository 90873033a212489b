// SPDX-License-Identifier: MIT
/*
 * Pointers: each call that takes one, with one that is not the caller's to give. `past` is a word of this
 * manager's, named 1 GiB too high: a core that took the low 30 bits to the page tables without a look at the rest
 * would find the word, and everything else that lies past the fence by other bits.
 */
#include "domains/hostile/attack.h"

#include "domains/lib/gate.h"
#include "domains/lib/information.h"
#include "domains/lib/memory.h"

#define PAST_FENCE (MANAGER_LIMIT - MANAGER_BASE)
#define DISK       0

static union {
    uint32_t words[64];
    struct map_entry entry;
    struct thread_start start;
    struct manager_registration registration;
    char text[64];
} own;

static void *past(void) {
    return (void *)((uint32_t)&own + PAST_FENCE);
}

static _Noreturn void judge(enum status status) {
    if (status == STATUS_BAD_ADDRESS)
        refused("status %u", status);
    escaped("the core took the pointer, status %u", status);
}

static enum status log_status(const char *text, uint32_t bytes) {
    return GATE_CALL(SELECTOR_GATE_THREAD, MANAGER_LOG, text, bytes, 0, 0, 0).status;
}

static void map_from_past_fence(void) {
    own.entry = (struct map_entry){0x400000u | MAP_PRESENT, take_frame()};
    judge(space_map(space_create().value, past(), 1));
}

static void answer_past_fence(void) {
    judge(memory_status(past()));
}

static void start_from_past_fence(void) {
    own.start = (struct thread_start){.instruction = MANAGER_BASE,
                                      .stack = (uint32_t)&own.words[64] & ~15u,
                                      .stack_top = (uint32_t)&own.words[64] & ~15u};
    judge(core_thread_create(past()).status);
}

/* It would tell whether a word of the core's has a value: word by word, a way to read it. */
static void block_on_past_fence(void) {
    judge(core_thread_block(past(), 1, 1));
}

static void times_past_fence(void) {
    judge(core_thread_times(core_thread_self(), past()));
}

static void register_from_past_fence(void) {
    judge(manager_register(past()));
}

static void log_from_past_fence(void) {
    judge(log_status(past(), 4));
}

static void end_from_past_fence(void) {
    judge(GATE_CALL(SELECTOR_GATE_THREAD, MANAGER_EXIT, MANAGER_HALT, past(), 4, 0, 0).status);
}

static void status_past_fence(void) {
    judge(io_status(DISK, past()));
}

/* A manager passes its own memory only: the app's is another's, also when the core could reach it. */
static void answer_into_app(void) {
    judge(memory_status((struct memory_status *)((uint32_t)&own - PAST_FENCE)));
}

/* Too long to end below the fence. */
static void log_across_fence(void) {
    judge(log_status((const char *)(MANAGER_LIMIT - 16), 64));
}

/* ---- Mapped, but not for this ---- */

static void answer_into_text(void) {
    judge(memory_status((struct memory_status *)(MANAGER_BASE + 0x100)));
}

static void answer_into_information(void) {
    judge(memory_status((struct memory_status *)MANAGER_INFORMATION));
}

/* All or nothing: an answer that begins in a page and ends in a hole changes nothing. */
static void answer_across_hole(void) {
    uint32_t *last = (uint32_t *)((uint32_t)frame_at(take_frame()) + PAGE_SIZE - 4);
    *last = SECRET_WORD;
    enum status status = memory_status((struct memory_status *)last);
    if (*last != SECRET_WORD)
        escaped("half an answer came, status %u", status);
    judge(status);
}

static void block_on_hole(void) {
    judge(core_thread_block((const uint32_t *)(MANAGER_MAPPINGS + 0x100000u), 0, 1));
}

static void block_across_pages(void) {
    judge(core_thread_block((const uint32_t *)((uint32_t)&own + 1), 0, 1));
}

const struct attack pointer_attacks[] = {
    {"map-from-past-fence", map_from_past_fence},
    {"answer-past-fence", answer_past_fence},
    {"start-from-past-fence", start_from_past_fence},
    {"block-on-past-fence", block_on_past_fence},
    {"times-past-fence", times_past_fence},
    {"register-from-past-fence", register_from_past_fence},
    {"log-from-past-fence", log_from_past_fence},
    {"end-from-past-fence", end_from_past_fence},
    {"status-past-fence", status_past_fence},
    {"answer-into-app", answer_into_app},
    {"log-across-fence", log_across_fence},
    {"answer-into-text", answer_into_text},
    {"answer-into-information", answer_into_information},
    {"answer-across-hole", answer_across_hole},
    {"block-on-hole", block_on_hole},
    {"block-across-pages", block_across_pages},
    {0, 0},
};
