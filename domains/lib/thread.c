// SPDX-License-Identifier: MIT
/*
 * Ring-2 stacks: slots of 16 KiB below the first stack, cut from the top down so that a small
 * tenant's stacks share one page table with it. A few stacks of ended threads stay mapped for the
 * next thread.
 *
 *   slot:  free ──make──> used ──end──> spare ──make──> used
 *                                         └──trim──> free (unmapped, frames given back)
 */
#include "domains/lib/thread.h"

#include "domains/lib/gate.h"
#include "domains/lib/heap.h"
#include "domains/lib/lock.h"
#include "domains/lib/memory.h"

#include "kernel/abi/layout.h"

#define SLOT_BYTES   0x4000u
#define SLOT_COUNT   4096u
#define SLOTS_TOP    (MANAGER_MAPPINGS_LIMIT - 0x4000u) /* below the first thread's stack */
#define STACK_FRAMES (THREAD_STACK_BYTES / PAGE_SIZE)
#define SPARE_MOST   1

_Static_assert(SLOTS_TOP - SLOT_COUNT * SLOT_BYTES >= MANAGER_MAPPINGS, "slots fit");

struct thread_stack {
    struct thread_stack *next; /* while spare */
    uint32_t slot;
    uint32_t frames[STACK_FRAMES];
};

static uint32_t slots_used[SLOT_COUNT / 32];
static struct thread_stack *spare;
static uint32_t spare_count;

static uint32_t slot_top(uint32_t slot) {
    return SLOTS_TOP - slot * SLOT_BYTES;
}

static struct thread_control *control_of(const struct thread_stack *stack) {
    return (struct thread_control *)(slot_top(stack->slot) - THREAD_CONTROL_BYTES);
}

static bool slot_take(uint32_t *slot) {
    for (uint32_t word = 0; word < SLOT_COUNT / 32; word++)
        if (slots_used[word] != UINT32_MAX) {
            uint32_t bit = (uint32_t)__builtin_ctz(~slots_used[word]);
            slots_used[word] |= 1u << bit;
            *slot = word * 32 + bit;
            return true;
        }
    return false;
}

static void slot_give(uint32_t slot) {
    slots_used[slot / 32] &= ~(1u << slot % 32);
}

static enum status map_stack(const struct thread_stack *stack, uint32_t rights) {
    struct map_entry entries[STACK_FRAMES];
    for (uint32_t i = 0; i < STACK_FRAMES; i++) {
        entries[i].address = (slot_top(stack->slot) - THREAD_STACK_BYTES + i * PAGE_SIZE) | rights;
        entries[i].frame = stack->frames[i];
    }
    return space_map(MANAGER_SPACE, entries, STACK_FRAMES);
}

static void stack_free(struct thread_stack *stack) {
    for (uint32_t i = 0; i < STACK_FRAMES; i++)
        if (stack->frames[i] != NO_FRAME)
            frame_release(stack->frames[i]);
    slot_give(stack->slot);
    heap_free(stack);
}

static void trim_spare(uint32_t most) {
    while (spare_count > most) {
        struct thread_stack *stack = spare;
        spare = stack->next;
        spare_count--;
        map_stack(stack, 0);
        stack_free(stack);
    }
}

uint32_t thread_give_back(void) {
    uint32_t given = spare_count * STACK_FRAMES;
    trim_spare(0);
    return given;
}

static struct thread_stack *stack_create(void) {
    struct thread_stack *stack = heap_allocate(sizeof(*stack));
    if (stack == NULL)
        return NULL;
    if (!slot_take(&stack->slot)) {
        heap_free(stack);
        return NULL;
    }
    bool complete = true;
    for (uint32_t i = 0; i < STACK_FRAMES; i++)
        complete &= (stack->frames[i] = frame_allocate()) != NO_FRAME;
    if (complete && map_stack(stack, MAP_PRESENT | MAP_WRITE) == STATUS_OK)
        return stack;
    stack_free(stack);
    return NULL;
}

struct thread_control *thread_stack_make(void) {
    struct thread_stack *stack = spare;
    if (stack != NULL) {
        spare = stack->next;
        spare_count--;
    } else if ((stack = stack_create()) == NULL) {
        return NULL;
    }
    struct thread_control *control = control_of(stack);
    memset(control, 0, sizeof(*control));
    control->stack = stack;
    return control;
}

void thread_stack_discard(struct thread_control *control) {
    trim_spare(SPARE_MOST);
    control->stack->next = spare;
    spare = control->stack;
    spare_count++;
}

bool thread_begin(struct thread_control *control, void (*entry)(void), void *argument,
                  uint32_t depth, struct thread_placement placement) {
    struct thread_start begin = {
        .instruction = (uint32_t)(uintptr_t)entry,
        .stack = thread_stack_top(control) - depth,
        .stack_top = thread_stack_top(control),
        .argument = (uint32_t)(uintptr_t)argument,
        .placement = placement,
    };
    struct gate_answer answer = core_thread_create(&begin);
    if (answer.status != STATUS_OK)
        return false;
    control->handle = answer.value;
    return true;
}

extern void thread_call(void); /* thread_call.S */

bool thread_begin_function(struct thread_control *control, void (*function)(void *),
                           void *argument) {
    struct call {
        void (*function)(void *);
        void *argument;
    } *call = (struct call *)control - 1;
    *call = (struct call){function, argument};
    return thread_begin(control, thread_call, NULL, sizeof(*call), (struct thread_placement){0});
}

_Noreturn void thread_end(void) {
    if (thread_control()->stack != NULL)
        thread_stack_discard(thread_control());
    manager_unlock_and_end();
}
