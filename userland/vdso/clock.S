/* SPDX-License-Identifier: MIT */
/*
 * clock_gettime in ring 3: the TSC, scaled by what the manager has left behind the code in this page. It rounds as the
 * manager's clock_nanoseconds() does, so that times of the two may be compared to the nanosecond.
 *
 * Clocks that count from boot never change their parameters. The wall clock's distance from them does when somebody sets
 * it: its sequence is odd meanwhile, and another one afterwards. Who meets with that, or asks for any other clock, makes
 * the system call instead, which waits for the manager's lock; nothing here waits or repeats.
 *
 *    12(%esp)   where the result shall go
 *     8(%esp)   which clock
 *     4(%esp)   the return address
 *      (%esp)   the caller's EBX       EBX: the address of the label 0, from which CLOCK() finds the parameters
 */
#include "domains/linux/memory/vdso.h"

#define CLOCK_MONOTONIC        1
#define CLOCK_MONOTONIC_RAW    4
#define CLOCK_REALTIME_COARSE  5
#define CLOCK_MONOTONIC_COARSE 6
#define CLOCK_BOOTTIME         7
#define CLOCK_TAI              11

#define FROM_BOOT  (1 << CLOCK_MONOTONIC | 1 << CLOCK_MONOTONIC_RAW | 1 << CLOCK_MONOTONIC_COARSE | 1 << CLOCK_BOOTTIME)
#define OF_WALL    (1 << 0 | 1 << CLOCK_REALTIME_COARSE | 1 << CLOCK_TAI)
#define CLOCKS     32              /* that a mask has room for */

#define CLOCK(part) (VDSO_CLOCK + part - VDSO_CLOCK_TEXT - (0b - clock_text))(%ebx)

        .section .text.clock, "ax"
clock_text:

/* Nanoseconds since boot, to EDX:EAX: (TSC - tsc_at_boot << shift) * multiplier >> 32. Uses ECX. */
.macro NANOSECONDS_SINCE_BOOT
        movl    CLOCK(VDSO_CLOCK_SHIFT), %ecx
        lfence                          # not before what the program has read
        rdtsc
        subl    CLOCK(VDSO_CLOCK_BOOT), %eax
        sbbl    CLOCK(VDSO_CLOCK_BOOT + 4), %edx
        shldl   %cl, %eax, %edx
        shll    %cl, %eax               # EDX:EAX = high:low ticks
        movl    %edx, %ecx
        mull    CLOCK(VDSO_CLOCK_MULTIPLIER)
        movl    %ecx, %eax
        movl    %edx, %ecx              # low * multiplier >> 32
        mull    CLOCK(VDSO_CLOCK_MULTIPLIER)
        addl    %ecx, %eax
        adcl    $0, %edx                # + high * multiplier
.endm

/* `wide`: the result's parts have 8 bytes, else 4. */
.macro CLOCK_GETTIME number, wide
        pushl   %ebx
        call    0f
0:      popl    %ebx
        cmpl    $CLOCK_MONOTONIC, 8(%esp)
        jne     3f
1:      NANOSECONDS_SINCE_BOOT          # fewer than 136 years of them: the quotient has 32 bits
2:      divl    CLOCK(VDSO_CLOCK_SECOND)
        movl    12(%esp), %ecx
        movl    %eax, (%ecx)            # seconds
.if \wide
        movl    $0, 4(%ecx)
        movl    %edx, 8(%ecx)           # nanoseconds
        movl    $0, 12(%ecx)
.else
        movl    %edx, 4(%ecx)           # nanoseconds
.endif
        xorl    %eax, %eax
        popl    %ebx
        ret

3:      movl    8(%esp), %ecx
        cmpl    $CLOCKS, %ecx
        jae     5f
        movl    $FROM_BOOT, %eax
        btl     %ecx, %eax
        jc      1b
        movl    $OF_WALL, %eax
        btl     %ecx, %eax
        jnc     5f

        pushl   %esi                    # all above lies 4 bytes further from ESP
        movl    CLOCK(VDSO_CLOCK_SEQUENCE), %esi
        testl   $1, %esi
        jne     4f
        NANOSECONDS_SINCE_BOOT
        addl    CLOCK(VDSO_CLOCK_WALL), %eax
        adcl    CLOCK(VDSO_CLOCK_WALL + 4), %edx
        cmpl    CLOCK(VDSO_CLOCK_SEQUENCE), %esi
        jne     4f
        popl    %esi
        cmpl    CLOCK(VDSO_CLOCK_SECOND), %edx
        jb      2b                      # before 2106: the quotient has 32 bits
        jmp     5f

4:      popl    %esi
5:      movl    8(%esp), %ebx
        movl    12(%esp), %ecx
        movl    $\number, %eax
        int     $0x80
        popl    %ebx
        ret
.endm

        .balign 16
        .globl  __vdso_clock_gettime64
        .type   __vdso_clock_gettime64, @function
__vdso_clock_gettime64:
        CLOCK_GETTIME 403, 1
        .size   __vdso_clock_gettime64, . - __vdso_clock_gettime64

        .balign 16
        .globl  __vdso_clock_gettime
        .type   __vdso_clock_gettime, @function
__vdso_clock_gettime:
        CLOCK_GETTIME 265, 0
        .size   __vdso_clock_gettime, . - __vdso_clock_gettime
