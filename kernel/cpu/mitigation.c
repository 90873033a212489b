// SPDX-License-Identifier: MIT
/*
 * The mitigations on the CPU itself: reading what it has, MSRs, VERW.
 *
 * A domain is told from another by its block and, for a tenant, by the start of its life, since a block may be
 * given to the next tenant. Idling and the core's own work are no domain: a CPU that comes back to the one that
 * it left pays nothing.
 */
#include "kernel/cpu/mitigation.h"

#include "kernel/command_line.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/registers.h"
#include "kernel/domain/driver.h"
#include "kernel/domain/tenant.h"
#include "kernel/log/log.h"

#include <stddef.h>

#define MSR_SPECULATION_CONTROL 0x48u /* IA32_SPEC_CTRL */
#define CONTROL_IBRS            1u
#define CONTROL_STIBP           2u
#define MSR_PREDICTOR_COMMAND   0x49u /* IA32_PRED_CMD */
#define COMMAND_IBPB            1u
#define MSR_ARCH_CAPABILITIES   0x10Au
#define MSR_EFER                0xC0000080u
#define EFER_AUTOMATIC_IBRS     (1u << 21)

#define LEAF7_EDX_ARCH_CAPABILITIES (1u << 29)
#define TEXT_BYTES                  sizeof(((struct machine_status *)0)->mitigations)

static bool wanted;

void mitigation_choose(const char *command_line) {
    char value[8];
    bool asked = command_line_value(command_line, "mitigations", value, sizeof value);

    if (!mitigation_switch(asked ? value : NULL, &wanted))
        panic("mitigations=%s refused: the choices are on, off", value);
}

static struct mitigation_facts read_facts(void) {
    struct mitigation_facts facts = {.leaf1_edx = read_cpuid(1, 0).edx};
    uint32_t last = read_cpuid(0x80000000u, 0).eax;

    if (read_cpuid(0, 0).eax >= 7)
        facts.leaf7_edx = read_cpuid(7, 0).edx;
    if (last >= 0x80000008u)
        facts.leaf80000008_ebx = read_cpuid(0x80000008u, 0).ebx;
    if (last >= 0x80000021u)
        facts.leaf80000021_eax = read_cpuid(0x80000021u, 0).eax;
    if (facts.leaf7_edx & LEAF7_EDX_ARCH_CAPABILITIES)
        facts.arch_capabilities = read_msr(MSR_ARCH_CAPABILITIES);
    return facts;
}

/* One line for all CPUs that are alike. */
static void tell(uint32_t mitigations) {
    static uint32_t told = UINT32_MAX;
    char text[TEXT_BYTES];

    if (told == mitigations)
        return;
    mitigation_describe(text, sizeof text, mitigations);
    log_line("mitigations: %s", text);
    told = mitigations;
}

void mitigation_enable(void) {
    struct mitigation_facts facts = read_facts();
    uint32_t mitigations = mitigation_decide(&facts, wanted);
    uint32_t control = (mitigations & MITIGATION_ENHANCED_IBRS ? CONTROL_IBRS : 0) |
                       (mitigations & MITIGATION_STIBP ? CONTROL_STIBP : 0);

    if (control)
        write_msr(MSR_SPECULATION_CONTROL, control);
    if (mitigations & MITIGATION_AUTOMATIC_IBRS)
        write_msr(MSR_EFER, read_msr(MSR_EFER) | EFER_AUTOMATIC_IBRS);
    this_cpu()->mitigations = mitigations;
    tell(mitigations);
}

/* The form with a memory operand is the one that clears buffers; any writable segment will do. */
static void clear_buffers(void) {
    static const uint16_t writable = SELECTOR_CORE_DATA;

    __asm__ volatile("verw %0" : : "m"(writable) : "cc");
}

/* Out of line, so that a switch between threads of one domain saves no registers for it. */
static __attribute__((noinline)) void raise_barriers(struct cpu *cpu) {
    cpu->domain_switches++;
    if (cpu->mitigations & MITIGATION_PREDICTOR_BARRIER) {
        write_msr(MSR_PREDICTOR_COMMAND, COMMAND_IBPB);
        cpu->predictor_barriers++;
    }
    if (cpu->mitigations & MITIGATION_BUFFER_CLEAR)
        clear_buffers();
}

void mitigation_cross(struct cpu *cpu, const struct thread *thread) {
    const struct tenant *tenant = thread->tenant;

    if (cpu->last_tenant == tenant &&
        (tenant ? cpu->last_tenant_started == tenant->started : cpu->last_driver == thread->driver))
        return;
    cpu->last_tenant = tenant;
    cpu->last_tenant_started = tenant ? tenant->started : 0;
    cpu->last_driver = thread->driver;
    raise_barriers(cpu);
}

void mitigation_fill_status(struct machine_status *status) {
    mitigation_describe(status->mitigations, sizeof status->mitigations, this_cpu()->mitigations);
    for (uint32_t n = 0; n < cpu_count(); n++) {
        status->domain_switches += cpus[n]->domain_switches;
        status->predictor_barriers += cpus[n]->predictor_barriers;
    }
}
