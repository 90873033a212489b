// SPDX-License-Identifier: MIT
/*
 * The memory gate: frames and spaces of the calling tenant. The checks are kernel/mem/'s; here
 * arguments are copied in once and answers copied out.
 */
#include "kernel/cpu/cpu.h"
#include "kernel/defence.h"
#include "kernel/domain/tenant.h"
#include "kernel/fence/view.h"
#include "kernel/gate/gate.h"
#include "kernel/sched/thread.h"

#include <stddef.h>

static struct tenant *caller(void) {
    return this_cpu()->current->tenant;
}

static uint32_t call_bind(struct gate_frame *frame) {
    return frames_bind(caller(), frame->ebx, frame->ecx);
}

static uint32_t call_unbind(struct gate_frame *frame) {
    return frames_unbind(caller(), frame->ebx, frame->ecx);
}

static uint32_t call_space_create(struct gate_frame *frame) {
    return space_create(caller(), &frame->edx);
}

static uint32_t call_space_destroy(struct gate_frame *frame) {
    return space_destroy_slice(caller(), frame->ebx);
}

/* A single page's entry may come in registers: most page faults map one, and to fetch it costs a walk. */
static uint32_t call_space_map(struct gate_frame *frame) {
    const struct map_entry single = {.address = frame->esi, .frame = frame->edi};
    struct map_entry entries[MAP_BATCH];
    uint32_t count = frame->edx;
    enum status status;

    if (frame->ecx == 0)
        return count == 1 ? space_map(caller(), frame->ebx, &single, 1) : STATUS_BAD_ARGUMENT;
    if (count == 0 || (DEFENCE_MAP_BATCH_BOUND && count > MAP_BATCH))
        return STATUS_BAD_ARGUMENT;
    status = gate_copy_in(entries, frame->ecx, count * (uint32_t)sizeof entries[0]);
    if (status != STATUS_OK)
        return status;
    return space_map(caller(), frame->ebx, entries, count);
}

static uint32_t call_space_unmap(struct gate_frame *frame) {
    return space_unmap(caller(), frame->ebx, frame->ecx, frame->edx, &frame->edx);
}

static uint32_t call_space_activate(struct gate_frame *frame) {
    struct thread *thread = this_cpu()->current;
    struct space *space = frame->ebx == 0 ? NULL : space_find(thread->tenant, frame->ebx);

    if (frame->ebx != 0 && !space)
        return STATUS_BAD_HANDLE;
    if (space)
        space->threads++;
    if (thread->space)
        thread->space->threads--;
    thread->space = space;
    view_load_tenant(thread->tenant, space);
    return STATUS_OK;
}

static uint32_t call_status(struct gate_frame *frame) {
    struct memory_status status;

    tenant_fill_memory(caller(), &status);
    return gate_copy_out(frame->ebx, &status, sizeof status);
}

gate_handler *const memory_gate[MEMORY_CALL_COUNT] = {
    [MEMORY_NULL] = gate_null,
    [FRAME_BIND] = call_bind,
    [FRAME_UNBIND] = call_unbind,
    [SPACE_CREATE] = call_space_create,
    [SPACE_DESTROY] = call_space_destroy,
    [SPACE_MAP] = call_space_map,
    [SPACE_UNMAP] = call_space_unmap,
    [SPACE_ACTIVATE] = call_space_activate,
    [MEMORY_STATUS] = call_status,
};
