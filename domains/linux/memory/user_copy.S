// SPDX-License-Identifier: MIT
/*
 * Copies to and from app memory, and the exchange of a word there.
 *
 * If SMAP is on, rings 0 to 2 reach user pages only with AC set, and `stac` is an invalid opcode
 * outside ring 0; so AC is set by popf. At CPL 2 AC has no other effect. Where a fault cannot be
 * resolved, the handler (entry/upcall.c) sends EIP to the address beside it in the table, with ECX
 * still counting what is left.
 */
#define FLAGS_ALIGNMENT $0x40002
#define FLAGS_NONE      $0x2

        .macro  may_fault instruction, resume
        .section .user_copy_fixups, "a"
        .long   \instruction, \resume
        .text
        .endm

        .text
/* EAX = to, EDX = from, ECX = bytes  ->  EAX = bytes left */
        .globl  user_copy
user_copy:
        pushl   %esi
        pushl   %edi
        movl    %eax, %edi
        movl    %edx, %esi
        movl    %ecx, %edx              # bytes in all
        pushl   FLAGS_ALIGNMENT
        popfl
        shrl    $2, %ecx
1:      rep movsl
        movl    %edx, %ecx
        andl    $3, %ecx
2:      rep movsb
3:      pushl   FLAGS_NONE
        popfl
        movl    %ecx, %eax
        popl    %edi
        popl    %esi
        ret
4:      andl    $3, %edx                # words left and the odd bytes behind them: what is still there of
        leal    (%edx,%ecx,4), %ecx     # the word that faulted goes byte by byte
        jmp     2b
        may_fault 1b, 4b
        may_fault 2b, 3b

/* EAX = to, EDX = bytes  ->  EAX = bytes left */
        .globl  user_clear
user_clear:
        pushl   %edi
        movl    %eax, %edi
        movl    %edx, %ecx
        xorl    %eax, %eax
        pushl   FLAGS_ALIGNMENT
        popfl
        shrl    $2, %ecx
1:      rep stosl
        movl    %edx, %ecx
        andl    $3, %ecx
2:      rep stosb
3:      pushl   FLAGS_NONE
        popfl
        movl    %ecx, %eax
        popl    %edi
        ret
4:      andl    $3, %edx
        leal    (%edx,%ecx,4), %ecx
        jmp     2b
        may_fault 1b, 4b
        may_fault 2b, 3b

/* EAX = word, EDX = where what is expected lies and what was found goes, ECX = new  ->  EAX = bytes left */
        .globl  user_compare_exchange
user_compare_exchange:
        pushl   %ebx
        movl    %eax, %ebx
        movl    (%edx), %eax
        pushl   FLAGS_ALIGNMENT
        popfl
1:      lock cmpxchgl %ecx, (%ebx)
        movl    %eax, (%edx)
        xorl    %eax, %eax
2:      pushl   FLAGS_NONE
        popfl
        popl    %ebx
        ret
3:      movl    $4, %eax
        jmp     2b
        may_fault 1b, 3b
