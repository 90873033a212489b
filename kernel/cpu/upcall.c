// SPDX-License-Identifier: MIT
/*
 * Pushing upcall frames. The ring-2 stack belongs to the tenant, so it is written through the tenant's page
 * tables, checked like any pointer from outside; a bad one costs the tenant its life and nobody else anything.
 */
#include "kernel/cpu/upcall.h"

#include "kernel/cpu/cpu.h"
#include "kernel/cpu/registers.h"
#include "kernel/domain/tenant.h"
#include "kernel/sched/thread.h"

#include <stddef.h>

#define RPL(selector) ((selector)&3)

static bool enter_manager(struct thread *thread, const struct upcall_frame *upcall, uint32_t top,
                          uint32_t bytes) {
    struct trap_frame *frame = &thread->frame;

    if (thread->tenant->registration.restart_end == 0) {
        tenant_kill(thread->tenant, "upcall before the manager has registered");
        return false;
    }
    if (tenant_copy_out(thread->tenant, top - bytes, upcall, bytes) != STATUS_OK) {
        tenant_kill(thread->tenant, "its ring-2 stack is not writable");
        return false;
    }
    frame->eip = MANAGER_ENTRY_UPCALL;
    frame->cs = SELECTOR_MANAGER_CODE;
    frame->ss = frame->ds = frame->es = SELECTOR_MANAGER_DATA;
    frame->esp = top - bytes;
    frame->eflags = EFLAGS_OUTER;
    this_cpu()->upcalls++;
    return true;
}

bool upcall_fault(struct thread *thread, uint32_t vector, uint32_t address, uint32_t error) {
    const struct trap_frame *frame = &thread->frame;
    bool from_app = RPL(frame->cs) == 3;
    const struct upcall_frame upcall = {
        .vector = vector,
        .address = address,
        .error = error,
        .eip = frame->eip,
        .cs = frame->cs,
        .eflags = frame->eflags,
        .esp = frame->esp,
        .ss = frame->ss,
    };

    if (from_app)
        return enter_manager(thread, &upcall, thread->stack_top, sizeof upcall);
    return enter_manager(thread, &upcall, frame->esp, offsetof(struct upcall_frame, esp));
}

bool upcall_poke(struct thread *thread) {
    struct trap_frame *frame = &thread->frame;
    const struct manager_registration *manager = &thread->tenant->registration;

    if (RPL(frame->cs) == 3) {
        thread->poked = false;
        return upcall_fault(thread, UPCALL_POKE, 0, 0);
    }
    if (frame->eip >= manager->restart_start && frame->eip < manager->restart_end) {
        thread->poked = false;
        frame->eip = manager->restart_start;
    }
    return true;
}
