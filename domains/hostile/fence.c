// SPDX-License-Identifier: MIT
/*
 * Across the fence: memory at and above 3 GiB, by every kind of access.
 *
 * Under the segment fence all of it is mapped, and the limit of the manager's segments says no.
 * Under the paging fence the segments are flat, and the outer view does not map it, or maps it
 * read-only.
 */
#include "domains/hostile/attack.h"

/* The core's memory holds every tenant's registers. It is mapped in no view of ring 2, or past the
 * data segment's limit. */
static void read_core(void) {
    escaped("the core's word at %x is %x", CORE_WORD, read_word(CORE_WORD));
}

/* One word in the core is the machine. */
static void write_core(void) {
    touch_word(CORE_WORD);
}

/* Code of the core, run in ring 2: nothing it could do there, but a fence has no holes for code. */
static void execute_core(void) {
    __asm__ volatile("jmp *%0" : : "r"(CORE_CODE));
}

/* A stack in the core: the push goes by SS, whose limit the CPU checks apart (#SS). */
static void push_into_core(void) {
    __asm__ volatile("movl %%esp, %%ebx\n\t"
                     "movl %0, %%esp\n\t"
                     "pushl $0\n\t"
                     "movl %%ebx, %%esp"
                     :
                     : "r"(CORE_WORD + 4)
                     : "ebx", "memory");
}

/* A driver's text, in ring 1's part of the top quarter. */
static void read_driver(void) {
    escaped("the driver's word at %x is %x", DRIVER_WORD, read_word(DRIVER_WORD));
}

static void write_driver(void) {
    touch_word(DRIVER_STACK);
}

/* Each CPU's tables and entry code lie in both views, at one address, writable in the inner one
 * only: a descriptor, a gate, a stack pointer or a stub of one's own would be ring 0. */
static void write_gdt(void) {
    touch_word(ENTRY_GDT);
}

static void write_idt(void) {
    touch_word(ENTRY_IDT);
}

static void write_tss(void) {
    touch_word(ENTRY_TSS);
}

static void write_entry_text(void) {
    touch_word(ENTRY_TEXT);
}

const struct attack fence_attacks[] = {
    {"read-core", read_core},
    {"write-core", write_core},
    {"execute-core", execute_core},
    {"push-into-core", push_into_core},
    {"read-driver", read_driver},
    {"write-driver", write_driver},
    {"write-gdt", write_gdt},
    {"write-idt", write_idt},
    {"write-tss", write_tss},
    {"write-entry-text", write_entry_text},
    {0, 0},
};
