// SPDX-License-Identifier: MIT
/*
 * The third value of FUTEX_WAKE_OP: what a word becomes, and what it must have been for more to be
 * woken. Pure.
 *
 *     31  30     28 27    24 23         12 11          0
 *     shift │ change │ test │ operand     │ compared with      both signed
 */
#ifndef DOMAINS_LINUX_PROCESS_FUTEX_OPERATION_H
#define DOMAINS_LINUX_PROCESS_FUTEX_OPERATION_H

#include <stdbool.h>
#include <stdint.h>

/* What a word of value `old` becomes: 0, or -ENOSYS for a change that is none. */
int futex_operation_change(uint32_t operation, uint32_t old, uint32_t *changed);
/* Did that word fulfil the test? 1, 0, or -ENOSYS for a test that is none. */
int futex_operation_test(uint32_t operation, uint32_t old);

#endif
