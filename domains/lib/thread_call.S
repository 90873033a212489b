// SPDX-License-Identifier: MIT
/*
 * The first instructions of a thread that runs a C function in ring 2.
 *
 *   at thread_call:  ESP + 4   argument
 *                    ESP + 0   function
 */
        .text
        .globl  thread_call
thread_call:
        xorl    %ebp, %ebp              # the end of every backtrace
        popl    %eax
        call    *%eax                   # function(argument)
        call    manager_lock
        call    thread_end              # does not return
        ud2
