// SPDX-License-Identifier: MIT
/* See terminal_edit.h. */
#include "drivers/console/console/terminal_edit.h"

#define ROWS     TERMINAL_ROWS
#define COLUMNS  TERMINAL_COLUMNS
#define TAB_STOP 8

static const struct terminal_style plain = {.foreground = 7, .background = 0};

/* VGA counts blue as bit 0 and red as bit 2, ECMA-48 the other way round. */
static uint32_t vga_colour(uint32_t colour) {
    return (colour & 0xAu) | (colour & 1u) << 2 | (colour >> 2 & 1u);
}

static uint16_t cell(const struct terminal_style *style, uint8_t character) {
    uint32_t foreground = style->foreground, background = style->background;
    if (style->bold)
        foreground |= 8;
    if (style->reverse) {
        uint32_t swapped = foreground;
        foreground = background;
        background = swapped;
    }
    /* Bit 3 of the background blinks in text mode, so it is left out. */
    uint32_t attribute = vga_colour(background & 7) << 4 | vga_colour(foreground);
    return (uint16_t)(attribute << 8 | character);
}

/* Erased cells keep the background, and nothing else, of the current style. */
static uint16_t blank(const struct terminal *terminal) {
    struct terminal_style style = plain;
    style.background = terminal->cursor.style.background;
    return cell(&style, ' ');
}

uint16_t *terminal_row(struct terminal *terminal, uint32_t row) {
    return terminal->cells[terminal->line[row]];
}

void terminal_initialise(struct terminal *terminal) {
    *terminal = (struct terminal){.bottom = ROWS - 1, .autowrap = true, .cursor_shown = true};
    terminal->cursor.style = plain;
    terminal->saved = terminal->before_alternate = terminal->cursor;
    for (uint8_t row = 0; row < ROWS; row++) {
        terminal->line[row] = row;
        terminal->hidden_line[row] = (uint8_t)(ROWS + row);
    }
    for (uint32_t row = 0; row < 2 * ROWS; row++)
        for (uint32_t column = 0; column < COLUMNS; column++)
            terminal->cells[row][column] = blank(terminal);
    terminal->dirty = (1u << ROWS) - 1;
}

void terminal_erase(struct terminal *terminal, uint32_t row, uint32_t from, uint32_t to) {
    uint16_t *cells = terminal_row(terminal, row);
    for (uint32_t column = from; column < to && column < COLUMNS; column++)
        cells[column] = blank(terminal);
    terminal->dirty |= 1u << row;
}

/* One row up: the first row's cells become the blank last row. */
static void scroll_up(struct terminal *terminal, uint32_t first, uint32_t last) {
    uint8_t recycled = terminal->line[first];
    for (uint32_t row = first; row < last; row++)
        terminal->line[row] = terminal->line[row + 1];
    terminal->line[last] = recycled;
    terminal_erase(terminal, last, 0, COLUMNS);
}

static void scroll_down(struct terminal *terminal, uint32_t first, uint32_t last) {
    uint8_t recycled = terminal->line[last];
    for (uint32_t row = last; row > first; row--)
        terminal->line[row] = terminal->line[row - 1];
    terminal->line[first] = recycled;
    terminal_erase(terminal, first, 0, COLUMNS);
}

void terminal_scroll(struct terminal *terminal, uint32_t first, uint32_t last, int32_t count) {
    for (int32_t i = 0; i < ROWS && i < count; i++)
        scroll_up(terminal, first, last);
    for (int32_t i = 0; i < ROWS && i < -count; i++)
        scroll_down(terminal, first, last);
    for (uint32_t row = first; row <= last; row++)
        terminal->dirty |= 1u << row;
}

void terminal_shift(struct terminal *terminal, int32_t count) {
    uint32_t row = terminal->cursor.row, column = terminal->cursor.column;
    uint32_t room = COLUMNS - column;
    uint32_t distance = (uint32_t)(count < 0 ? -count : count);
    uint16_t *cells = terminal_row(terminal, row);
    if (distance > room)
        distance = room;
    uint32_t kept = room - distance;
    if (count > 0) {
        for (uint32_t i = kept; i > 0; i--)
            cells[column + distance + i - 1] = cells[column + i - 1];
        terminal_erase(terminal, row, column, column + distance);
    } else {
        for (uint32_t i = 0; i < kept; i++)
            cells[column + i] = cells[column + distance + i];
        terminal_erase(terminal, row, column + kept, COLUMNS);
    }
}

void terminal_line_feed(struct terminal *terminal) {
    terminal->wrap_pending = false;
    if (terminal->cursor.row == terminal->bottom)
        terminal_scroll(terminal, terminal->top, terminal->bottom, 1);
    else if (terminal->cursor.row < ROWS - 1)
        terminal->cursor.row++;
}

void terminal_reverse_line_feed(struct terminal *terminal) {
    terminal->wrap_pending = false;
    if (terminal->cursor.row == terminal->top)
        terminal_scroll(terminal, terminal->top, terminal->bottom, -1);
    else if (terminal->cursor.row > 0)
        terminal->cursor.row--;
}

void terminal_return(struct terminal *terminal) {
    terminal->wrap_pending = false;
    terminal->cursor.column = 0;
}

void terminal_tab(struct terminal *terminal) {
    uint32_t column = (terminal->cursor.column / TAB_STOP + 1u) * TAB_STOP;
    terminal->wrap_pending = false;
    terminal->cursor.column = (uint8_t)(column < COLUMNS ? column : COLUMNS - 1);
}

static uint8_t clamp(int32_t value, int32_t lowest, int32_t highest) {
    return (uint8_t)(value < lowest ? lowest : value > highest ? highest : value);
}

void terminal_move(struct terminal *terminal, int32_t rows, int32_t columns) {
    struct terminal_cursor *cursor = &terminal->cursor;
    int32_t lowest = cursor->row >= terminal->top ? terminal->top : 0;
    int32_t highest = cursor->row <= terminal->bottom ? terminal->bottom : ROWS - 1;
    cursor->row = clamp(cursor->row + rows, lowest, highest);
    cursor->column = clamp(cursor->column + columns, 0, COLUMNS - 1);
    terminal->wrap_pending = false;
}

void terminal_go(struct terminal *terminal, uint32_t row, uint32_t column) {
    uint32_t first = terminal->origin ? terminal->top : 0;
    uint32_t last = terminal->origin ? terminal->bottom : ROWS - 1;
    row += first;
    terminal->cursor.row = (uint8_t)(row < last ? row : last);
    terminal->cursor.column = (uint8_t)(column < COLUMNS ? column : COLUMNS - 1);
    terminal->wrap_pending = false;
}

void terminal_put(struct terminal *terminal, uint8_t character) {
    if (terminal->wrap_pending) {
        terminal_return(terminal);
        terminal_line_feed(terminal);
    }
    struct terminal_cursor *cursor = &terminal->cursor;
    if (terminal->insert)
        terminal_shift(terminal, 1);
    terminal_row(terminal, cursor->row)[cursor->column] = cell(&cursor->style, character);
    terminal->dirty |= 1u << cursor->row;
    if (cursor->column < COLUMNS - 1)
        cursor->column++;
    else
        terminal->wrap_pending = terminal->autowrap;
}

void terminal_switch_screen(struct terminal *terminal, bool alternate) {
    if (terminal->alternate == alternate)
        return;
    terminal->alternate = alternate;
    for (uint32_t row = 0; row < ROWS; row++) {
        uint8_t shown = terminal->line[row];
        terminal->line[row] = terminal->hidden_line[row];
        terminal->hidden_line[row] = shown;
    }
    terminal->wrap_pending = false;
    terminal->dirty = (1u << ROWS) - 1;
}
