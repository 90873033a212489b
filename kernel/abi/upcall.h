// SPDX-License-Identifier: MIT
/*
 * How the core calls a manager.
 *
 * For a page fault, an exception or a poke the core pushes a frame on a ring-2 stack and sends the
 * thread to MANAGER_ENTRY_UPCALL, with the manager's CS, SS, DS and ES; the manager leaves by `iret`
 * after it has dropped `vector`, `error` and `address`.
 *
 *   fault at CPL 3: on a fresh stack from ESP2         fault at CPL 2: on the stack in use
 *
 *        SS      ┐                                          EFLAGS ┐
 *        ESP     │ as the CPU pushes them                   CS     │
 *        EFLAGS  │                                          EIP    ┘
 *        CS      │                                          error
 *        EIP     ┘                                          address (CR2)
 *        error                                              vector  <- ESP
 *        address (CR2; 0 if not a page fault)
 *        vector  <- ESP
 *
 * Vectors below 32 are the CPU's. A fault at CPL 2 is upcalled only for page faults (#PF) whose address
 * is below APP_LIMIT, i.e. in copy_in and copy_out; any other fault of a manager kills its tenant.
 *
 * A poke sets the thread's poked flag. The next of these consumes it:
 *   - running or ready at CPL 3: an upcall with UPCALL_POKE before the next app instruction;
 *   - EIP inside the registered restart range at CPL 2: EIP is set to the range's start, ESP is left
 *     as it is (nothing in the range changes ESP, or memory, before the `iret` at its end);
 *   - THREAD_BLOCK: answers STATUS_INTERRUPTED;
 *   - anywhere else in ring 2 the flag stays, until one of the above.
 * The manager keeps its own pending word and checks it as the first thing in its restart range, so a
 * poke can come early or twice, but never be lost.
 */
#ifndef KERNEL_ABI_UPCALL_H
#define KERNEL_ABI_UPCALL_H

#define SYSCALL_COUNTERS 512

#ifndef __ASSEMBLER__

#include <stdint.h>

#define UPCALL_POKE 0x100u

struct upcall_frame {
    uint32_t vector;
    uint32_t address;
    uint32_t error; /* the CPU's error code; for #PF: 1 present, 2 write, 4 user, 16 fetch */
    uint32_t eip, cs, eflags;
    uint32_t esp, ss; /* only if cs has RPL 3 */
};

/* What a manager tells the core about itself, once. */
struct manager_registration {
    uint32_t restart_start; /* the restart range: [start, end) of EIPs in the manager's text */
    uint32_t restart_end;
    uint32_t
        syscall_calls; /* addresses of uint32_t[SYSCALL_COUNTERS] in the manager's image: calls */
    uint32_t syscall_unknown; /* per number, and how many of them were answered ENOSYS */
};

enum manager_exit { MANAGER_HALT, MANAGER_REBOOT, MANAGER_PANIC };

#endif
#endif
