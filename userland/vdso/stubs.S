/* SPDX-License-Identifier: MIT */
/*
 * The way into the manager for AT_SYSINFO, and the returns from signal handlers that brought no restorer. Each at its
 * own place in the page, where the manager knows it; debuggers know the handlers' frames by these very bytes.
 */
#include "domains/linux/memory/vdso.h"

        .section .text.stubs, "ax"

        .org    VDSO_SYSTEM_CALL - VDSO_TEXT
        .globl  __kernel_vsyscall
        .type   __kernel_vsyscall, @function
__kernel_vsyscall:
        int     $0x80                   # not lcall: to make the same frame of that costs five instructions
        ret
        .size   __kernel_vsyscall, . - __kernel_vsyscall

        .org    VDSO_SIGRETURN - VDSO_TEXT
        .globl  __kernel_sigreturn
        .type   __kernel_sigreturn, @function
__kernel_sigreturn:
        popl    %eax                    # the signal's number
        movl    $119, %eax              # sigreturn
        int     $0x80
        .size   __kernel_sigreturn, . - __kernel_sigreturn

        .org    VDSO_RT_SIGRETURN - VDSO_TEXT
        .globl  __kernel_rt_sigreturn
        .type   __kernel_rt_sigreturn, @function
__kernel_rt_sigreturn:
        movl    $173, %eax              # rt_sigreturn
        int     $0x80
        .size   __kernel_rt_sigreturn, . - __kernel_rt_sigreturn
