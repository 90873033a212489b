// SPDX-License-Identifier: MIT
/*
 * Across the fence by every way that the CPU has to name memory: each segment register has its own
 * copy of a limit, string instructions check both ends, the stack's pushes and pops are checked apart, and
 * an access may begin on this side and end on the other.
 */
#include "domains/hostile/attack.h"

#include "kernel/abi/selector.h"

/* ---- Each segment register ---- */

#define READ_BY(segment, load)                                                                     \
    static void read_by_##segment(void) {                                                          \
        uint32_t word;                                                                             \
        __asm__ volatile(load "movl %%" #segment ":(%1), %0"                                       \
                         : "=&r"(word)                                                             \
                         : "r"(CORE_WORD), "r"(SELECTOR_MANAGER_DATA)                              \
                         : "memory");                                                              \
        escaped("the core's word is %x", word);                                                    \
    }
READ_BY(cs, "")
READ_BY(ss, "")
READ_BY(es, "movl %2, %%es\n\t")
READ_BY(fs, "movl %2, %%fs\n\t")
READ_BY(gs, "movl %2, %%gs\n\t")
#undef READ_BY

#define WRITE_BY(segment, load)                                                                    \
    static void write_by_##segment(void) {                                                         \
        __asm__ volatile(load "lock orl $0, %%" #segment ":(%0)"                                   \
                         :                                                                         \
                         : "r"(CORE_WORD), "r"(SELECTOR_MANAGER_DATA)                              \
                         : "memory", "cc");                                                        \
    }
WRITE_BY(ss, "")
WRITE_BY(es, "movl %1, %%es\n\t")
WRITE_BY(fs, "movl %1, %%fs\n\t")
WRITE_BY(gs, "movl %1, %%gs\n\t")
#undef WRITE_BY

/* ---- At the very edge ---- */

/* The first byte that is not this ring's. */
static void read_first_byte(void) {
    escaped("it is %x", *(const volatile uint8_t *)MANAGER_LIMIT);
}

/* Two bytes on this side, two on the other. */
static void straddle_fence(void) {
    escaped("it is %x", read_word(MANAGER_LIMIT - 2));
}

/* Over the end of the 4 GiB, back to this side. */
static void wrap_around(void) {
    escaped("it is %x", read_word(0xFFFFFFFEu));
}

/* ---- String instructions ---- */

static uint32_t buffer[4];

static void copy_from_core(void) {
    __asm__ volatile("cld\n\t"
                     "movl $1, %%ecx\n\t"
                     "rep movsl"
                     :
                     : "S"(CORE_WORD), "D"(buffer)
                     : "ecx", "memory", "cc");
    escaped("the core's word is %x", buffer[0]);
}

static void copy_into_core(void) {
    buffer[0] = 0;
    __asm__ volatile("cld\n\t"
                     "movl $1, %%ecx\n\t"
                     "rep movsl"
                     :
                     : "S"(buffer), "D"(CORE_WORD)
                     : "ecx", "memory", "cc");
}

static void fill_core(void) {
    __asm__ volatile("cld\n\t"
                     "movl $1, %%ecx\n\t"
                     "rep stosl"
                     :
                     : "a"(0), "D"(CORE_WORD)
                     : "ecx", "memory", "cc");
}

/* It tells where two memories begin to differ: word by word, a way to read. */
static void compare_with_core(void) {
    __asm__ volatile("cld\n\t"
                     "movl $1, %%ecx\n\t"
                     "repe cmpsl"
                     :
                     : "S"(buffer), "D"(CORE_WORD)
                     : "ecx", "memory", "cc");
}

static void scan_core(void) {
    __asm__ volatile("cld\n\t"
                     "movl $1, %%ecx\n\t"
                     "repne scasl"
                     :
                     : "a"(0), "D"(CORE_WORD)
                     : "ecx", "memory", "cc");
}

/* ---- The stack ---- */

#define ON_CORE_STACK(name, instruction)                                                           \
    static void name(void) {                                                                       \
        __asm__ volatile("movl %%esp, %%ebx\n\t"                                                   \
                         "movl %0, %%esp\n\t" instruction "\n\t"                                   \
                         "movl %%ebx, %%esp"                                                       \
                         :                                                                         \
                         : "r"(CORE_WORD + 64)                                                     \
                         : "eax", "ebx", "ecx", "memory", "cc");                                   \
        escaped("the core's memory was a stack");                                                  \
    }
ON_CORE_STACK(call_on_core_stack, "call 1f\n1:")
ON_CORE_STACK(pop_from_core, "popl %%eax")
ON_CORE_STACK(push_all_into_core, "pushal")
ON_CORE_STACK(push_flags_into_core, "pushfl")
ON_CORE_STACK(enter_frame_in_core, "movl %%ebp, %%ecx\n\tenter $0, $0\n\tmovl %%ecx, %%ebp")
ON_CORE_STACK(pop_flags_from_core, "popfl")
#undef ON_CORE_STACK

/* A driver's code, in ring 1's part of the top quarter. */
static void execute_driver(void) {
    __asm__ volatile("jmp *%0" : : "r"(DRIVER_WORD));
}

/* The stubs are mapped in every view, to be executed in ring 0. In ring 2 they come no further than their
 * first privileged instruction. */
static void execute_entry_text(void) {
    __asm__ volatile("jmp *%0" : : "r"(ENTRY_TEXT));
}

static void write_fault_task(void) {
    touch_word(ENTRY_FAULT);
}

/* A cleared bit in it is a port. */
static void write_port_bitmap(void) {
    touch_word(ENTRY_BITMAP);
}

const struct attack access_attacks[] = {
    {"read-by-cs", read_by_cs},
    {"read-by-ss", read_by_ss},
    {"read-by-es", read_by_es},
    {"read-by-fs", read_by_fs},
    {"read-by-gs", read_by_gs},
    {"write-by-ss", write_by_ss},
    {"write-by-es", write_by_es},
    {"write-by-fs", write_by_fs},
    {"write-by-gs", write_by_gs},
    {"read-first-byte", read_first_byte},
    {"straddle-fence", straddle_fence},
    {"wrap-around", wrap_around},
    {"copy-from-core", copy_from_core},
    {"copy-into-core", copy_into_core},
    {"fill-core", fill_core},
    {"compare-with-core", compare_with_core},
    {"scan-core", scan_core},
    {"call-on-core-stack", call_on_core_stack},
    {"pop-from-core", pop_from_core},
    {"push-all-into-core", push_all_into_core},
    {"push-flags-into-core", push_flags_into_core},
    {"enter-frame-in-core", enter_frame_in_core},
    {"pop-flags-from-core", pop_flags_from_core},
    {"execute-driver", execute_driver},
    {"execute-entry-text", execute_entry_text},
    {"write-fault-task", write_fault_task},
    {"write-port-bitmap", write_port_bitmap},
    {0, 0},
};
