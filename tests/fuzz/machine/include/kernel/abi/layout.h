// SPDX-License-Identifier: MIT
/*
 * The core's layout, but for the entry area: at its real address a process has its stack.
 */
#include_next <kernel/abi/layout.h>

#undef ENTRY_AREA
#define ENTRY_AREA 0xFC000000u
