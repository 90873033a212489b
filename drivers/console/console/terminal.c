// SPDX-License-Identifier: MIT
/*
 * See terminal.h. This file is the parser: it takes the bytes apart and calls the operations of
 * terminal_edit.h.
 *
 *   text ──ESC──> escape ──[──> sequence ──final byte──> text
 *                    │ ─] P X ^ _──> string ──BEL or ESC \──> text
 *                    └──other──> text
 */
#include "drivers/console/console/terminal_edit.h"

#define BELL      0x07
#define BACKSPACE 0x08
#define TAB       0x09
#define NEWLINE   0x0A
#define RETURN    0x0D
#define CANCEL    0x18
#define ESCAPE    0x1B
#define DELETE    0x7F

static void begin_sequence(struct terminal *terminal) {
    terminal->state = TERMINAL_SEQUENCE;
    terminal->parameter_count = 0;
    terminal->private_mark = 0;
    for (uint32_t i = 0; i < TERMINAL_PARAMETERS; i++)
        terminal->parameters[i] = 0;
}

static void take_escape(struct terminal *terminal, uint8_t byte) {
    terminal->state = TERMINAL_TEXT;
    switch (byte) {
    case '[':
        begin_sequence(terminal);
        break;
    case ']':
    case 'P':
    case 'X':
    case '^':
    case '_':
        terminal->state = TERMINAL_STRING;
        break;
    case '(':
    case ')':
    case '*':
    case '+':
    case '#':
    case '%':
        terminal->state = TERMINAL_ESCAPE_SKIP;
        break;
    case '7':
        terminal->saved = terminal->cursor;
        break;
    case '8':
        terminal->cursor = terminal->saved;
        terminal->wrap_pending = false;
        break;
    case 'E':
        terminal_return(terminal);
        terminal_line_feed(terminal);
        break;
    case 'D':
        terminal_line_feed(terminal);
        break;
    case 'M':
        terminal_reverse_line_feed(terminal);
        break;
    case 'c':
        terminal_initialise(terminal);
        break;
    default:
        break;
    }
}

static void take_sequence(struct terminal *terminal, uint8_t byte) {
    uint8_t *count = &terminal->parameter_count;
    if (byte >= '0' && byte <= '9') {
        uint16_t *parameter = &terminal->parameters[*count];
        if (*parameter < 1000)
            *parameter = (uint16_t)(*parameter * 10 + (byte - '0'));
    } else if (byte == ';' || byte == ':') {
        if (*count < TERMINAL_PARAMETERS - 1)
            (*count)++;
    } else if (byte >= '<' && byte <= '?') {
        terminal->private_mark = (char)byte;
    } else if (byte >= '@' && byte <= '~') {
        terminal->state = TERMINAL_TEXT;
        (*count)++;
        terminal_execute(terminal, byte);
    } else if (byte >= ' ' && byte <= '/') {
        terminal->private_mark = (char)byte; /* intermediate bytes: a sequence of another meaning */
    }
}

static void take_control(struct terminal *terminal, uint8_t byte) {
    switch (byte) {
    case BACKSPACE:
        terminal_move(terminal, 0, -1);
        break;
    case TAB:
        terminal_tab(terminal);
        break;
    case NEWLINE:
    case NEWLINE + 1:
    case NEWLINE + 2:
        terminal_line_feed(terminal);
        break;
    case RETURN:
        terminal_return(terminal);
        break;
    case CANCEL:
        terminal->state = TERMINAL_TEXT;
        break;
    case ESCAPE:
        terminal->state = TERMINAL_ESCAPE;
        break;
    default:
        break;
    }
}

/* The VGA font has 256 characters: one that is encoded in several bytes shows as one square. */
static void take_text(struct terminal *terminal, uint8_t byte) {
    const uint8_t square = 0xFE;
    if (byte < 0x80) {
        terminal->pending_utf8 = 0;
        terminal_put(terminal, byte);
    } else if (byte < 0xC0) {
        if (terminal->pending_utf8 == 0 || --terminal->pending_utf8 == 0)
            terminal_put(terminal, square);
    } else {
        terminal->pending_utf8 = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : 1;
    }
}

static void take_string(struct terminal *terminal, uint8_t byte) {
    bool ended = byte == BELL || byte == CANCEL ||
                 (terminal->state == TERMINAL_STRING_ESCAPE && byte == '\\');
    if (ended)
        terminal->state = TERMINAL_TEXT;
    else
        terminal->state = byte == ESCAPE ? TERMINAL_STRING_ESCAPE : TERMINAL_STRING;
}

static void take(struct terminal *terminal, uint8_t byte) {
    if (terminal->state == TERMINAL_STRING || terminal->state == TERMINAL_STRING_ESCAPE) {
        take_string(terminal, byte);
    } else if (byte < ' ') {
        take_control(terminal, byte); /* also in the middle of a sequence */
    } else if (byte == DELETE) {
        return;
    } else if (terminal->state == TERMINAL_ESCAPE) {
        take_escape(terminal, byte);
    } else if (terminal->state == TERMINAL_ESCAPE_SKIP) {
        terminal->state = TERMINAL_TEXT;
    } else if (terminal->state == TERMINAL_SEQUENCE) {
        take_sequence(terminal, byte);
    } else {
        take_text(terminal, byte);
    }
}

void terminal_write(struct terminal *terminal, const uint8_t *bytes, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        take(terminal, bytes[i]);
}
