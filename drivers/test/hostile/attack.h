// SPDX-License-Identifier: MIT
/*
 * The attacks from ring 1, in the order of their numbers: `CONTROL_DRIVER_CRASH` with CRASH_OWN + n
 * runs number n. The tests read this list too.
 */
#ifndef DRIVERS_TEST_HOSTILE_ATTACK_H
#define DRIVERS_TEST_HOSTILE_ATTACK_H

#include <stdint.h>

#define ATTACKS(ATTACK)                                                                            \
    ATTACK(read_core)                                                                              \
    ATTACK(write_core)                                                                             \
    ATTACK(execute_core)                                                                           \
    ATTACK(push_into_core)                                                                         \
    ATTACK(read_driver)                                                                            \
    ATTACK(write_driver)                                                                           \
    ATTACK(read_tenant)                                                                            \
    ATTACK(write_tenant)                                                                           \
    ATTACK(write_gdt)                                                                              \
    ATTACK(write_ldt)                                                                              \
    ATTACK(write_information)                                                                      \
    ATTACK(write_text)                                                                             \
    ATTACK(execute_data)                                                                           \
    ATTACK(load_tls)                                                                               \
    ATTACK(read_fpu_registers)                                                                     \
    ATTACK(read_foreign_port)                                                                      \
    ATTACK(write_core_port)                                                                        \
    ATTACK(disable_interrupts)                                                                     \
    ATTACK(forge_interrupt)                                                                        \
    ATTACK(direction_into_gate)                                                                    \
    ATTACK(trap_into_gate)                                                                         \
    ATTACK(call_past_table)                                                                        \
    ATTACK(log_past_slot)                                                                          \
    ATTACK(complete_unasked)                                                                       \
    ATTACK(master_bus)                                                                             \
    ATTACK(write_configuration)                                                                    \
    ATTACK(survive_restart)

/* These follow: they break nothing, and take time from others (tests/guest/stolen_time.py). */
#define NUISANCES(NUISANCE) NUISANCE(hog)

/* From this number on: a life of random gate calls; what is above it is the seed (tests/fuzz). */
#define RANDOM_LIVES 0x80u

void random_gates(uint32_t seed);

#endif
