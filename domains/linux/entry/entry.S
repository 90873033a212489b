// SPDX-License-Identifier: MIT
/*
 * The way in from ring 3 and the way back. The stack is drawn in registers.h.
 *
 * The way back ends in a range of instructions that the core can restart (kernel/abi/upcall.h).
 * When it begins, ESP already points at what `iret` pops, and the registers are read from below
 * ESP:
 *
 *   ESP + 24   thread_control.pending   not 0: leave the range and do the pending work
 *   ESP +  0   EIP, CS, EFLAGS, ESP, SS
 *   ESP -  4   number, ES, DS, EAX, EBP, EDI, ESI, EDX, ECX, EBX
 *
 * Nothing of ours pushes in the range, an interrupt pushes on ring 0's stack, and an upcall at CPL
 * 2 happens in user copies alone. So a restart at any instruction finds all it needs.
 */
#include "domains/linux/defence.h"
#include "domains/linux/entry/registers.h"

#include "kernel/abi/selector.h"
#include "kernel/abi/upcall.h"

#define FROM_IRET(offset) (offset - REGISTER_EIP)

        .text
/* lcall from ring 3: EIP CS ESP SS lie on the stack, without EFLAGS between. Four exchanges turn
 *
 *   EAX FL EIP CS ESP SS   into   EIP CS FL ESP SS   with EAX as it was: the frame of int 0x80
 */
        .globl  entry_lcall
        .balign 16
entry_lcall:
        pushfl                          # FL  EIP CS ESP SS
        xchgl   %eax, (%esp)            # EAX EIP CS ESP SS    %eax = FL
        xchgl   %eax, 8(%esp)           # EAX EIP FL ESP SS    %eax = CS
        xchgl   %eax, 4(%esp)           # EAX CS  FL ESP SS    %eax = EIP
        xchgl   %eax, (%esp)            # EIP CS  FL ESP SS    %eax = EAX

        .globl  entry_int80
        .balign 16
entry_int80:
        pushl   %eax                    # number
        pushl   %es
        pushl   %ds
        pushl   %eax
        pushl   %ebp
        pushl   %edi
        pushl   %esi
        pushl   %edx
        pushl   %ecx
        pushl   %ebx
#if DEFENCE_ENTRY_FLAGS
        pushl   $FLAG_FIXED
        popfl                           # TF, DF, NT and AC came with the app
#endif
        movl    $SELECTOR_MANAGER_DATA, %ecx
        movl    %ecx, %ds
        movl    %ecx, %es
        movl    %esp, %eax
        cmpw    $SELECTOR_APP_CODE, REGISTER_CS(%esp)
        jne     entered_from_inside     # ring 2 itself took the gate
        movl    REGISTER_NUMBER(%esp), %ecx
        cmpl    $SYSCALL_COUNTERS, %ecx
        jae     slow_call
        movl    fast_calls(,%ecx,4), %edx
        testl   %edx, %edx
        jz      slow_call
        incl    system_call_counts(,%ecx,4)
        .rept   6                       # EBP, EDI, ESI, EDX, ECX, EBX: what was pushed moves the next one here
        pushl   REGISTER_EBP(%esp)
        .endr
        call    *%edx
        addl    $REGISTER_EBP + 4, %esp
        movl    %eax, REGISTER_EAX(%esp)

return_to_app:
        cmpw    $SELECTOR_APP_DATA, REGISTER_DS(%esp)
        jne     odd_selectors
        cmpw    $SELECTOR_APP_DATA, REGISTER_ES(%esp)
        jne     odd_selectors
        cmpw    $SELECTOR_APP_DATA, REGISTER_SS(%esp)
        jne     odd_selectors
selectors_fit:
        addl    $REGISTER_EIP, %esp     # ESP = what iret pops
        .globl  exit_range, exit_range_end
exit_range:
        cmpl    $0, PENDING_FROM_IRET(%esp)
        jne     exit_with_work
        movw    FROM_IRET(REGISTER_ES)(%esp), %es
        movw    FROM_IRET(REGISTER_DS)(%esp), %ds
        movl    FROM_IRET(0)(%esp), %ebx
        movl    FROM_IRET(4)(%esp), %ecx
        movl    FROM_IRET(8)(%esp), %edx
        movl    FROM_IRET(12)(%esp), %esi
        movl    FROM_IRET(16)(%esp), %edi
        movl    FROM_IRET(20)(%esp), %ebp
        movl    FROM_IRET(24)(%esp), %eax
        iretl
exit_range_end:

slow_call:
        call    system_call
        jmp     return_to_app

/* DS, ES or SS is not the usual one: what cannot be loaded is replaced, so that the loads above and
 * the iret cannot fault in ring 2. */
odd_selectors:
        movl    %esp, %eax
        call    selectors_repair
        jmp     selectors_fit

/* A signal, a stop or the end of the process. DS and ES may be the app's already. */
exit_with_work:
        subl    $REGISTER_EIP, %esp     # ESP = struct registers again
        movl    $SELECTOR_MANAGER_DATA, %eax
        movl    %eax, %ds
        movl    %eax, %es
        movl    %esp, %eax
        call    return_with_work
        jmp     return_to_app

/* From the core: vector, address, error below an iret frame, of ring 3 (on a fresh stack) or of
 * ring 2 (in a user copy, on the stack in use). DS and ES are the manager's. */
        .globl  entry_upcall
        .balign 16
entry_upcall:
        cmpw    $SELECTOR_APP_CODE, UPCALL_CS(%esp)
        jne     inside
        pushl   %eax                    # vector, address and error lie where DS, ES and number go
        pushl   %ebp
        pushl   %edi
        pushl   %esi
        pushl   %edx
        pushl   %ecx
        pushl   %ebx
        movl    %esp, %eax
        call    upcall_from_app         # takes the three, and puts selectors and number there
        jmp     return_to_app
inside:
        pushal
        leal    32(%esp), %eax          # struct upcall_frame, above what pushal pushed
        call    upcall_in_manager       # retry: nothing changed; give up: EIP is the fixup's
        popal
        addl    $12, %esp               # vector, address, error
        iretl

/* A new thread's first instructions: EAX = struct thread, ESP = its struct registers. */
        .globl  thread_to_app
        .balign 16
thread_to_app:
        xorl    %ebp, %ebp              # the end of every backtrace
        call    thread_started
        jmp     return_to_app
