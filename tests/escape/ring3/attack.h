// SPDX-License-Identifier: MIT
/*
 * Attacks from ring 3: plain programs for Linux, as far as they know.
 */
#ifndef TESTS_ESCAPE_ATTACK_H
#define TESTS_ESCAPE_ATTACK_H

#include <stdint.h>

struct attack {
    const char *name; /* NULL ends a table */
    void (*run)(void);
};

extern const struct attack memory_attacks[], access_attacks[], processor_attacks[],
    instruction_attacks[], sweep_attacks[], forge_attacks[], argument_attacks[], flood_attacks[],
    race_attacks[];

/* One line on standard output, and the end. */
_Noreturn void escaped(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void refused(const char *format, ...) __attribute__((format(printf, 1, 2)));

static inline uint32_t read_word(uint32_t address) {
    uint32_t word;
    __asm__ volatile("movl (%1), %0" : "=r"(word) : "r"(address) : "memory");
    return word;
}

static inline void touch_word(uint32_t address) {
    __asm__ volatile("lock orl $0, (%0)" : : "r"(address) : "memory", "cc");
}

#endif
