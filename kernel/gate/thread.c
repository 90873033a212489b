// SPDX-License-Identifier: MIT
/*
 * The thread gate: threads of the calling tenant, and the manager's word about itself.
 */
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/descriptor.h"
#include "kernel/cpu/tables.h"
#include "kernel/defence.h"
#include "kernel/dev/clock.h"
#include "kernel/domain/tenant.h"
#include "kernel/fence/fence.h"
#include "kernel/gate/gate.h"
#include "kernel/log/log.h"
#include "kernel/mem/table.h"
#include "kernel/sched/placement.h"
#include "kernel/sched/scheduler.h"

#include <stddef.h>

#define WEIGHT_MOST 1000u
#define TEXT_MOST   160u
#define ACCESSED    (1ull << 40)

static struct thread *caller(void) {
    return this_cpu()->current;
}

static uint64_t wide(uint32_t low, uint32_t high) {
    return (uint64_t)high << 32 | low;
}

static uint32_t call_self(struct gate_frame *frame) {
    frame->edx = caller()->by_handle.key;
    return STATUS_OK;
}

static uint32_t call_create(struct gate_frame *frame) {
    struct thread_start start;
    struct thread *made;
    enum status status = gate_copy_in(&start, frame->ebx, sizeof start);

    if (status == STATUS_OK)
        status = thread_create(caller()->tenant, &start, &made);
    if (status == STATUS_OK)
        frame->edx = made->by_handle.key;
    return status;
}

static uint32_t call_exit(struct gate_frame *frame) {
    (void)frame;
    thread_destroy(caller());
    return GATE_SWITCH;
}

/* When to wake who sleeps until `deadline`: the lead is for those who have reserved time to wait out the rest. */
static uint64_t wake_time(const struct thread *thread, uint64_t deadline) {
    uint32_t lead = thread->tenant->share.reservation ? THREAD_BLOCK_LEAD : 0;

    return deadline == DEADLINE_NEVER || deadline < lead ? deadline : deadline - lead;
}

/* Compare and block, in one: nothing of this tenant runs between the two. */
static uint32_t call_block(struct gate_frame *frame) {
    struct thread *thread = caller();
    uint64_t wake = wake_time(thread, wide(frame->edx, frame->esi));
    uint32_t value;

    if (DEFENCE_WORD_ALIGNED && frame->ebx % sizeof value)
        return STATUS_BAD_ADDRESS;
    if (tenant_copy_word(thread->tenant, &value, frame->ebx) != STATUS_OK)
        return STATUS_BAD_ADDRESS;
    if (thread->poked) {
        thread->poked = false;
        return STATUS_INTERRUPTED;
    }
    if (value != frame->ecx)
        return STATUS_AGAIN;
    if (wake != DEADLINE_NEVER && wake <= clock_now())
        return STATUS_TIMED_OUT;
    scheduler_block_current(frame->ebx, wake);
    return GATE_SWITCH;
}

static uint32_t call_wake(struct gate_frame *frame) {
    frame->edx = thread_wake_word(caller()->tenant, frame->ebx, frame->ecx);
    return STATUS_OK;
}

static uint32_t call_poke(struct gate_frame *frame) {
    struct thread *target = thread_find(caller()->tenant, frame->ebx);

    if (target == NULL)
        return STATUS_BAD_HANDLE;
    if (target->state == THREAD_BLOCKED) {
        thread_wake(target, STATUS_INTERRUPTED, 0);
        return STATUS_OK;
    }
    target->poked = true;
    scheduler_interrupt(target);
    return STATUS_OK;
}

static uint32_t call_yield(struct gate_frame *frame) {
    (void)frame;
    scheduler_yield();
    return STATUS_OK;
}

static uint32_t call_cpu(struct gate_frame *frame) {
    frame->edx = this_cpu()->number;
    return STATUS_OK;
}

static uint32_t call_barrier(struct gate_frame *frame) {
    (void)frame;
    scheduler_call_in(caller()->tenant);
    return STATUS_OK;
}

static uint32_t call_set_tls(struct gate_frame *frame) {
    struct thread *thread = caller();
    uint64_t descriptor = wide(frame->ecx, frame->edx);
    enum status status = tls_check(descriptor);

    if (DEFENCE_TLS_SLOT_BOUND && frame->ebx >= TLS_SLOT_COUNT)
        return STATUS_BAD_ARGUMENT;
    if (status != STATUS_OK)
        return status;
    if (DEFENCE_TLS_CUT && fence_uses_segments())
        descriptor = tls_cut(descriptor, TLS_UP);
    else if (DEFENCE_TLS_ACCESSED && descriptor)
        descriptor |= ACCESSED;
    thread->tls[frame->ebx] = descriptor;
    thread->flip_eip = 0;
    tables_set_tls(thread->tls);
    return STATUS_OK;
}

static uint32_t call_times(struct gate_frame *frame) {
    struct thread *target = thread_find(caller()->tenant, frame->ebx);
    struct thread_times times;

    if (target == NULL)
        return STATUS_BAD_HANDLE;
    scheduler_account_all();
    times = (struct thread_times){target->app_time, target->manager_time};
    return gate_copy_out(frame->ecx, &times, sizeof times);
}

static uint32_t call_set_weight(struct gate_frame *frame) {
    struct thread *target = thread_find(caller()->tenant, frame->ebx);

    if (target == NULL)
        return STATUS_BAD_HANDLE;
    if (DEFENCE_WEIGHT_BOUND && (frame->ecx == 0 || frame->ecx > WEIGHT_MOST))
        return STATUS_BAD_ARGUMENT;
    target->weight = (uint16_t)frame->ecx;
    return STATUS_OK;
}

static uint32_t call_place(struct gate_frame *frame) {
    struct thread *target = thread_find(caller()->tenant, frame->ebx);
    struct thread_placement wanted;
    enum status status = gate_copy_in(&wanted, frame->ecx, sizeof wanted);

    if (target == NULL)
        return STATUS_BAD_HANDLE;
    return status == STATUS_OK ? placement_set(target, &wanted) : status;
}

static bool in_manager(uint32_t address) {
    return address >= MANAGER_BASE && address < MANAGER_LIMIT;
}

static uint32_t call_register(struct gate_frame *frame) {
    struct tenant *tenant = caller()->tenant;
    struct manager_registration wanted;
    enum status status = gate_copy_in(&wanted, frame->ebx, sizeof wanted);

    if (status != STATUS_OK)
        return status;
    if (tenant->registration.restart_end)
        return STATUS_BUSY;
    if (!in_manager(wanted.restart_start) || !in_manager(wanted.restart_end - 1) ||
        wanted.restart_start >= wanted.restart_end)
        return STATUS_BAD_ADDRESS;
    tenant->registration = wanted;
    return STATUS_OK;
}

/* Copies at most `room` - 1 characters of the caller's text; unprintable ones become dots. */
static enum status copy_text(char *to, uint32_t room, uint32_t from, uint32_t bytes) {
    enum status status;

    if (DEFENCE_TEXT_BOUND && bytes >= room)
        return STATUS_BAD_ARGUMENT;
    status = gate_copy_in(to, from, bytes);
    if (status != STATUS_OK)
        return status;
    for (uint32_t i = 0; i < bytes; i++)
        if (DEFENCE_LOG_PRINTABLE && (to[i] < ' ' || to[i] > '~'))
            to[i] = '.';
    to[bytes] = '\0';
    return STATUS_OK;
}

static uint32_t call_log(struct gate_frame *frame) {
    struct tenant *tenant = caller()->tenant;
    char text[TEXT_MOST + 1];
    enum status status = copy_text(text, sizeof text, frame->ebx, frame->ecx);
    uint32_t dropped;

    if (status != STATUS_OK)
        return status;
    if (!log_limit_pass(&tenant->log_limit, clock_now(), &dropped))
        return STATUS_FULL;
    if (dropped > 0)
        log_tenant(tenant->number, "%s: %u lines dropped", tenant->configuration.name, dropped);
    log_tenant(tenant->number, "%s: %s", tenant->configuration.name, text);
    return STATUS_OK;
}

static uint32_t call_manager_exit(struct gate_frame *frame) {
    struct tenant *tenant = caller()->tenant;
    char text[sizeof tenant->last_death];
    enum status status = copy_text(text, sizeof text, frame->ecx, frame->edx);

    if (status != STATUS_OK)
        return status;
    if (frame->ebx > MANAGER_PANIC)
        return STATUS_BAD_ARGUMENT;
    tenant->exit_kind = frame->ebx;
    tenant_kill(tenant, text);
    return GATE_SWITCH;
}

gate_handler *const thread_gate[THREAD_CALL_COUNT] = {
    [THREAD_SELF] = call_self,       [THREAD_CREATE] = call_create,
    [THREAD_EXIT] = call_exit,       [THREAD_BLOCK] = call_block,
    [THREAD_WAKE] = call_wake,       [THREAD_POKE] = call_poke,
    [THREAD_YIELD] = call_yield,     [THREAD_SET_TLS] = call_set_tls,
    [THREAD_TIMES] = call_times,     [THREAD_SET_WEIGHT] = call_set_weight,
    [THREAD_CPU] = call_cpu,         [THREAD_PLACE] = call_place,
    [THREAD_BARRIER] = call_barrier, [MANAGER_REGISTER] = call_register,
    [MANAGER_LOG] = call_log,        [MANAGER_EXIT] = call_manager_exit,
};
