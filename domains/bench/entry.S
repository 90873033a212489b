// SPDX-License-Identifier: MIT
/*
 * This manager has no apps: nothing ever enters it from ring 3.
 */
        .text
        .globl  entry_int80, entry_lcall, entry_upcall
entry_int80:
entry_lcall:
entry_upcall:
        ud2
