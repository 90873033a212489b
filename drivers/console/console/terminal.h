// SPDX-License-Identifier: MIT
/*
 * A terminal of 80 columns and 25 rows in memory: bytes with ECMA-48 control sequences in, cells as
 * the VGA text mode wants them out. Pure: it touches no hardware, drivers/console/console/screen.c
 * shows it.
 *
 *   row of the screen ──line[]──> row of cells[]      scrolling turns line[], it copies no text
 *
 * cells[] holds two screens: the normal one and the alternate one that editors switch to.
 *
 * What must always hold: row < ROWS and column < COLUMNS, top < bottom < ROWS, and line[] with
 * hidden_line[] name each row of cells exactly once.
 */
#ifndef DRIVERS_CONSOLE_TERMINAL_H
#define DRIVERS_CONSOLE_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>

#define TERMINAL_ROWS       25
#define TERMINAL_COLUMNS    80
#define TERMINAL_PARAMETERS 16

/* How a character looks; colours 0..7 as ECMA-48 counts them, 8..15 bright. */
struct terminal_style {
    uint8_t foreground, background;
    bool bold, reverse;
};

struct terminal_cursor {
    uint8_t row, column;
    struct terminal_style style;
};

enum terminal_state {
    TERMINAL_TEXT,
    TERMINAL_ESCAPE,        /* after ESC */
    TERMINAL_ESCAPE_SKIP,   /* after ESC and one of ( ) * + # %: one byte more */
    TERMINAL_SEQUENCE,      /* after ESC [ */
    TERMINAL_STRING,        /* after ESC ] and the like, until BEL or ESC \ */
    TERMINAL_STRING_ESCAPE, /* ... the ESC of that ESC \ */
};

struct terminal {
    uint16_t cells[2 * TERMINAL_ROWS][TERMINAL_COLUMNS]; /* attribute << 8 | character */
    uint8_t line[TERMINAL_ROWS], hidden_line[TERMINAL_ROWS];
    uint32_t dirty; /* bit per row of the screen, set here, cleared by who shows it */
    struct terminal_cursor cursor, saved, before_alternate;
    uint8_t top, bottom; /* scroll region, both rows belong to it */
    bool wrap_pending;   /* the last column was written; the next character goes to the next row */
    bool autowrap, origin, insert, cursor_shown, alternate;
    enum terminal_state state;
    uint16_t parameters[TERMINAL_PARAMETERS];
    uint8_t parameter_count;
    char private_mark;    /* '?' and the like after ESC [, or 0 */
    uint8_t pending_utf8; /* continuation bytes still to come */
};

void terminal_initialise(struct terminal *terminal);
void terminal_write(struct terminal *terminal, const uint8_t *bytes, uint32_t count);

/* The cells of a row of the screen. */
uint16_t *terminal_row(struct terminal *terminal, uint32_t row);

#endif
