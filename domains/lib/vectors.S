// SPDX-License-Identifier: MIT
/*
 * The first bytes of every manager, at the addresses that kernel/abi/layout.h promises, and the
 * first instruction of its first thread.
 *
 *   MANAGER_BASE + 0x00   int 0x80 from ring 3
 *   MANAGER_BASE + 0x20   lcall from ring 3
 *   MANAGER_BASE + 0x40   upcall from the core
 *
 * The personality defines entry_int80, entry_lcall, entry_upcall and manager_start(argument).
 */
        .section .vectors, "ax"
        .balign 32
        jmp     entry_int80
        .balign 32
        jmp     entry_lcall
        .balign 32
        jmp     entry_upcall

        .text
        .globl  start
start:                                  # EAX = argument, ESP = top of the first stack
        andl    $-16, %esp
        subl    $16, %esp               # struct thread_control lies at the top (thread.h)
        xorl    %ebp, %ebp              # the end of every backtrace
        pushl   %eax
        call    manager_start           # does not return
        ud2
