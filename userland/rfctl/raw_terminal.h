// SPDX-License-Identifier: MIT
/*
 * The operator's own terminal while a command in a tenant has it: every key goes there untouched.
 * It is put back at the end, however the program ends by itself or by a signal that it can catch.
 */
#ifndef USERLAND_RFCTL_RAW_TERMINAL_H
#define USERLAND_RFCTL_RAW_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>

bool raw_terminal_begin(void); /* false: standard input is no terminal; nothing changed */
void raw_terminal_end(void);
uint32_t raw_terminal_window(void); /* rows << 16 | columns; 0: unknown */

#endif
