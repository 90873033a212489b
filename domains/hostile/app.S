// SPDX-License-Identifier: MIT
/*
 * Ring 3 on a 16-bit stack segment. ESP's upper half is cleared, then watched: once an interrupt
 * has gone to the core and come back by its `iret`, it must still be clear. Whoever sees another
 * one returns it.
 */
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
