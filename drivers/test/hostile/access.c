// SPDX-License-Identifier: MIT
/*
 * Past the slot by every way that the CPU has to name memory; see domains/hostile/access.c.
 */
#include "drivers/lib/log.h"
#include "drivers/test/hostile/attack.h"

#include "kernel/abi/selector.h"

#define READ_BY(segment, load)                                                                     \
    void read_by_##segment(void) {                                                                 \
        uint32_t word;                                                                             \
        __asm__ volatile(load "movl %%" #segment ":(%1), %0"                                       \
                         : "=&r"(word)                                                             \
                         : "r"(offset_of(CORE_WORD)), "r"(SELECTOR_DRIVER_DATA)                    \
                         : "memory");                                                              \
        driver_log("escaped: the core's word is %x", word);                                        \
    }
READ_BY(cs, "")
READ_BY(ss, "")
READ_BY(es, "movl %2, %%es\n\t")
READ_BY(fs, "movl %2, %%fs\n\t")
READ_BY(gs, "movl %2, %%gs\n\t")
#undef READ_BY

#define WRITE_BY(segment, load)                                                                    \
    void write_by_##segment(void) {                                                                \
        __asm__ volatile(load "lock orl $0, %%" #segment ":(%0)"                                   \
                         :                                                                         \
                         : "r"(offset_of(CORE_WORD)), "r"(SELECTOR_DRIVER_DATA)                    \
                         : "memory", "cc");                                                        \
        driver_log("escaped: the core's word is writable");                                        \
    }
WRITE_BY(ss, "")
WRITE_BY(es, "movl %1, %%es\n\t")
WRITE_BY(fs, "movl %1, %%fs\n\t")
WRITE_BY(gs, "movl %1, %%gs\n\t")
#undef WRITE_BY

static void report(uint32_t offset) {
    uint32_t word = read_word(offset);
    driver_log("escaped: it is %x", word);
}

void read_first_byte(void) {
    uint8_t byte = *(const volatile uint8_t *)DRIVER_SLOT_SIZE;
    driver_log("escaped: it is %x", byte);
}

/* Two bytes in the slot, two behind it. */
void straddle_slot(void) {
    report(DRIVER_SLOT_SIZE - 2);
}

/* A negative offset: the slot before this one ends there. */
void read_below_slot(void) {
    report(0u - 8u);
}

/* Over the end of the 4 GiB. */
void wrap_around(void) {
    report(offset_of(0xFFFFFFFEu));
}

static uint32_t buffer[4];

void copy_from_core(void) {
    __asm__ volatile("cld\n\t"
                     "movl $1, %%ecx\n\t"
                     "rep movsl"
                     :
                     : "S"(offset_of(CORE_WORD)), "D"(buffer)
                     : "ecx", "memory", "cc");
    driver_log("escaped: the core's word is %x", buffer[0]);
}

void copy_into_core(void) {
    buffer[0] = 0;
    __asm__ volatile("cld\n\t"
                     "movl $1, %%ecx\n\t"
                     "rep movsl"
                     :
                     : "S"(buffer), "D"(offset_of(CORE_WORD))
                     : "ecx", "memory", "cc");
    driver_log("escaped: the core has a word of this driver");
}

#define STRING(name, instruction)                                                                  \
    void name(void) {                                                                              \
        __asm__ volatile("cld\n\t"                                                                 \
                         "movl $1, %%ecx\n\t" instruction                                          \
                         :                                                                         \
                         : "a"(0), "S"(buffer), "D"(offset_of(CORE_WORD))                          \
                         : "ecx", "memory", "cc");                                                 \
        driver_log("escaped: the core's word was named");                                          \
    }
STRING(fill_core, "rep stosl")
STRING(compare_with_core, "repe cmpsl")
STRING(scan_core, "repne scasl")
#undef STRING

#define ON_CORE_STACK(name, instruction)                                                           \
    void name(void) {                                                                              \
        __asm__ volatile("movl %%esp, %%ebx\n\t"                                                   \
                         "movl %0, %%esp\n\t" instruction "\n\t"                                   \
                         "movl %%ebx, %%esp"                                                       \
                         :                                                                         \
                         : "r"(offset_of(CORE_WORD + 64))                                          \
                         : "eax", "ebx", "ecx", "memory", "cc");                                   \
        driver_log("escaped: the core's memory was a stack");                                      \
    }
ON_CORE_STACK(call_on_core_stack, "call 1f\n1:")
ON_CORE_STACK(pop_from_core, "popl %%eax")
ON_CORE_STACK(push_all_into_core, "pushal")
ON_CORE_STACK(push_flags_into_core, "pushfl")
ON_CORE_STACK(enter_frame_in_core, "movl %%ebp, %%ecx\n\tenter $0, $0\n\tmovl %%ecx, %%ebp")
ON_CORE_STACK(pop_flags_from_core, "popfl")
#undef ON_CORE_STACK
