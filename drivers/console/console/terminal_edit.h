// SPDX-License-Identifier: MIT
/* What a terminal can do, as operations on struct terminal; the parser (terminal.c) calls them. */
#ifndef DRIVERS_CONSOLE_TERMINAL_EDIT_H
#define DRIVERS_CONSOLE_TERMINAL_EDIT_H

#include "drivers/console/console/terminal.h"

void terminal_put(struct terminal *terminal, uint8_t character);
void terminal_line_feed(struct terminal *terminal);
void terminal_reverse_line_feed(struct terminal *terminal);
void terminal_return(struct terminal *terminal);
void terminal_tab(struct terminal *terminal);

/* Moves the cursor by so many cells; it stops at the edges, and at those of the scroll region if it
 * starts inside. */
void terminal_move(struct terminal *terminal, int32_t rows, int32_t columns);
/* Moves the cursor to a place counted from 0; with origin mode rows count from the scroll region.
 */
void terminal_go(struct terminal *terminal, uint32_t row, uint32_t column);

/* Blanks the cells [from, to) of a row, in the current background. */
void terminal_erase(struct terminal *terminal, uint32_t row, uint32_t from, uint32_t to);
/* Moves the rows first..last up (count > 0) or down; blank rows come in. */
void terminal_scroll(struct terminal *terminal, uint32_t first, uint32_t last, int32_t count);
/* Moves the cells from the cursor on right (count > 0) or left; blanks come in. */
void terminal_shift(struct terminal *terminal, int32_t count);

void terminal_switch_screen(struct terminal *terminal, bool alternate);

/* Executes the control sequence in terminal->parameters that ends in `final` (terminal_sequence.c).
 */
void terminal_execute(struct terminal *terminal, uint8_t final);

#endif
