// SPDX-License-Identifier: MIT
/*
 * What the core tells of a thread: faults and pokes.
 *
 *   from ring 3   #PF ──> resolved, or SIGSEGV / SIGBUS, or the end of who takes most where no frame is left
 *                 others ──> the signal that Linux sends
 *                 poke ──> nothing to do here: the way back looks at the pending word
 *   from ring 2   #PF in a user copy ──> resolved, or its fixup; elsewhere the manager is broken
 */
#include "domains/linux/defence.h"
#include "domains/linux/entry/entry.h"

#include "domains/lib/lock.h"
#include "domains/lib/log.h"
#include "domains/linux/memory/space.h"
#include "domains/linux/memory/user_copy.h"
#include "domains/linux/process/memory_shortage.h"
#include "domains/linux/process/thread.h"
#include "domains/linux/signal/state.h"

#include <stddef.h>

enum {
    VECTOR_DIVIDE,
    VECTOR_DEBUG,
    VECTOR_BREAKPOINT = 3,
    VECTOR_OVERFLOW,
    VECTOR_BOUND,
    VECTOR_OPCODE,
    VECTOR_SEGMENT = 11,
    VECTOR_STACK,
    VECTOR_PROTECTION,
    VECTOR_PAGE,
    VECTOR_FPU = 16,
    VECTOR_ALIGNMENT,
    VECTOR_SIMD = 19
};

#define PAGE_ERROR_WRITE 2u
#define PAGE_ERROR_FETCH 16u

enum { SEGV_MAPERR = 1, SEGV_ACCERR };
enum { BUS_ADRALN = 1, BUS_ADRERR };
enum { FPE_INTDIV = 1, FPE_INTOVF, FPE_FLTINV = 7 };
enum { ILL_ILLOPN = 2 };
enum { TRAP_BRKPT = 1, TRAP_TRACE };

static uint32_t access_of(uint32_t error) {
    return error & PAGE_ERROR_WRITE ? PROT_WRITE : error & PAGE_ERROR_FETCH ? PROT_EXEC : PROT_READ;
}

static void force(int signal, int code, uint32_t address) {
    const struct signal_information information = {
        .signal = signal, .code = code, .fields = {address}};
    signal_force(&information);
}

/* ---- From ring 3 ----------------------------------------------------------------------------- */

static void page_fault(uint32_t address, uint32_t error) {
    struct process *process = current_process();
    switch (address_space_fault(process->space, address, access_of(error))) {
    case FAULT_RESOLVED:
        return;
    case FAULT_UNMAPPED:
        force(SIGSEGV, SEGV_MAPERR, address);
        return;
    case FAULT_FORBIDDEN:
        force(SIGSEGV, SEGV_ACCERR, address);
        return;
    case FAULT_BUS:
        force(SIGBUS, BUS_ADRERR, address);
        return;
    case FAULT_NO_MEMORY:
        (void)shortage_end_one(address); /* if it was another, the app faults again */
    }
}

static void exception(uint32_t vector, uint32_t eip) {
    switch (vector) {
    case VECTOR_DIVIDE:
        force(SIGFPE, FPE_INTDIV, eip);
        return;
    case VECTOR_FPU:
    case VECTOR_SIMD:
        force(SIGFPE, FPE_FLTINV, eip);
        return;
    case VECTOR_DEBUG:
        force(SIGTRAP, TRAP_TRACE, eip);
        return;
    case VECTOR_BREAKPOINT:
        force(SIGTRAP, SI_KERNEL, 0);
        return;
    case VECTOR_OPCODE:
        force(SIGILL, ILL_ILLOPN, eip);
        return;
    case VECTOR_SEGMENT:
    case VECTOR_STACK:
        force(SIGBUS, SI_KERNEL, 0);
        return;
    case VECTOR_ALIGNMENT:
        force(SIGBUS, BUS_ADRALN, 0);
        return;
    default:
        force(SIGSEGV, SI_KERNEL, 0);
    }
}

static void note_fault(uint32_t vector, uint32_t error, uint32_t address) {
    struct thread *thread = current_thread();
    thread->fault_vector = vector;
    thread->fault_error = error;
    thread->fault_address = address;
}

FROM_ASSEMBLY void upcall_from_app(struct registers *registers) {
    uint32_t vector = registers->ds, address = registers->es, error = registers->number;
    registers->ds = registers->es = SELECTOR_APP_DATA;
    registers->number = NO_SYSTEM_CALL;
    if (vector == UPCALL_POKE)
        return;
    manager_lock();
    note_fault(vector, error, address);
    if (vector == VECTOR_PAGE)
        page_fault(address, error);
    else
        exception(vector, registers->eip);
    manager_unlock();
}

/* ---- From ring 2 ----------------------------------------------------------------------------- */

static const struct user_copy_fixup *fixup_of(uint32_t instruction) {
    for (const struct user_copy_fixup *fixup = user_copy_fixups; fixup < user_copy_fixups_end;
         fixup++)
        if (fixup->instruction == instruction)
            return fixup;
    return NULL;
}

static bool resolve_for_copy(uint32_t address, uint32_t error) {
    struct process *process = current_process();
    if (process == NULL || process->space == NULL)
        return false;
    manager_lock();
    enum fault_result result =
        address_space_fault(process->space, address, access_of(error) & ~PROT_EXEC);
    bool again = result == FAULT_NO_MEMORY && shortage_end_one(address);
    manager_unlock();
    return again || result == FAULT_RESOLVED;
}

FROM_ASSEMBLY void upcall_in_manager(struct upcall_frame *frame) {
    const struct user_copy_fixup *fixup = fixup_of(frame->eip);
    if (frame->vector != VECTOR_PAGE || fixup == NULL || manager_lock_is_mine())
        panic("vector %u at %08x in the manager, address %08x", frame->vector, frame->eip,
              frame->address);
    if (!resolve_for_copy(frame->address, frame->error))
        frame->eip = fixup->resume;
}

/* ---- Segments -------------------------------------------------------------------------------- */

static bool is_readable(uint32_t selector) {
    bool yes;
    __asm__ volatile("verr %w1" : "=@ccz"(yes) : "r"(selector));
    return yes;
}

static bool is_app_stack(uint32_t selector) {
    bool writable;
    __asm__ volatile("verw %w1" : "=@ccz"(writable) : "r"(selector));
    return writable && (selector & 3) == 3;
}

/* A null DS or ES faults when the app uses it; SS must be a real one for the iret. */
FROM_ASSEMBLY void selectors_repair(struct registers *registers) {
    if (!DEFENCE_SIGNAL_SELECTORS)
        return;
    if (!is_readable(registers->ds))
        registers->ds = 0;
    if (!is_readable(registers->es))
        registers->es = 0;
    if (is_app_stack(registers->ss))
        return;
    registers->ss = SELECTOR_APP_DATA;
    manager_lock();
    force(SIGSEGV, SI_KERNEL, 0);
    manager_unlock();
}
