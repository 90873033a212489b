// SPDX-License-Identifier: MIT
/*
 * Where a driver begins. The core enters at the ELF's entry point in ring 1 with an empty stack, the
 * driver's data segment in DS, ES and SS, and null selectors in FS and GS:
 *
 *      DRIVER_STACK_TOP  <- ESP
 *      0                    caller of driver_main: none
 *      0                    its frame pointer: none       <- EBP
 *
 * The two zeros end the chain of frames that a backtrace follows. driver_main() is the driver's own
 * and never returns.
 */
    .section .text
    .global driver_start
    .type driver_start, @function
driver_start:
    pushl $0                # return address of the outermost frame
    pushl $0                # saved frame pointer of the outermost frame
    movl %esp, %ebp
    call driver_main
    ud2                     # it returned: die here rather than run into what follows
    .size driver_start, . - driver_start

    .section .note.GNU-stack, "", @progbits
