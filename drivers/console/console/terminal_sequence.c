// SPDX-License-Identifier: MIT
/*
 * Control sequences, ESC [ parameters final: what ECMA-48 and xterm mean by each final byte. A
 * parameter that is missing or 0 means 1 where it counts something.
 */
#include "drivers/console/console/terminal_edit.h"

#define ROWS    TERMINAL_ROWS
#define COLUMNS TERMINAL_COLUMNS

static uint32_t parameter(const struct terminal *terminal, uint32_t index) {
    return index < terminal->parameter_count ? terminal->parameters[index] : 0;
}

static int32_t count_of(const struct terminal *terminal) {
    uint32_t count = parameter(terminal, 0);
    return count == 0 ? 1 : (int32_t)count;
}

/* A place counted from 1, or from 0 if it is missing. */
static uint32_t place(const struct terminal *terminal, uint32_t index) {
    uint32_t value = parameter(terminal, index);
    return value == 0 ? 0 : value - 1;
}

/* J and K: 0 from the cursor to the end, 1 from the start through the cursor, 2 all. */
static void erase_line(struct terminal *terminal, uint32_t what) {
    uint32_t row = terminal->cursor.row, column = terminal->cursor.column;
    terminal_erase(terminal, row, what == 0 ? column : 0, what == 1 ? column + 1 : COLUMNS);
}

static void erase_display(struct terminal *terminal, uint32_t what) {
    uint32_t row = terminal->cursor.row;
    uint32_t first = what == 0 ? row + 1 : 0, end = what == 1 ? row : ROWS;
    if (what < 2)
        erase_line(terminal, what);
    for (uint32_t erased = first; erased < end; erased++)
        terminal_erase(terminal, erased, 0, COLUMNS);
}

/* L and M: inside the scroll region only, from the cursor's row down. */
static void insert_lines(struct terminal *terminal, int32_t count) {
    uint32_t row = terminal->cursor.row;
    if (row < terminal->top || row > terminal->bottom)
        return;
    terminal_scroll(terminal, row, terminal->bottom, -count);
    terminal_return(terminal);
}

static void set_region(struct terminal *terminal) {
    uint32_t top = place(terminal, 0), bottom = parameter(terminal, 1);
    bottom = bottom == 0 || bottom > ROWS ? ROWS - 1 : bottom - 1;
    if (top >= bottom)
        return;
    terminal->top = (uint8_t)top;
    terminal->bottom = (uint8_t)bottom;
    terminal_go(terminal, 0, 0);
}

/* 38 and 48: ;5;n takes a colour of 256, of which the first 16 can be shown; ;2;r;g;b none. Answers
 * how many parameters were used. */
static uint32_t set_extended_colour(struct terminal *terminal, uint32_t index, uint8_t *colour) {
    if (parameter(terminal, index + 1) == 2)
        return 5;
    uint32_t wanted = parameter(terminal, index + 2);
    if (wanted < 16)
        *colour = (uint8_t)wanted;
    return 3;
}

static uint32_t set_one_style(struct terminal *terminal, uint32_t index) {
    struct terminal_style *style = &terminal->cursor.style;
    uint32_t code = parameter(terminal, index);
    if (code == 0)
        *style = (struct terminal_style){.foreground = 7};
    else if (code == 1)
        style->bold = true;
    else if (code == 7)
        style->reverse = true;
    else if (code == 21 || code == 22)
        style->bold = false;
    else if (code == 27)
        style->reverse = false;
    else if (code >= 30 && code <= 37)
        style->foreground = (uint8_t)(code - 30);
    else if (code == 39)
        style->foreground = 7;
    else if (code >= 40 && code <= 47)
        style->background = (uint8_t)(code - 40);
    else if (code == 49)
        style->background = 0;
    else if (code >= 90 && code <= 97)
        style->foreground = (uint8_t)(code - 90 + 8);
    else if (code >= 100 && code <= 107)
        style->background = (uint8_t)(code - 100 + 8);
    else if (code == 38)
        return set_extended_colour(terminal, index, &style->foreground);
    else if (code == 48)
        return set_extended_colour(terminal, index, &style->background);
    return 1;
}

static void set_style(struct terminal *terminal) {
    for (uint32_t i = 0; i < terminal->parameter_count;)
        i += set_one_style(terminal, i);
}

/* ?1049: the alternate screen, blank, with the cursor of the normal one kept for the way back. */
static void use_alternate(struct terminal *terminal, bool on) {
    if (on == terminal->alternate)
        return;
    if (on)
        terminal->before_alternate = terminal->cursor;
    terminal_switch_screen(terminal, on);
    if (on)
        erase_display(terminal, 2);
    else
        terminal->cursor = terminal->before_alternate;
}

static void set_private_mode(struct terminal *terminal, uint32_t mode, bool on) {
    switch (mode) {
    case 6:
        terminal->origin = on;
        terminal_go(terminal, 0, 0);
        break;
    case 7:
        terminal->autowrap = on;
        terminal->wrap_pending = false;
        break;
    case 25:
        terminal->cursor_shown = on;
        break;
    case 47:
    case 1047:
        terminal_switch_screen(terminal, on);
        break;
    case 1049:
        use_alternate(terminal, on);
        break;
    default:
        break;
    }
}

static void set_modes(struct terminal *terminal, bool on) {
    for (uint32_t i = 0; i < terminal->parameter_count; i++) {
        if (terminal->private_mark == '?')
            set_private_mode(terminal, terminal->parameters[i], on);
        else if (terminal->parameters[i] == 4)
            terminal->insert = on;
    }
}

/* Answers whether the sequence was one of these; so does the next. */
static bool move_cursor(struct terminal *terminal, uint8_t final, int32_t count) {
    switch (final) {
    case 'A':
        terminal_move(terminal, -count, 0);
        return true;
    case 'B':
    case 'e':
        terminal_move(terminal, count, 0);
        return true;
    case 'C':
    case 'a':
        terminal_move(terminal, 0, count);
        return true;
    case 'D':
        terminal_move(terminal, 0, -count);
        return true;
    case 'E':
        terminal_move(terminal, count, -COLUMNS);
        return true;
    case 'F':
        terminal_move(terminal, -count, -COLUMNS);
        return true;
    case 'G':
    case '`':
        terminal_move(terminal, 0, (int32_t)place(terminal, 0) - terminal->cursor.column);
        return true;
    case 'd':
        terminal_go(terminal, place(terminal, 0), terminal->cursor.column);
        return true;
    case 'H':
    case 'f':
        terminal_go(terminal, place(terminal, 0), place(terminal, 1));
        return true;
    default:
        return false;
    }
}

static bool edit_cells(struct terminal *terminal, uint8_t final, int32_t count) {
    const struct terminal_cursor *cursor = &terminal->cursor;
    switch (final) {
    case 'J':
        erase_display(terminal, parameter(terminal, 0));
        return true;
    case 'K':
        erase_line(terminal, parameter(terminal, 0));
        return true;
    case 'L':
        insert_lines(terminal, count);
        return true;
    case 'M':
        insert_lines(terminal, -count);
        return true;
    case 'P':
        terminal_shift(terminal, -count);
        return true;
    case '@':
        terminal_shift(terminal, count);
        return true;
    case 'X':
        terminal_erase(terminal, cursor->row, cursor->column, cursor->column + (uint32_t)count);
        return true;
    case 'S':
        terminal_scroll(terminal, terminal->top, terminal->bottom, count);
        return true;
    case 'T':
        terminal_scroll(terminal, terminal->top, terminal->bottom, -count);
        return true;
    default:
        return false;
    }
}

static void change_state(struct terminal *terminal, uint8_t final) {
    switch (final) {
    case 'm':
        set_style(terminal);
        break;
    case 'r':
        set_region(terminal);
        break;
    case 's':
        terminal->saved = terminal->cursor;
        break;
    case 'u':
        terminal->cursor = terminal->saved;
        terminal->wrap_pending = false;
        break;
    case 'h':
    case 'l':
        set_modes(terminal, final == 'h');
        break;
    default:
        break;
    }
}

/* What none of them knows shows nothing and changes nothing. */
void terminal_execute(struct terminal *terminal, uint8_t final) {
    bool is_mode = final == 'h' || final == 'l';
    if (terminal->private_mark != 0 && !(terminal->private_mark == '?' && is_mode))
        return;
    int32_t count = count_of(terminal);
    if (!move_cursor(terminal, final, count) && !edit_cells(terminal, final, count))
        change_state(terminal, final);
}
