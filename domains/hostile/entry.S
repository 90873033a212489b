// SPDX-License-Identifier: MIT
/*
 * The ways in from ring 3. Only one attack has an app (app.S), which comes back by int 0x80 with
 * its result in EAX; an upcall means that it faulted.
 *
 *   upcall:  vector <- ESP, address, error, EIP, CS, EFLAGS, ESP, SS
 */
#include "kernel/abi/selector.h"

        .text
        .globl  entry_int80, entry_lcall, entry_upcall
entry_int80:
        movl    $SELECTOR_MANAGER_DATA, %ecx
        movl    %ecx, %ds
        movl    %ecx, %es
        cld
        pushl   %eax
        call    app_returned            # does not return
entry_lcall:
        ud2                             # no app of ours calls by it
entry_upcall:
        movl    %esp, %eax
        pushl   %eax
        call    app_faulted             # does not return
