// SPDX-License-Identifier: MIT
/*
 * The bare gate: nothing around the `lcall` but the loop, which empty_loop has too.
 *
 *   void gate_loop(uint32_t rounds), void empty_loop(uint32_t rounds)
 */
#include "kernel/abi/selector.h"

.macro LOOP name, gate
        .globl  \name
\name:
        movl    4(%esp), %ecx           # rounds; the gate keeps ECX
1:      xorl    %eax, %eax              # call number 0: MEMORY_NULL
  .if \gate
        lcall   $SELECTOR_GATE_MEMORY, $0
  .endif
        decl    %ecx
        jnz     1b
        ret
.endm
        .text
        LOOP    gate_loop, 1
        LOOP    empty_loop, 0
        .section .note.GNU-stack, "", @progbits
