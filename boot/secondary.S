// SPDX-License-Identifier: MIT
/*
 * The first instructions of every CPU but the first: from real mode to C. kernel/cpu/secondary.c copies the
 * trampoline to TRAMPOLINE, a page of low memory, and has the CPU begin there (Intel SDM 3A 9.4.4).
 *
 *   real mode, CS = TRAMPOLINE / 16, nothing else known
 *     -> flat 32-bit segments, with the selectors that the core's own GDT has too
 *     -> the boot tables, which the first CPU has built
 *     -> the stack that waits in secondary_stack, which only one CPU gets: one that comes too late halts
 *     -> secondary_main(), on the tables of the first CPU until it has its own
 */
#include "boot/trampoline.h"
#include "kernel/abi/layout.h"

#define PHYSICAL(symbol) (symbol - CORE_BASE)
#include "boot/enable_paging.inc"

        .section .rodata
        .global trampoline_start, trampoline_end
        .code16
trampoline_start:
        cli
        cld
        movw %cs, %ax
        movw %ax, %ds
        lgdtl trampoline_gdtr - trampoline_start
        movl %cr0, %eax
        orl $1, %eax                    /* PE */
        movl %eax, %cr0
        ljmpl $0x08, $PHYSICAL(secondary_start)
        .align 8
trampoline_gdt:
        .quad 0
        .quad 0x00CF9A000000FFFF        /* flat code, ring 0 */
        .quad 0x00CF92000000FFFF        /* flat data, ring 0 */
trampoline_gdtr:
        .word trampoline_gdtr - trampoline_gdt - 1
        .long TRAMPOLINE + trampoline_gdt - trampoline_start
trampoline_end:

        .section .boot, "awx"
        .code32
secondary_start:
        movw $0x10, %ax
        movw %ax, %ds
        movw %ax, %es
        movw %ax, %ss
        ENABLE_PAGING
        movl $1f, %eax                  /* from the 1:1 addresses to the core's own */
        jmp *%eax
1:      xorl %esp, %esp
        xchgl %esp, secondary_stack     /* 0 from now on */
        testl %esp, %esp
        jz 2f
        xorl %ebp, %ebp                 /* the end of every backtrace */
        call secondary_main             /* does not return */
2:      cli
        hlt
        jmp 2b
        .section .note.GNU-stack, "", @progbits
