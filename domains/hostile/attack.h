// SPDX-License-Identifier: MIT
/*
 * An attack from ring 2: a few lines that try one thing and say how it went.
 *
 * The core ends most attackers, and its words are then the outcome. Who lives on ends by one of two
 * sentences: escaped() if a defence gave way, refused() if it held without anybody's death.
 */
#ifndef DOMAINS_HOSTILE_ATTACK_H
#define DOMAINS_HOSTILE_ATTACK_H

#include "domains/lib/thread.h"

#include "kernel/abi/layout.h"

#include <stdint.h>

struct attack {
    const char *name; /* of the tenant that runs it, up to a point; NULL ends a table */
    void (*run)(void);
};

extern const struct attack fence_attacks[], access_attacks[], quarter_attacks[],
    descriptor_attacks[], segment_attacks[], transfer_attacks[], instruction_attacks[],
    flag_attacks[], stack_attacks[], port_attacks[], frame_attacks[], pointer_attacks[],
    bound_attacks[], io_attacks[], network_attacks[], link_attacks[], leak_attacks[],
    flood_attacks[], race_attacks[], busy_tenants[], bystanders[], fuzzers[];

/* The tenant ends with these words, and "escaped: " or "refused: " before them. */
_Noreturn void escaped(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void refused(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Of one more thread; the first one's is the core's gift, and short. */
extern char second_stack[THREAD_STACK_BYTES];
#define SECOND_STACK_TOP ((uint32_t)second_stack + THREAD_STACK_BYTES)

/* What an attacker knows of addresses that are none of its business. */
#define CORE_WORD    (CORE_BASE + 0x500u)    /* low memory, of the firmware's; mapped in the core */
#define CORE_CODE    (CORE_BASE + 0x100000u) /* the start of its image */
#define DRIVER_WORD  (DRIVER_SLOTS + DRIVER_IMAGE)
#define DRIVER_STACK (DRIVER_SLOTS + DRIVER_STACK_TOP - 4)
#define ENTRY_GDT    (ENTRY_AREA + 0x00000u)
#define ENTRY_IDT    (ENTRY_AREA + 0x01000u)
#define ENTRY_TSS    (ENTRY_AREA + 0x02000u)
#define ENTRY_BITMAP (ENTRY_AREA + 0x03000u) /* ports from 0x7cc0 on or so */
#define ENTRY_FAULT  (ENTRY_AREA + 0x05000u) /* the TSS that #DF switches to */
#define ENTRY_TEXT   (ENTRY_AREA + 0x06000u)
#define ENTRY_STACK  (ENTRY_AREA + 0x20000u)
/* A frame's index by which its window, were it longer, would reach the end of the quarter: and wrap to the shared text. */
#define INDEX_OF_TEXT ((MANAGER_LIMIT - MANAGER_WINDOW) / 4096)
#define SELECTOR_TLS  0x33 /* the first TLS slot, as ring 3 and ring 2 may load it */

/* The core's names for its own segments and tasks. */
#define SELECTOR_CORE_CODE  0x08
#define SELECTOR_CORE_DATA  0x10
#define SELECTOR_TASK       0x20
#define SELECTOR_LDT_ENTRY  0x28
#define SELECTOR_FAULT_TASK 0x48 /* the TSS that #DF switches to */

#define FLAG_TRAP      0x100u
#define FLAG_INTERRUPT 0x200u
#define FLAG_DIRECTION 0x400u
#define FLAG_IO_LEVEL  0x3000u
#define FLAG_NESTED    0x4000u
#define FLAG_RESUME    0x10000u
#define FLAG_VIRTUAL   0x20000u
#define FLAG_ALIGNMENT 0x40000u

/* What the bystander and the accomplices keep where nobody else may see it. */
#define SECRET_WORD     0x5EC2E75Eu
#define SECRET_ROUNDING 0x6000u /* in MXCSR: towards zero */

static inline uint32_t read_word(uint32_t address) {
    uint32_t word;
    __asm__ volatile("movl (%1), %0" : "=r"(word) : "r"(address) : "memory");
    return word;
}

/* Writes back what is there, so that a write that gets through damages nothing more. */
static inline void touch_word(uint32_t address) {
    __asm__ volatile("lock orl $0, (%0)" : : "r"(address) : "memory", "cc");
}

/* The next of the tenant's free frames, bound; never fails within a reservation. */
uint32_t take_frame(void);
void *frame_at(uint32_t frame);
/* Sleeps; other domains run meanwhile. */
void sleep_milliseconds(uint32_t milliseconds);

#endif
