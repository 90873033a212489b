// SPDX-License-Identifier: MIT
/*
 * The ways into the manager (domains/lib/vectors.S jumps here). It runs no apps, so nothing enters from ring 3,
 * and an upcall can only be a fault of its own:
 *
 *   upcall:  vector <- ESP, address, error, EIP, CS, EFLAGS
 *
 * A manager with apps returns to them between exit_range and exit_range_end (kernel/abi/upcall.h); here the
 * range has one instruction, which is never reached.
 */
        .text
        .globl  entry_int80, entry_lcall, entry_upcall, exit_range, exit_range_end
entry_int80:
entry_lcall:
exit_range:
        ud2                             # dies here if anything enters after all
exit_range_end:
entry_upcall:
        movl    %esp, %eax              # struct upcall_frame
        pushl   %eax                    # the only argument
        call    upcall                  # does not return
