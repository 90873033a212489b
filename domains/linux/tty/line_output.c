// SPDX-License-Identifier: MIT
/*
 * The output half of the line discipline: OPOST, the cursor's column, and how echo looks.
 *
 * Programs may fill the output ring up to ECHO_RESERVE bytes; the rest is kept so that what a
 * person types still shows while a program floods the terminal.
 */
#include "domains/linux/tty/line_output.h"

#define ECHO_RESERVE 128
#define TAB_WIDTH    8u /* also the most bytes that one byte can turn into */

static uint32_t room(const struct line *line) {
    return LINE_OUTPUT_BYTES - (line->output_tail - line->output_head);
}

static void put(struct line *line, char byte) {
    line->output[line->output_tail++ % LINE_OUTPUT_BYTES] = byte;
}

static bool is_control(uint8_t byte) {
    return byte < 0x20 || byte == 0x7F;
}

static bool is_continuation(const struct line *line, uint8_t byte) {
    return (line->termios.input_flags & IUTF8) && (byte & 0xC0) == 0x80;
}

/* The column after a byte that reaches the device as it is. */
static uint32_t next_column(const struct line *line, uint8_t byte, uint32_t column) {
    switch (byte) {
    case '\t':
        return (column / TAB_WIDTH + 1) * TAB_WIDTH;
    case '\b':
        return column ? column - 1 : 0;
    case '\r':
        return 0;
    default:
        return is_control(byte) || is_continuation(line, byte) ? column : column + 1;
    }
}

static void put_newline(struct line *line) {
    uint32_t flags = line->termios.output_flags;
    if (flags & ONLCR)
        put(line, '\r');
    if (flags & (ONLCR | ONLRET))
        line->column = 0;
    put(line, '\n');
}

static void put_return(struct line *line) {
    uint32_t flags = line->termios.output_flags;
    if ((flags & ONOCR) && line->column == 0)
        return;
    if (flags & OCRNL) {
        put_newline(line);
        return;
    }
    line->column = 0;
    put(line, '\r');
}

static void put_tab(struct line *line) {
    uint32_t column = next_column(line, '\t', line->column);
    if ((line->termios.output_flags & XTABS) == XTABS)
        for (uint32_t at = line->column; at < column; at++)
            put(line, ' ');
    else
        put(line, '\t');
    line->column = column;
}

static void process(struct line *line, uint8_t byte) {
    if (!(line->termios.output_flags & OPOST)) {
        put(line, (char)byte);
        line->column = byte == '\n' ? line->column : next_column(line, byte, line->column);
    } else if (byte == '\n') {
        put_newline(line);
    } else if (byte == '\r') {
        put_return(line);
    } else if (byte == '\t') {
        put_tab(line);
    } else {
        if ((line->termios.output_flags & OLCUC) && byte >= 'a' && byte <= 'z')
            byte = (uint8_t)(byte - 'a' + 'A');
        put(line, (char)byte);
        line->column = next_column(line, byte, line->column);
    }
}

void line_emit(struct line *line, uint8_t byte) {
    if (room(line) >= TAB_WIDTH)
        process(line, byte);
}

static bool shows_as_caret(const struct line *line, uint8_t byte) {
    return (line->termios.local_flags & ECHOCTL) && is_control(byte) && byte != '\t' &&
           byte != '\n';
}

void line_echo(struct line *line, uint8_t byte) {
    if (shows_as_caret(line, byte)) {
        line_emit(line, '^');
        byte ^= 0x40;
    }
    line_emit(line, byte);
}

uint32_t line_echo_column(const struct line *line, uint8_t byte, uint32_t column) {
    return shows_as_caret(line, byte) ? column + 2 : next_column(line, byte, column);
}

bool line_writable(const struct line *line) {
    return room(line) >= ECHO_RESERVE + TAB_WIDTH;
}

uint32_t line_write(struct line *line, const char *bytes, uint32_t count) {
    uint32_t taken = 0;
    while (taken < count && line_writable(line))
        process(line, (uint8_t)bytes[taken++]);
    return taken;
}

uint32_t line_output(const struct line *line, const char **bytes) {
    uint32_t first = line->output_head % LINE_OUTPUT_BYTES;
    uint32_t waiting = line->output_tail - line->output_head;
    uint32_t contiguous = LINE_OUTPUT_BYTES - first;
    *bytes = &line->output[first];
    if (line->stopped)
        return 0;
    return waiting < contiguous ? waiting : contiguous;
}

void line_output_taken(struct line *line, uint32_t count) {
    line->output_head += count;
}

void line_flush_output(struct line *line) {
    line->output_head = line->output_tail;
}
