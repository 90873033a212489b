// SPDX-License-Identifier: MIT
/*
 * Stands before the core's own header of this name in the include path: the constants are the core's, each
 * instruction that a process may not execute is a function of the machine that a target models.
 */
#ifndef TESTS_FUZZ_MACHINE_REGISTERS_H
#define TESTS_FUZZ_MACHINE_REGISTERS_H

#define out8               processor_out8
#define in8                processor_in8
#define out16              processor_out16
#define in16               processor_in16
#define out32              processor_out32
#define in32               processor_in32
#define read_tsc           processor_read_tsc
#define read_cr2           processor_read_cr2
#define read_cr3           processor_read_cr3
#define write_cr3          processor_write_cr3
#define invalidate_page    processor_invalidate_page
#define wait_for_interrupt processor_wait_for_interrupt
#define take_interrupts    processor_take_interrupts
#include_next <kernel/cpu/registers.h>
#undef out8
#undef in8
#undef out16
#undef in16
#undef out32
#undef in32
#undef read_tsc
#undef read_cr2
#undef read_cr3
#undef write_cr3
#undef invalidate_page
#undef wait_for_interrupt
#undef take_interrupts

void out8(uint16_t port, uint8_t value);
void out16(uint16_t port, uint16_t value);
void out32(uint16_t port, uint32_t value);
uint8_t in8(uint16_t port);
uint16_t in16(uint16_t port);
uint32_t in32(uint16_t port);
uint64_t read_tsc(void);
uint32_t read_cr2(void);
uint32_t read_cr3(void);
void write_cr3(uint32_t value);
void invalidate_page(uint32_t address);
void wait_for_interrupt(void);
void take_interrupts(void);

#endif
