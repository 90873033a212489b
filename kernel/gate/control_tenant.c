// SPDX-License-Identifier: MIT
/*
 * The operator and its tenants. Numbers are looked up, structures copied and checked by who acts on them
 * (kernel/domain/tenant.h, kernel/channel/channel.h).
 */
#include "kernel/channel/channel.h"
#include "kernel/cpu/cpu.h"
#include "kernel/domain/tenant.h"
#include "kernel/gate/control_calls.h"
#include "kernel/log/log.h"
#include "kernel/mem/copy.h"
#include "kernel/network/policy.h"
#include "kernel/sched/thread.h"

#include <stddef.h>

#define COUNTS_MOST 64u /* in one query */

static struct tenant *tenant_of(uint32_t number) {
    return number < TENANT_MAX ? tenants[number] : NULL;
}

uint32_t control_tenant_create(struct gate_frame *frame) {
    struct tenant_configuration configuration;
    char reason[TENANT_REASON];
    enum status status = gate_copy_in(&configuration, frame->ebx, sizeof configuration);
    if (status != STATUS_OK)
        return status;
    status = tenant_create(&configuration, false, &frame->edx, reason);
    if (status != STATUS_OK)
        log_line("tenant refused: %s", reason);
    return status;
}

uint32_t control_tenant_destroy(struct gate_frame *frame) {
    return tenant_destroy(frame->ebx);
}

uint32_t control_tenant_restart(struct gate_frame *frame) {
    return tenant_restart(frame->ebx);
}

uint32_t control_tenant_set(struct gate_frame *frame) {
    struct tenant_changes changes;
    enum status status = gate_copy_in(&changes, frame->ebx, sizeof changes);
    if (status != STATUS_OK)
        return status;
    status = tenant_set(&changes);
    if (status != STATUS_OK)
        gate_copy_out(frame->ebx, &changes, sizeof changes);
    return status;
}

uint32_t control_tenant_status(struct gate_frame *frame) {
    struct tenant_status answer;
    uint32_t number = frame->ebx;
    enum status status;
    if (number == TENANT_BY_NAME) {
        status = gate_copy_in(&answer, frame->ecx, sizeof answer);
        const struct tenant *tenant =
            status == STATUS_OK ? tenant_named(answer.configuration.name) : NULL;
        if (!tenant)
            return status != STATUS_OK ? status : STATUS_GONE;
        number = tenant->number;
    }
    status = tenant_status(number, &answer);
    return status != STATUS_OK ? status : gate_copy_out(frame->ecx, &answer, sizeof answer);
}

uint32_t control_network_allow(struct gate_frame *frame) {
    return frame->edx > 1 ? STATUS_BAD_ARGUMENT
                          : policy_set(frame->ebx, frame->ecx, frame->edx != 0);
}

uint32_t control_channel_open(struct gate_frame *frame) {
    struct channel_offer offer;
    enum status status = gate_copy_in(&offer, frame->ebx, sizeof offer);
    if (status != STATUS_OK)
        return status;
    struct tenant *acceptor = tenant_of(offer.tenant);
    if (acceptor == NULL)
        return STATUS_BAD_HANDLE;
    return channel_open(this_cpu()->current->tenant, acceptor, &offer, &frame->edx);
}

/* The counters lie in the manager's own memory, where it said that they would be: its word, its numbers. */
static enum status read_counts(struct tenant *tenant, struct syscall_query *query) {
    uint32_t bytes = query->count * (uint32_t)sizeof(uint32_t);
    uint32_t offset = query->first * (uint32_t)sizeof(uint32_t);
    enum status status =
        tenant_copy_in(tenant, query->calls, tenant->registration.syscall_calls + offset, bytes);
    if (status != STATUS_OK)
        return status;
    return tenant_copy_in(tenant, query->unknown, tenant->registration.syscall_unknown + offset,
                          bytes);
}

uint32_t control_syscall_counts(struct gate_frame *frame) {
    struct syscall_query query;
    enum status status = gate_copy_in(&query, frame->ecx, sizeof query);
    if (status != STATUS_OK)
        return status;
    struct tenant *tenant = tenant_of(frame->ebx);
    if (tenant == NULL)
        return STATUS_BAD_HANDLE;
    if (query.count > COUNTS_MOST || query.first > SYSCALL_COUNTERS ||
        query.count > SYSCALL_COUNTERS - query.first)
        return STATUS_BAD_ARGUMENT;
    if (tenant->state != TENANT_RUNNING || tenant->registration.restart_end == 0)
        return STATUS_GONE;
    status = read_counts(tenant, &query);
    return status != STATUS_OK ? status : gate_copy_out(frame->ecx, &query, sizeof query);
}
