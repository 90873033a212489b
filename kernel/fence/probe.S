// SPDX-License-Identifier: MIT
/*
 * The probe's snippets: each tries one access in an outer ring, then says "it landed" by `int3`. A limit that
 * is enforced says #GP or #SS instead. Nothing here needs a stack of its own: every trap goes to esp0.
 *
 *   EAX = selector to use, EBX = offset to touch
 *
 * uint32_t probe_enter(cs, eip, ss, eax, ebx): goes out by `iret` and comes back, through probe_return, with
 * the vector of the trap that ended the snippet.
 *
 *      saved ESP -> EBX ESI EDI EBP, return address, cs, eip, ss, eax, ebx
 */
        .text
        .global probe_enter, probe_return
probe_enter:
        pushl %ebp
        pushl %edi
        pushl %esi
        pushl %ebx
        movl %esp, probe_stack
        movl 20(%esp), %ecx             /* cs */
        movl 24(%esp), %edx             /* eip */
        movl 28(%esp), %esi             /* ss */
        movl 32(%esp), %eax
        movl 36(%esp), %ebx
        pushl %esi                      /* SS */
        pushl $0                        /* ESP: unused */
        pushl $2                        /* EFLAGS: interrupts off */
        pushl %ecx                      /* CS */
        pushl %edx                      /* EIP */
        iret

/* _Noreturn void probe_return(uint32_t vector) */
probe_return:
        movl 4(%esp), %eax
        movl probe_stack, %esp
        xorl %ecx, %ecx                 /* the snippets' selectors are about to vanish */
        movw %cx, %fs
        movw %cx, %gs
        popl %ebx
        popl %esi
        popl %edi
        popl %ebp
        ret

.macro DATA_SNIPPETS register
        .global probe_\register\()_read, probe_\register\()_write, probe_\register\()_straddle
probe_\register\()_read:
        movw %ax, %\register
        movb %\register:(%ebx), %cl
        int3
probe_\register\()_write:
        movw %ax, %\register
        movb %cl, %\register:(%ebx)
        int3
probe_\register\()_straddle:
        movw %ax, %\register
        movl %\register:-2(%ebx), %ecx  /* two bytes inside, two past the limit */
        int3
.endm
        .section .entry, "ax"
        DATA_SNIPPETS ds
        DATA_SNIPPETS es
        DATA_SNIPPETS fs
        DATA_SNIPPETS gs
        DATA_SNIPPETS ss

        .global probe_push, probe_inside, probe_jump, probe_code_limit, probe_run_into
probe_push:
        movw %ax, %ss
        leal 2(%ebx), %esp
        pushl %ecx                      /* two bytes inside, two past the limit */
        int3
probe_inside:                           /* control: an access that is allowed */
        movw %ax, %es
        movb %es:-1(%ebx), %cl
        movb %cl, %es:-1(%ebx)
        int3
probe_jump:                             /* near jump past the code limit */
        jmp probe_past
probe_run_into:                         /* running into the limit */
        nop
probe_code_limit:
        nop
probe_past:
        int3
        .bss
        .align 4
probe_stack:
        .skip 4
        .section .note.GNU-stack, "", @progbits
