// SPDX-License-Identifier: MIT
/*
 * The attacks from ring 1, in the order of their numbers: `CONTROL_DRIVER_CRASH` with CRASH_OWN + n
 * runs number n; behind them come the instructions of tests/escape/instructions.h. The tests read both lists.
 */
#ifndef DRIVERS_TEST_HOSTILE_ATTACK_H
#define DRIVERS_TEST_HOSTILE_ATTACK_H

#include "kernel/abi/layout.h"
#include "tests/escape/instructions.h"

#include <stdint.h>

#define ATTACKS(ATTACK)                                                                            \
    /* memory.c */                                                                                 \
    ATTACK(read_core)                                                                              \
    ATTACK(write_core)                                                                             \
    ATTACK(execute_core)                                                                           \
    ATTACK(push_into_core)                                                                         \
    ATTACK(read_driver)                                                                            \
    ATTACK(write_driver)                                                                           \
    ATTACK(execute_driver)                                                                         \
    ATTACK(read_tenant)                                                                            \
    ATTACK(write_tenant)                                                                           \
    ATTACK(execute_tenant)                                                                         \
    ATTACK(read_frame_window)                                                                      \
    ATTACK(write_gdt)                                                                              \
    ATTACK(write_idt)                                                                              \
    ATTACK(write_tss)                                                                              \
    ATTACK(write_fault_task)                                                                       \
    ATTACK(write_port_bitmap)                                                                      \
    ATTACK(write_entry_text)                                                                       \
    ATTACK(execute_entry_text)                                                                     \
    ATTACK(write_entry_stack)                                                                      \
    ATTACK(write_ldt)                                                                              \
    ATTACK(write_information)                                                                      \
    ATTACK(write_text)                                                                             \
    ATTACK(execute_data)                                                                           \
    ATTACK(execute_stack)                                                                          \
    ATTACK(execute_bounce)                                                                         \
    /* access.c */                                                                                 \
    ATTACK(read_by_cs)                                                                             \
    ATTACK(read_by_ss)                                                                             \
    ATTACK(read_by_es)                                                                             \
    ATTACK(read_by_fs)                                                                             \
    ATTACK(read_by_gs)                                                                             \
    ATTACK(write_by_ss)                                                                            \
    ATTACK(write_by_es)                                                                            \
    ATTACK(write_by_fs)                                                                            \
    ATTACK(write_by_gs)                                                                            \
    ATTACK(read_first_byte)                                                                        \
    ATTACK(straddle_slot)                                                                          \
    ATTACK(read_below_slot)                                                                        \
    ATTACK(wrap_around)                                                                            \
    ATTACK(copy_from_core)                                                                         \
    ATTACK(copy_into_core)                                                                         \
    ATTACK(fill_core)                                                                              \
    ATTACK(compare_with_core)                                                                      \
    ATTACK(scan_core)                                                                              \
    ATTACK(call_on_core_stack)                                                                     \
    ATTACK(pop_from_core)                                                                          \
    ATTACK(push_all_into_core)                                                                     \
    ATTACK(push_flags_into_core)                                                                   \
    ATTACK(enter_frame_in_core)                                                                    \
    ATTACK(pop_flags_from_core)                                                                    \
    /* selector.c */                                                                               \
    ATTACK(inspect_selectors)                                                                      \
    ATTACK(measure_selectors)                                                                      \
    ATTACK(use_farthest_selector)                                                                  \
    ATTACK(use_every_stack_segment)                                                                \
    ATTACK(call_every_gate)                                                                        \
    ATTACK(load_tls)                                                                               \
    ATTACK(load_core_data)                                                                         \
    ATTACK(load_tenant_data)                                                                       \
    ATTACK(load_null_stack)                                                                        \
    ATTACK(load_past_ldt)                                                                          \
    ATTACK(jump_to_core_segment)                                                                   \
    ATTACK(call_core_segment)                                                                      \
    ATTACK(return_to_core_segment)                                                                 \
    ATTACK(jump_through_gate)                                                                      \
    ATTACK(call_tenant_gate)                                                                       \
    ATTACK(call_task)                                                                              \
    ATTACK(jump_past_limit)                                                                        \
    ATTACK(iret_to_core)                                                                           \
    ATTACK(iret_past_limit)                                                                        \
    ATTACK(iret_to_null_stack)                                                                     \
    ATTACK(return_to_nested_task)                                                                  \
    ATTACK(virtual_8086_by_iret)                                                                   \
    ATTACK(forge_interrupt)                                                                        \
    ATTACK(forge_nmi)                                                                              \
    ATTACK(forge_double_fault)                                                                     \
    ATTACK(forge_machine_check)                                                                    \
    ATTACK(forge_debug_trap)                                                                       \
    ATTACK(forge_system_call)                                                                      \
    ATTACK(interrupt_past_idt)                                                                     \
    ATTACK(enter_system)                                                                           \
    /* port.c */                                                                                   \
    ATTACK(read_foreign_port)                                                                      \
    ATTACK(write_foreign_port)                                                                     \
    ATTACK(write_core_port)                                                                        \
    ATTACK(straddle_ports_below)                                                                   \
    ATTACK(straddle_ports_above)                                                                   \
    ATTACK(read_last_port)                                                                         \
    ATTACK(read_foreign_port_string)                                                               \
    ATTACK(write_foreign_port_string)                                                              \
    ATTACK(disable_interrupts)                                                                     \
    ATTACK(interrupts_off_by_popf)                                                                 \
    ATTACK(interrupts_off_by_iret)                                                                 \
    ATTACK(raise_io_level_by_popf)                                                                 \
    ATTACK(raise_io_level_by_iret)                                                                 \
    /* gate.c */                                                                                   \
    ATTACK(direction_into_gate)                                                                    \
    ATTACK(direction_into_exception)                                                               \
    ATTACK(trap_into_gate)                                                                         \
    ATTACK(trap_behind_stack_switch)                                                               \
    ATTACK(alignment_into_gate)                                                                    \
    ATTACK(nested_into_gate)                                                                       \
    ATTACK(gate_with_stack_at_zero)                                                                \
    ATTACK(gate_with_stack_past_slot)                                                              \
    ATTACK(gate_with_null_segments)                                                                \
    ATTACK(read_registers_after_gate)                                                              \
    ATTACK(call_past_table)                                                                        \
    ATTACK(log_past_slot)                                                                          \
    ATTACK(log_across_slot_end)                                                                    \
    ATTACK(log_from_hole)                                                                          \
    ATTACK(log_too_long)                                                                           \
    ATTACK(forge_log_line)                                                                         \
    ATTACK(flood_log)                                                                              \
    ATTACK(ready_past_slot)                                                                        \
    ATTACK(ready_twice)                                                                            \
    ATTACK(ready_too_deep)                                                                         \
    ATTACK(complete_unasked)                                                                       \
    ATTACK(complete_past_depth)                                                                    \
    ATTACK(master_bus)                                                                             \
    ATTACK(write_configuration)                                                                    \
    ATTACK(read_past_configuration)                                                                \
    ATTACK(flood_gate_calls)                                                                       \
    ATTACK(never_return)                                                                           \
    ATTACK(never_rest)                                                                             \
    /* leak.c */                                                                                   \
    ATTACK(read_fpu_registers)                                                                     \
    ATTACK(read_x87_registers)                                                                     \
    ATTACK(read_mmx_registers)                                                                     \
    ATTACK(read_sse_control)                                                                       \
    ATTACK(survive_restart)

/* These follow the instructions: they break nothing, and take time from others (tests/guest/stolen_time.py). */
#define NUISANCES(NUISANCE) NUISANCE(hog) NUISANCE(nap)

/* From this number on: a life of random gate calls; what is above it is the seed (tests/fuzz). */
#define RANDOM_LIVES 0xC0u

void random_gates(uint32_t seed);

#define DECLARE(name)                           void name(void);
#define DECLARE_INSTRUCTION(name, dashed, text) void name(void);
ATTACKS(DECLARE)
PRIVILEGED_INSTRUCTIONS(DECLARE_INSTRUCTION)
FORBIDDEN_INSTRUCTIONS(DECLARE_INSTRUCTION)
NUISANCES(DECLARE)
#undef DECLARE
#undef DECLARE_INSTRUCTION

/* What an attacker knows of addresses that are none of its business. */
#define CORE_WORD    (CORE_BASE + 0x500u)    /* low memory of the firmware's */
#define CORE_CODE    (CORE_BASE + 0x100000u) /* the start of its image */
#define OTHER_DRIVER DRIVER_SLOTS            /* slot 0: the first driver of the bundle */
#define ENTRY_GDT    (ENTRY_AREA + 0x00000u)
#define ENTRY_IDT    (ENTRY_AREA + 0x01000u)
#define ENTRY_TSS    (ENTRY_AREA + 0x02000u)
#define ENTRY_BITMAP (ENTRY_AREA + 0x03000u)
#define ENTRY_FAULT  (ENTRY_AREA + 0x05000u)
#define ENTRY_TEXT   (ENTRY_AREA + 0x06000u)
#define ENTRY_STACK  (ENTRY_AREA + 0x20000u)

#define SELECTOR_CORE_CODE  0x08
#define SELECTOR_CORE_DATA  0x10
#define SELECTOR_TASK       0x20
#define SELECTOR_FAULT_TASK 0x48
#define SELECTOR_TLS        0x33

#define FLAG_TRAP      0x100u
#define FLAG_INTERRUPT 0x200u
#define FLAG_DIRECTION 0x400u
#define FLAG_IO_LEVEL  0x3000u
#define FLAG_NESTED    0x4000u
#define FLAG_VIRTUAL   0x20000u
#define FLAG_ALIGNMENT 0x40000u

#define SECRET_WORD 0x5EC2E75Eu /* in the bystander's XMM0 */

/* A linear address as an offset in this slot: the segment adds the slot's base, modulo 4 GiB. */
uint32_t offset_of(uint32_t linear);

uint32_t read_word(uint32_t offset);
/* Writes back what is there, so that a write that gets through damages nothing more. */
void touch_word(uint32_t offset);
void report_status(uint32_t status);
_Noreturn void die(void);

#endif
