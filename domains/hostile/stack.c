// SPDX-License-Identifier: MIT
/*
 * A stack pointer that points nowhere good, when the core comes in by it.
 *
 * A gate brings its own stack (TSS.ESP0) and never looks at the caller's. An upcall is different: the core
 * pushes a frame where ESP says, so that place is checked like any pointer, and a bad one costs the tenant
 * its life.
 */
#include "domains/hostile/attack.h"

#include "domains/hostile/app.h"
#include "domains/lib/clock.h"
#include "domains/lib/gate.h"

#include "kernel/abi/selector.h"

#define UNMAPPED_APP_PAGE 0x400000u
#define UNMAPPED_OWN_PAGE (MANAGER_MAPPINGS + 0x100000u)
#define PAST_FENCE        (MANAGER_LIMIT - MANAGER_BASE)

static uint32_t own_stack[64] __attribute__((aligned(16)));

static uint32_t top_of_own_stack(void) {
    return (uint32_t)&own_stack[64];
}

/* ---- Into a gate ---- */

static uint32_t call_with_stack(uint32_t stack) {
    uint32_t status = MEMORY_NULL, after;
    __asm__ volatile("movl %%esp, %%ebx\n\t"
                     "movl %[stack], %%esp\n\t"
                     "lcall %[gate], $0\n\t"
                     "movl %%esp, %[after]\n\t"
                     "movl %%ebx, %%esp"
                     : "+a"(status), [after] "=&r"(after)
                     : [stack] "r"(stack), [gate] "i"(SELECTOR_GATE_MEMORY)
                     : "ebx", "edx", "memory", "cc");
    if (status != STATUS_OK || after != stack)
        escaped("status %u, ESP %x came back as %x", status, stack, after);
    return status;
}

static void gate_with_stack_at_zero(void) {
    call_with_stack(0);
    refused("the gate came back");
}

static void gate_with_stack_in_core(void) {
    call_with_stack(CORE_WORD);
    call_with_stack(MANAGER_LIMIT);
    refused("the gate came back");
}

static void gate_with_stack_unmapped(void) {
    call_with_stack(UNMAPPED_OWN_PAGE);
    refused("the gate came back");
}

static void gate_with_stack_misaligned(void) {
    for (uint32_t offset = 1; offset < 8; offset++)
        call_with_stack(top_of_own_stack() - offset);
    refused("the gate came back");
}

/* The same where the core leaves by `iret`, with everything that it saved meanwhile. */
static void sleep_with_stack_at_zero(void) {
    static const uint32_t word;
    uint64_t deadline = clock_nanoseconds() + 2000000;
    static uint32_t after;
    uint32_t status = THREAD_BLOCK;
    __asm__ volatile("movl %%esp, %%edi\n\t"
                     "xorl %%esp, %%esp\n\t"
                     "lcall %[gate], $0\n\t"
                     "movl %%esp, %[after]\n\t"
                     "movl %%edi, %%esp"
                     : "+a"(status), [after] "=m"(after)
                     : [gate] "i"(SELECTOR_GATE_THREAD), "b"(&word), "c"(0),
                       "d"((uint32_t)deadline), "S"((uint32_t)(deadline >> 32))
                     : "edi", "memory", "cc");
    if (after != 0)
        escaped("ESP 0 came back as %x", after);
    refused("it woke, status %u", status);
}

/* The gate loads its own data segments; what the caller left in them is not looked at. */
static void gate_with_null_segments(void) {
    uint32_t status = MEMORY_NULL;
    __asm__ volatile("movl %%ds, %%ebx\n\t"
                     "xorl %%ecx, %%ecx\n\t"
                     "movl %%ecx, %%ds\n\t"
                     "movl %%ecx, %%es\n\t"
                     "movl %%ecx, %%fs\n\t"
                     "movl %%ecx, %%gs\n\t"
                     "lcall %[gate], $0\n\t"
                     "movl %%ebx, %%ds\n\t"
                     "movl %%ebx, %%es"
                     : "+a"(status)
                     : [gate] "i"(SELECTOR_GATE_MEMORY)
                     : "ebx", "ecx", "edx", "memory", "cc");
    refused("the gate came back, status %u", status);
}

/* ---- Into an upcall ---- */

/* A page fault in the app's half, as in a user copy, with ESP at `stack`. */
static void fault_with_stack(uint32_t stack) {
    __asm__ volatile("movl %0, %%esp\n\t"
                     "movl (%1), %%eax"
                     :
                     : "r"(stack), "r"(UNMAPPED_APP_PAGE)
                     : "eax", "memory");
}

static void upcall_at_zero(void) {
    fault_with_stack(0);
}

/* By the same page tables, but 1 GiB higher: only the range check tells the two apart. */
static void upcall_past_fence(void) {
    fault_with_stack(top_of_own_stack() + PAST_FENCE);
}

static void upcall_onto_app(void) {
    fault_with_stack(top_of_own_stack() - PAST_FENCE);
}

static void upcall_onto_hole(void) {
    fault_with_stack(UNMAPPED_OWN_PAGE);
}

/* The core could write there. The caller could not, so the core must not. */
static void upcall_onto_ldt(void) {
    fault_with_stack(MANAGER_LDT + PAGE_SIZE);
}

static void upcall_onto_text(void) {
    fault_with_stack(MANAGER_BASE + 0x800);
}

static void upcall_misaligned(void) {
    fault_with_stack(top_of_own_stack() - 3);
}

/* ---- Where the CPU pushes on the way from ring 3 ---- */

static void refuse_thread(uint32_t instruction, uint32_t stack_top) {
    const struct thread_start start = {
        .instruction = instruction, .stack = top_of_own_stack(), .stack_top = stack_top};
    enum status status = core_thread_create(&start).status;
    if (status == STATUS_OK)
        escaped("the core takes EIP %x, ESP2 %x", instruction, stack_top);
    refused("status %u", status);
}

static void enter_onto_core_stack(void) {
    refuse_thread(MANAGER_BASE, ENTRY_STACK + 0x800);
}

static void start_thread_in_core(void) {
    refuse_thread(CORE_CODE, top_of_own_stack());
}

static void start_thread_in_app(void) {
    refuse_thread(0x8000, top_of_own_stack());
}

const struct attack stack_attacks[] = {
    {"gate-with-stack-at-zero", gate_with_stack_at_zero},
    {"gate-with-stack-in-core", gate_with_stack_in_core},
    {"gate-with-stack-unmapped", gate_with_stack_unmapped},
    {"gate-with-stack-misaligned", gate_with_stack_misaligned},
    {"sleep-with-stack-at-zero", sleep_with_stack_at_zero},
    {"gate-with-null-segments", gate_with_null_segments},
    {"upcall-at-zero", upcall_at_zero},
    {"upcall-past-fence", upcall_past_fence},
    {"upcall-onto-app", upcall_onto_app},
    {"upcall-onto-hole", upcall_onto_hole},
    {"upcall-onto-ldt", upcall_onto_ldt},
    {"upcall-onto-text", upcall_onto_text},
    {"upcall-misaligned", upcall_misaligned},
    {"enter-onto-core-stack", enter_onto_core_stack},
    {"start-thread-in-core", start_thread_in_core},
    {"start-thread-in-app", start_thread_in_app},
    {0, 0},
};
