// SPDX-License-Identifier: MIT
/*
 * Who is at fault.
 *
 *   CPL 1                        the driver: it crashes, and is restarted
 *   CPL 2, page fault below 2 GiB  a user copy: the manager hears of it and retries or answers EFAULT
 *   CPL 2, single step           an app's TF that came through the lcall gate: cleared, and it goes on
 *   CPL 2, anything else         the manager: its tenant dies
 *   CPL 3, the CPU could not enter ring 2 (bad ring-2 stack)   the manager: its tenant dies
 *   CPL 3, #GP(0), a TLS segment cut at the fence              nobody: the other half is put in, and it goes on
 *   CPL 3, anything else         the app: the manager hears of it and sends a signal
 *   virtual-8086 mode            the app: #GP, as its `iret` should have been
 *
 * Nothing here panics: whatever an outer ring did, an outer ring pays.
 */
#include "kernel/cpu/core_lock.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/descriptor.h"
#include "kernel/cpu/registers.h"
#include "kernel/cpu/trap.h"
#include "kernel/cpu/upcall.h"
#include "kernel/defence.h"
#include "kernel/domain/driver.h"
#include "kernel/domain/tenant.h"
#include "kernel/fault/injector.h"
#include "kernel/fence/fence.h"
#include "kernel/log/log.h"
#include "kernel/sched/scheduler.h"

#include <stddef.h>

#define VECTOR_DEBUG       1
#define VECTOR_INVALID_TSS 10
#define VECTOR_STACK       12
#define VECTOR_PROTECTION  13
#define VECTOR_PAGE        14
#define PAGE_ERROR_USER    4u
#define RPL(selector)      ((selector)&3)
#define CAUSE_BYTES        96

const char *exception_name(uint32_t vector) {
    static const char *const names[] = {
        "#DE divide error",
        "#DB debug",
        "NMI",
        "#BP breakpoint",
        "#OF overflow",
        "#BR bound",
        "#UD invalid opcode",
        "#NM FPU used",
        "#DF double fault",
        "FPU segment",
        "#TS invalid TSS",
        "#NP segment not present",
        "#SS stack segment",
        "#GP general protection",
        "#PF page fault",
        "reserved",
        "#MF FPU error",
        "#AC alignment",
        "#MC machine check",
        "#XM SIMD error",
    };

    return vector < sizeof names / sizeof names[0] ? names[vector] : "exception";
}

/* Ring, segment, address and cause, in words, for the log and the operator. */
static void describe(char *cause, const struct trap_frame *frame, uint32_t address) {
    if (frame->vector == VECTOR_PAGE)
        format_text(cause, CAUSE_BYTES, "ring %u: %s at %04x:%08x, %s %08x (error %x)",
                    RPL(frame->cs), exception_name(frame->vector), frame->cs & 0xFFFF, frame->eip,
                    frame->error & 16  ? "fetching"
                    : frame->error & 2 ? "writing"
                                       : "reading",
                    address, frame->error);
    else
        format_text(cause, CAUSE_BYTES, "ring %u: %s at %04x:%08x (error %x)", RPL(frame->cs),
                    exception_name(frame->vector), frame->cs & 0xFFFF, frame->eip, frame->error);
}

/* `int 0x80` onto a ring-2 stack that is not there shows the app's CS, but the CPU, not the app, did the
 * access: the page fault is a supervisor's, the stack fault names a selector. */
static bool is_ring2_stack_fault(const struct trap_frame *frame) {
    switch (frame->vector) {
    case VECTOR_PAGE:
        return !(frame->error & PAGE_ERROR_USER);
    case VECTOR_STACK:
    case VECTOR_INVALID_TSS:
        return (frame->error & 0xFFFC) == (SELECTOR_MANAGER_DATA & 0xFFFC);
    default:
        return false;
    }
}

static uint32_t register_sum(const struct trap_frame *frame) {
    return frame->eax + frame->ecx * 3 + frame->edx * 5 + frame->ebx * 7 + frame->esi * 11 +
           frame->edi * 13 + frame->ebp * 17 + frame->esp * 19;
}

static int tls_slot_of(uint32_t selector) {
    uint32_t index = (selector & 0xFFFF) >> 3;

    if (selector & 4 || index < TLS_FIRST_INDEX || index >= TLS_FIRST_INDEX + TLS_SLOT_COUNT)
        return -1;
    return (int)(index - TLS_FIRST_INDEX);
}

/* Flips the TLS segments that are loaded between their two halves and says whether to try again. The same
 * instruction with the same registers a second time is a real fault. */
static bool flip_tls(struct thread *thread) {
    const struct trap_frame *frame = &thread->frame;
    int slots[2] = {tls_slot_of(frame->gs), tls_slot_of(frame->fs)};
    uint32_t registers = register_sum(frame);
    bool flipped = false;

    if (thread->flip_eip == frame->eip && thread->flip_registers == registers) {
        thread->flip_eip = 0;
        return false;
    }
    for (uint32_t i = 0; i < 2; i++) {
        if (slots[i] < 0 || thread->tls[slots[i]] == 0 || (i == 1 && slots[1] == slots[0]))
            continue;
        uint64_t *descriptor = &thread->tls[slots[i]];
        *descriptor = tls_cut(*descriptor, tls_half_of(*descriptor) == TLS_UP ? TLS_DOWN : TLS_UP);
        flipped = true;
    }
    thread->flip_eip = frame->eip;
    thread->flip_registers = registers;
    this_cpu()->resumed = NULL; /* load the segments anew */
    return flipped;
}

static void tenant_fault(struct thread *thread, uint32_t address) {
    const struct trap_frame *frame = &thread->frame;
    char cause[CAUSE_BYTES];
    bool from_app = RPL(frame->cs) == 3;

    if (DEFENCE_MANAGER_DEBUG_WINDOW && !from_app && frame->vector == VECTOR_DEBUG) {
        thread->frame.eflags &= ~EFLAGS_TF;
        return;
    }
    if (from_app && frame->vector == VECTOR_PROTECTION && frame->error == 0 &&
        fence_uses_segments() && flip_tls(thread))
        return;
    if (from_app ? !is_ring2_stack_fault(frame)
                 : frame->vector == VECTOR_PAGE && address < APP_LIMIT) {
        upcall_fault(thread, frame->vector, frame->vector == VECTOR_PAGE ? address : 0,
                     frame->error);
        return;
    }
    describe(cause, frame, address);
    tenant_kill(thread->tenant, cause);
}

void fault_from_outer(struct thread *thread) {
    uint32_t address = read_cr2();
    char cause[CAUSE_BYTES];

    if (injector_trapped(thread))
        return;
    if (thread->tenant) {
        tenant_fault(thread, address);
        return;
    }
    describe(cause, &thread->frame, address);
    driver_crash(thread->driver, cause);
}

/* Outside of ring 0 `iret` leaves VM alone. Under TCG it does not, and the mode is ring 3 whatever CS seems to
 * say. The thread is told of it as an app, with segments that are its own again. */
void fault_in_virtual_mode(struct thread *thread) {
    struct trap_frame *frame = &thread->frame;

    if (thread->driver) {
        driver_crash(thread->driver, "ring 1: virtual-8086 mode");
        return;
    }
    frame->eflags &= ~EFLAGS_VM;
    frame->cs = SELECTOR_APP_CODE;
    frame->ss = SELECTOR_APP_DATA;
    upcall_fault(thread, VECTOR_PROTECTION, 0, 0);
}

static void domain_is_lost(struct thread *thread) {
    if (thread->tenant)
        tenant_kill(thread->tenant, "ring 2: returned from the core to where its segments end");
    else
        driver_crash(thread->driver, "ring 1: returned from the core to where its segments end");
}

/* In both: another CPU may have taken the thread away meanwhile. */

/* The domain's own EIP, CS, SS or ESP is what was wrong: an app hears of it as of any #GP. */
void fault_at_resume(void) {
    struct thread *thread;

    core_lock_take();
    thread = this_cpu()->current;
    if (thread == NULL)
        scheduler_run();
    if (thread->tenant && RPL(thread->frame.cs) == 3)
        upcall_fault(thread, VECTOR_PROTECTION, 0, 0);
    else
        domain_is_lost(thread);
    scheduler_run();
}

void fault_at_gate_return(void) {
    core_lock_take();
    if (this_cpu()->current)
        domain_is_lost(this_cpu()->current);
    scheduler_run();
}
