// SPDX-License-Identifier: MIT
/*
 * The operator and the machine: what it is, what its tables hold, its log, its end.
 */
#include "kernel/abi/control.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/mitigation.h"
#include "kernel/cpu/registers.h"
#include "kernel/dev/clock.h"
#include "kernel/domain/driver.h"
#include "kernel/domain/tenant.h"
#include "kernel/fence/fence.h"
#include "kernel/fence/view.h"
#include "kernel/gate/control_calls.h"
#include "kernel/log/log.h"
#include "kernel/mem/audit.h"
#include "kernel/mem/frame.h"

#include <stddef.h>
#include <string.h>

#define CPUID_HYPERVISOR    0x40000000u
#define CPUID_BRAND         0x80000002u /* and the two after it */
#define CPUID1_ECX_IN_GUEST (1u << 31)
#define DEBUG_PORT          0xE9 /* reads back as itself in Bochs */
#define DEBUG_BYTES         4096u

/* ---- What it is ---- */

static void fill_cpu_name(char name[52]) {
    struct cpuid part;
    memset(name, 0, 52);
    if (read_cpuid(0x80000000u, 0).eax < CPUID_BRAND + 2)
        return;
    for (uint32_t n = 0; n < 3; n++) {
        part = read_cpuid(CPUID_BRAND + n, 0);
        memcpy(name + n * sizeof part, &part, sizeof part);
    }
}

/* A hypervisor signs with twelve characters in EBX, ECX, EDX; Bochs does not, but has its debug port. */
static void fill_emulator(char emulator[16]) {
    struct cpuid leaf = read_cpuid(CPUID_HYPERVISOR, 0);
    memset(emulator, 0, 16);
    if (read_cpuid(1, 0).ecx & CPUID1_ECX_IN_GUEST)
        memcpy(emulator, &leaf.ebx, 12);
    else
        format_text(emulator, 16, "%s", in8(DEBUG_PORT) == DEBUG_PORT ? "Bochs" : "none");
}

static void fill_frames(struct machine_status *status) {
    status->frames_total = frames_total();
    status->frames_reserved = frames_reserved();
    status->frames_free = frames_free_count();
    status->frames_core = frames_total() - frames_reserved() - frames_free_count();
}

static void fill_cpu_counters(struct machine_status *status) {
    uint64_t idle = 0, waited = 0, longest = 0;
    status->cpu_count = cpu_count();
    for (uint32_t n = 0; n < cpu_count(); n++) {
        const struct cpu *cpu = cpus[n];
        longest = cpu->longest_off > longest ? cpu->longest_off : longest;
        idle += cpu->idle_ticks;
        waited += cpu->lock_wait_ticks;
        status->lock_waits += cpu->lock_waits;
        status->upcalls += cpu->upcalls;
        status->context_switches += cpu->context_switches;
        status->interrupts += cpu->interrupts;
    }
    status->longest_interrupts_off = longest;
    status->longest_interrupts_off_nanoseconds = clock_nanoseconds(longest);
    status->idle_nanoseconds = clock_nanoseconds(idle);
    status->lock_wait_nanoseconds = clock_nanoseconds(waited);
}

uint32_t control_machine_status(struct gate_frame *frame) {
    struct machine_status status = {.nanoseconds = clock_now()};
    fence_fill_status(&status);
    mitigation_fill_status(&status);
    fill_cpu_name(status.cpu_name);
    fill_emulator(status.emulator);
    fill_frames(&status);
    fill_cpu_counters(&status);
    return gate_copy_out(frame->ebx, &status, sizeof status);
}

/* ---- What its tables hold ---- */

static const uint64_t *ldt_of(const struct descriptor_query *query) {
    bool is_tenant = query->table == TABLE_TENANT_LDT && query->domain < TENANT_MAX;
    const struct tenant *tenant = is_tenant ? tenants[query->domain] : NULL;

    if (tenant && tenant->information)
        return tenant->information->ldt;
    if (query->table == TABLE_DRIVER_LDT && query->domain < DRIVER_MAX && drivers[query->domain])
        return drivers[query->domain]->ldt;
    return NULL;
}

static enum status read_table(struct descriptor_query *query) {
    bool is_gdt = query->table == TABLE_GDT && query->domain < cpu_count();
    const uint64_t *ldt = ldt_of(query);
    if (query->table > TABLE_DRIVER_LDT)
        return STATUS_BAD_ARGUMENT;
    if (!is_gdt && ldt == NULL)
        return STATUS_BAD_HANDLE;
    query->count = is_gdt                             ? GDT_ENTRIES
                   : query->table == TABLE_TENANT_LDT ? TENANT_LDT_ENTRIES
                                                      : DRIVER_LDT_ENTRIES;
    for (uint32_t n = 0; n < query->count; n++)
        query->raw[n] = is_gdt ? view_descriptor(query->domain, n) : ldt[n];
    return STATUS_OK;
}

_Static_assert(GDT_ENTRIES <= DESCRIPTOR_QUERY_MAX, "a table fits into a query");

uint32_t control_descriptors(struct gate_frame *frame) {
    struct descriptor_query query;
    enum status status = gate_copy_in(&query, frame->ebx, sizeof query);
    if (status == STATUS_OK)
        status = read_table(&query);
    return status != STATUS_OK ? status : gate_copy_out(frame->ebx, &query, sizeof query);
}

/* ---- Log and debug port ---- */

uint32_t control_log_read(struct gate_frame *frame) {
    struct log_query query;
    enum status status = gate_copy_in(&query, frame->ebx, offsetof(struct log_query, text));
    if (status != STATUS_OK)
        return status;
    log_read(&query);
    uint32_t bytes = (uint32_t)offsetof(struct log_query, text) + query.bytes;
    status = gate_copy_out(frame->ebx, &query, bytes);
    if (status == STATUS_OK)
        frame->edx = query.bytes;
    return status;
}

/* Output, error output, exit status, test results and marks; the core's own frames are its own. */
static bool is_open_frame(uint32_t type) {
    return type == 'O' || type == 'E' || type == 'S' || type == 'T' || type == 'M';
}

uint32_t control_debug_write(struct gate_frame *frame) {
    uint8_t bytes[DEBUG_BYTES];
    if (!is_open_frame(frame->ebx) || frame->edx > DEBUG_BYTES)
        return STATUS_BAD_ARGUMENT;
    enum status status = gate_copy_in(bytes, frame->ecx, frame->edx);
    if (status == STATUS_OK)
        debug_frame((char)frame->ebx, bytes, frame->edx);
    return status;
}

/* ---- The audit and the end ---- */

uint32_t control_audit(struct gate_frame *frame) {
    struct audit_result result;
    enum status status = gate_copy_out(frame->ebx, &(struct audit_result){0}, sizeof result);
    if (status != STATUS_OK)
        return status;
    if (!audit_slice(&result))
        return STATUS_AGAIN;
    return gate_copy_out(frame->ebx, &result, sizeof result);
}

/* Managers write back before they ask (sync, then power off): what they were told is on the medium is. */
uint32_t control_power_off(struct gate_frame *frame) {
    (void)frame;
    log_line("power off");
    power_off();
}
