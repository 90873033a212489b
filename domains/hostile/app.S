// SPDX-License-Identifier: MIT
/*
 * Ring 3 on a 16-bit stack segment. ESP's upper half is cleared, then watched: once an interrupt
 * has gone to the core and come back by its `iret`, it must still be clear. Whoever sees another
 * one returns it.
 */
#include "kernel/abi/layout.h"
#include "kernel/abi/selector.h"

        .section .rodata
        .globl  app_with_small_stack
app_with_small_stack:
        movzwl  %sp, %esp               # what the manager's own iret left is no news
        movl    $0x8000000, %ecx
1:      movl    %esp, %eax
        shrl    $16, %eax
        jnz     2f                      # the upper half of the core's ESP
        decl    %ecx
        jnz     1b
2:      movzwl  %sp, %esp
        int     $0x80                   # EAX: 0 or the leak
        .skip   256                     # whoever copies takes more than the code

/*
 * Ring 3 loads every selector into a segment register, and reads the manager through each that it gets. A fault
 * comes back as EAX = 1 behind the instruction (entry.S).
 *
 *   ECX selector   EBX address in the manager   ESI loads that passed   EDI reads that did
 *   int 0x80 at the end: EAX = reads << 16 | loads
 */
.macro LOAD_ALL register
        .globl  app_with_every_\register
app_with_every_\register:
        movl    $MANAGER_MAPPINGS_LIMIT - 64, %ebx
        xorl    %ecx, %ecx
        xorl    %esi, %esi
        xorl    %edi, %edi
2:      xorl    %eax, %eax
        movl    %ecx, %\register
        testl   %eax, %eax
        jnz     1f                      # refused
        incl    %esi
        .ifc    \register, ds
        .byte   0x3E                    # the prefix that the assembler leaves out
        .endif
        movl    %\register:(%ebx), %edx
        testl   %eax, %eax
        jnz     1f
        incl    %edi
1:      movl    $SELECTOR_APP_DATA, %edx
        movl    %edx, %\register
        incl    %ecx
        cmpl    $0x10000, %ecx
        jb      2b
        movl    %edi, %eax
        shll    $16, %eax
        orl     %esi, %eax
        int     $0x80
        .skip   256
.endm
        LOAD_ALL ds
        LOAD_ALL es
        LOAD_ALL fs
        LOAD_ALL gs
        LOAD_ALL ss
