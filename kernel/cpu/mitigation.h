// SPDX-License-Identifier: MIT
/*
 * Speculation: what the core does so that one domain can neither steer another's predictions nor read what
 * another left in the CPU's buffers. kernel/SECURITY.md says what that covers, what it does not, and why.
 *
 *   at boot, each CPU    IBRS that needs no write on the way in; STIBP
 *   when a CPU goes from one domain to another, be it a tenant or a driver
 *                        IBPB, then VERW
 *
 * Nothing here lies on the way of a gate call: what it costs, a change of the domain pays.
 */
#ifndef KERNEL_CPU_MITIGATION_H
#define KERNEL_CPU_MITIGATION_H

#include "kernel/abi/control.h"

#include <stdbool.h>
#include <stdint.h>

struct cpu;
struct thread;

/* A set of them is what one CPU does. 0: it offers none. */
enum mitigation {
    MITIGATION_ASKED_OFF = 1u << 0,
    MITIGATION_PREDICTOR_BARRIER = 1u << 1, /* IBPB */
    MITIGATION_BUFFER_CLEAR = 1u << 2,      /* VERW */
    MITIGATION_ENHANCED_IBRS = 1u << 3,     /* IA32_SPEC_CTRL.IBRS, set once */
    MITIGATION_AUTOMATIC_IBRS = 1u << 4,    /* EFER.AIBRSE, AMD's word for the same */
    MITIGATION_STIBP = 1u << 5,             /* IA32_SPEC_CTRL.STIBP, set once */
};

/* What the decision rests on: CPUID, and IA32_ARCH_CAPABILITIES where it is there, else 0. */
struct mitigation_facts {
    uint32_t leaf1_edx, leaf7_edx, leaf80000008_ebx, leaf80000021_eax;
    uint64_t arch_capabilities;
};

/* Pure (mitigation_choice.c): the switch, "on", "off" or NULL for none given, false if it is neither; the rule;
 * and a set of enum mitigation in words. */
bool mitigation_switch(const char *value, bool *wanted);
uint32_t mitigation_decide(const struct mitigation_facts *facts, bool wanted);
void mitigation_describe(char *text, uint32_t room, uint32_t mitigations);

/* Reads `mitigations=on|off`; on if it is not there. Panics at any other value. */
void mitigation_choose(const char *command_line);
/* Turns on for the running CPU what it has, and says so in the log. */
void mitigation_enable(void);
/* The running CPU is about to run `thread`: the barriers, if the last domain was another. */
void mitigation_cross(struct cpu *cpu, const struct thread *thread);
void mitigation_fill_status(struct machine_status *status);

#endif
