// SPDX-License-Identifier: MIT
/*
 * The ways in from ring 3. Only one attack has an app (app.S), which comes back by int 0x80 with
 * its result in EAX; an upcall means that it faulted.
 *
 *   upcall:  vector <- ESP, address, error, EIP, CS, EFLAGS, ESP, SS
 */
#include "kernel/abi/selector.h"

        .text
        .globl  entry_int80, entry_lcall, entry_upcall
entry_int80:
        movl    $SELECTOR_MANAGER_DATA, %ecx
        movl    %ecx, %ds
        movl    %ecx, %es
        cld
        pushl   %eax
        call    app_returned            # does not return
entry_lcall:
        ud2                             # no app of ours calls by it
entry_upcall:
        cmpl    $0, app_survives
        jne     skip_instruction
        movl    %esp, %eax
        pushl   %eax
        call    app_faulted             # does not return

/* The app goes on behind the instruction that faulted, two bytes long if it is MOV to a segment register (8E), else
 * three, and finds EAX = 1. */
skip_instruction:
        movl    12(%esp), %eax          # EIP
        cmpb    $0x8E, (%eax)
        setne   %al
        movzbl  %al, %eax
        leal    2(%eax), %eax
        addl    %eax, 12(%esp)
        movl    $1, %eax
        addl    $12, %esp               # vector, address, error
        iretl
