// SPDX-License-Identifier: MIT
/*
 * An app's registers on its ring-2 stack, the same for int 0x80, lcall and upcalls.
 *
 *   offset             who put it there                      upcall: as the core pushed it
 *   60  thread_control (domains/lib/thread.h)
 *   56  SS     ┐
 *   52  ESP    │
 *   48  EFLAGS │ the CPU, or entry_lcall
 *   44  CS     │
 *   40  EIP    ┘
 *   36  number           system call, or NO_SYSTEM_CALL      error code
 *   32  ES                                                   address
 *   28  DS                                                   vector
 *   24  EAX
 *   20  EBP
 *   16  EDI
 *   12  ESI
 *    8  EDX
 *    4  ECX
 *    0  EBX  <- ESP
 */
#ifndef DOMAINS_LINUX_ENTRY_REGISTERS_H
#define DOMAINS_LINUX_ENTRY_REGISTERS_H

#define REGISTERS_BYTES 60
#define REGISTER_EBP    20
#define REGISTER_EAX    24
#define REGISTER_DS     28
#define REGISTER_ES     32
#define REGISTER_NUMBER 36
#define REGISTER_EIP    40
#define REGISTER_CS     44
#define REGISTER_SS     56
#define UPCALL_CS       16 /* offset in struct upcall_frame */
/* From the iret frame to the control words' flag, at the top of the stack. */
#define PENDING_FROM_IRET (REGISTERS_BYTES - REGISTER_EIP + CONTROL_PENDING)

#define FLAG_FIXED     0x0002
#define FLAG_TRAP      0x0100
#define FLAG_INTERRUPT 0x0200
#define FLAG_DIRECTION 0x0400

#include "domains/lib/thread.h"

#ifndef __ASSEMBLER__

#include <stddef.h>
#include <stdint.h>

#define NO_SYSTEM_CALL 0xFFFFFFFFu

struct registers {
    uint32_t ebx, ecx, edx, esi, edi, ebp, eax;
    uint32_t ds, es; /* only the low halves of the selectors count */
    uint32_t number;
    uint32_t eip, cs, eflags, esp, ss;
};

_Static_assert(sizeof(struct registers) == REGISTERS_BYTES, "known to assembly");
_Static_assert(offsetof(struct registers, ebp) == REGISTER_EBP, "known to assembly");
_Static_assert(offsetof(struct registers, eax) == REGISTER_EAX, "known to assembly");
_Static_assert(offsetof(struct registers, ds) == REGISTER_DS, "known to assembly");
_Static_assert(offsetof(struct registers, number) == REGISTER_NUMBER, "known to assembly");
_Static_assert(offsetof(struct registers, eip) == REGISTER_EIP, "known to assembly");
_Static_assert(offsetof(struct registers, ss) == REGISTER_SS, "known to assembly");

/* What an app may set in its own flags: CF PF AF ZF SF TF DF OF RF AC. */
#define FLAGS_OF_APP 0x00050DD5u

/* Of the thread whose ring-2 stack this is; valid while the thread is in ring 2. */
static inline struct registers *thread_registers(struct thread_control *control) {
    return (struct registers *)((char *)control - REGISTERS_BYTES);
}

#endif
#endif
