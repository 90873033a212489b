// SPDX-License-Identifier: MIT
/*
 * The first instructions: from the boot loader to C.
 *
 * GRUB (multiboot 1 under BIOS, multiboot 2 under UEFI) and QEMU -kernel leave the CPU in 32-bit protected
 * mode, paging off, EAX = magic, EBX = physical address of the boot information. Here:
 *
 *   1. check for PAE and NX: without them there is no fence, so say so and stop;
 *   2. build the first tables:  0..3 GiB  1:1, so that boot information and modules can be read
 *                               CORE_BASE 64 MiB of physical memory from 0
 *   3. paging and NX on, jump to the core's linear addresses, C.
 *
 * Until paging is on, every symbol is used minus CORE_BASE.
 */
#include "kernel/abi/layout.h"

#define PHYSICAL(symbol) (symbol - CORE_BASE)
#include "boot/enable_paging.inc"

#define MULTIBOOT1_MAGIC 0x1BADB002
#define MULTIBOOT1_FLAGS 0x00000003     /* modules page-aligned, memory map wanted */
#define MULTIBOOT2_MAGIC 0xE85250D6
#define LARGE_WRITABLE_PRESENT 0x83
#define PRESENT 0x01
#define BOOT_STACK_BYTES 16384

        .section .boot, "awx"
        .align 8
        .long MULTIBOOT1_MAGIC, MULTIBOOT1_FLAGS, -(MULTIBOOT1_MAGIC + MULTIBOOT1_FLAGS)

        .align 8
multiboot2_header:
        .long MULTIBOOT2_MAGIC, 0
        .long multiboot2_end - multiboot2_header
        .long -(MULTIBOOT2_MAGIC + (multiboot2_end - multiboot2_header))
        .short 6, 0                     /* tag: modules page-aligned */
        .long 8
        .short 0, 0                     /* end of tags */
        .long 8
multiboot2_end:

        .global boot_start
boot_start:
        cli
        cld
        movl $PHYSICAL(boot_stack_top), %esp
        movl %eax, PHYSICAL(boot_magic)
        movl %ebx, PHYSICAL(boot_pointer)

        /* PAE: CPUID.1:EDX bit 6. NX: CPUID.80000001h:EDX bit 20. */
        movl $1, %eax
        cpuid
        testl $(1 << 6), %edx
        jz no_pae
        movl $0x80000000, %eax
        cpuid
        cmpl $0x80000001, %eax
        jb no_nx
        movl $0x80000001, %eax
        cpuid
        testl $(1 << 20), %edx
        jz no_nx

        /* 0..3 GiB, 1:1: three page directories of 512 large pages, one after the other. */
        movl $PHYSICAL(boot_identity), %edi
        movl $LARGE_WRITABLE_PRESENT, %eax
        movl $(3 * 512), %ecx
1:      movl %eax, (%edi)
        addl $0x200000, %eax
        addl $8, %edi
        loop 1b

        /* CORE_BASE: 32 large pages from physical 0, at index 256 of the top directory. */
        movl $PHYSICAL(core_directory) + ((CORE_BASE >> 21) & 511) * 8, %edi
        movl $LARGE_WRITABLE_PRESENT, %eax
        movl $32, %ecx
2:      movl %eax, (%edi)
        addl $0x200000, %eax
        addl $8, %edi
        loop 2b

        movl $PHYSICAL(boot_identity) + PRESENT, PHYSICAL(boot_pointers)
        movl $PHYSICAL(boot_identity) + 4096 + PRESENT, PHYSICAL(boot_pointers) + 8
        movl $PHYSICAL(boot_identity) + 8192 + PRESENT, PHYSICAL(boot_pointers) + 16
        movl $PHYSICAL(core_directory) + PRESENT, PHYSICAL(boot_pointers) + 24

        ENABLE_PAGING
        movl $3f, %eax                  /* from the 1:1 addresses to the core's own */
        jmp *%eax
3:      movl $boot_stack_top, %esp
        xorl %ebp, %ebp                 /* the end of every backtrace */
        pushl boot_pointer
        pushl boot_magic
        call core_main                  /* does not return */

no_pae: movl $PHYSICAL(pae_message), %esi
        jmp refuse
no_nx:  movl $PHYSICAL(nx_message), %esi

/*
 * Says why this machine cannot run Ringfence: as a panic frame on the debug port (F5 'P' length text sum),
 * in VGA text, and on the first serial port. ESI = message: length word, then text.
 */
refuse:
        movb $0xF5, %al
        outb %al, $0xE9
        movb $'P', %al
        outb %al, $0xE9
        movb $'P', %bl                  /* running sum of type, length, text */
        movzwl (%esi), %ecx
        movb %cl, %al
        addb %al, %bl
        outb %al, $0xE9
        movb %ch, %al
        addb %al, %bl
        outb %al, $0xE9
        addl $2, %esi
        movl $0xB8000, %edi
4:      lodsb
        outb %al, $0xE9
        addb %al, %bl
        movb $0x4F, %ah                 /* white on red */
        movw %ax, (%edi)
        addl $2, %edi
        movw $0x3F8, %dx
        outb %al, %dx
        loop 4b
        movb %bl, %al
        outb %al, $0xE9
        movb $0x11, %al                 /* QEMU's isa-debug-exit, if it is there */
        outb %al, $0xF4
5:      hlt
        jmp 5b

pae_message:
        .short pae_end - pae_message - 2
        .ascii "Ringfence needs a CPU with PAE: page tables of 64-bit entries. This one has none."
pae_end:
nx_message:
        .short nx_end - nx_message - 2
        .ascii "Ringfence needs a CPU with NX (no-execute pages); this one has none, or firmware disabled it."
nx_end:

        .section .bss
        .align 4096
        .global core_directory, boot_pointers
core_directory:
        .skip 4096
boot_identity:
        .skip 3 * 4096
        .align 32
boot_pointers:
        .skip 32
        .align 16
boot_stack:
        .skip BOOT_STACK_BYTES
boot_stack_top:
boot_magic:
        .skip 4
boot_pointer:
        .skip 4
        .section .note.GNU-stack, "", @progbits
