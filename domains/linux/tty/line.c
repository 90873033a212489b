// SPDX-License-Identifier: MIT
/*
 * The input half of the line discipline.
 *
 * A byte passes these stations in order, and the first that knows it keeps it:
 *
 *   literal (after VLNEXT) -> flow control (IXON) -> signals (ISIG) -> CR and NL mapping
 *     -> line editing (ICANON) -> the input ring, with echo
 */
#include "domains/linux/tty/line.h"

#include "domains/linux/tty/line_output.h"

#define CELL_END_OF_LINE 0x100 /* a canonical read stops after this byte */
#define CELL_END_OF_FILE 0x200 /* stands for VEOF: ends a read and is never delivered */

static const struct termios initial = {
    .input_flags = ICRNL | IXON,
    .output_flags = OPOST | ONLCR,
    .control_flags = B38400 | CS8 | CREAD | HUPCL,
    .local_flags = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
    .control = {[VINTR] = 0x03,  /* ^C */
                [VQUIT] = 0x1C,  /* ^\ */
                [VERASE] = 0x7F, /* DEL */
                [VKILL] = 0x15,  /* ^U */
                [VEOF] = 0x04,   /* ^D */
                [VMIN] = 1,
                [VSTART] = 0x11,   /* ^Q */
                [VSTOP] = 0x13,    /* ^S */
                [VSUSP] = 0x1A,    /* ^Z */
                [VREPRINT] = 0x12, /* ^R */
                [VDISCARD] = 0x0F, /* ^O */
                [VWERASE] = 0x17,  /* ^W */
                [VLNEXT] = 0x16},  /* ^V */
    .input_speed = 38400,
    .output_speed = 38400,
};

void line_start(struct line *line) {
    *line = (struct line){.termios = initial};
}

static bool local(const struct line *line, uint32_t flags) {
    return (line->termios.local_flags & flags) == flags;
}

static bool is(const struct line *line, uint8_t byte, enum control_character which) {
    return byte != 0 && byte == line->termios.control[which];
}

static uint8_t at(const struct line *line, uint32_t position) {
    return (uint8_t)line->input[position % LINE_INPUT_CELLS];
}

/* ---- Into the ring --------------------------------------------------------------------------- */

static void append(struct line *line, uint32_t cell) {
    line->input[line->tail++ % LINE_INPUT_CELLS] = (uint16_t)cell;
}

static void commit(struct line *line) {
    line->committed = line->tail;
    line->start_column = line->column;
}

static uint32_t room(const struct line *line) {
    return LINE_INPUT_CELLS - (line->tail - line->head);
}

static void echo_if_wanted(struct line *line, uint8_t byte) {
    if (local(line, ECHO) || (byte == '\n' && local(line, ECHONL | ICANON)))
        line_echo(line, byte);
}

/* An ordinary byte. In canonical mode the ring's last cell is kept for the end of the line. */
static enum line_event insert(struct line *line, uint8_t byte) {
    bool canonical = local(line, ICANON);
    if (room(line) <= (canonical ? 1u : 0u)) {
        if (!canonical || line->head != line->committed)
            return LINE_FULL;
        if (line->termios.input_flags & IMAXBEL)
            line_emit(line, '\a');
        return LINE_TAKEN;
    }
    if (line->tail == line->committed)
        line->start_column = line->column;
    append(line, byte);
    echo_if_wanted(line, byte);
    if (!canonical)
        commit(line);
    return LINE_TAKEN;
}

/* The byte, or the mark, that ends a line. */
static enum line_event finish(struct line *line, uint8_t byte, uint32_t mark) {
    if (room(line) == 0)
        return LINE_FULL;
    append(line, byte | mark);
    if (mark != CELL_END_OF_FILE)
        echo_if_wanted(line, byte);
    commit(line);
    return LINE_TAKEN;
}

/* ---- Editing --------------------------------------------------------------------------------- */

static uint32_t column_at(const struct line *line, uint32_t position) {
    uint32_t column = line->start_column;
    for (uint32_t i = line->committed; i != position; i++)
        column = line_echo_column(line, at(line, i), column);
    return column;
}

/* Cuts the line at `position` and wipes on the screen what was there. */
static void cut(struct line *line, uint32_t position) {
    uint32_t width = column_at(line, line->tail) - column_at(line, position);
    line->tail = position;
    while (width--) {
        line_emit(line, '\b');
        line_emit(line, ' ');
        line_emit(line, '\b');
    }
}

/* The position before the last character, which may be several bytes of UTF-8. */
static uint32_t before_last(const struct line *line, uint32_t position) {
    if (position == line->committed)
        return position;
    position--;
    while ((line->termios.input_flags & IUTF8) && position != line->committed &&
           (at(line, position) & 0xC0) == 0x80)
        position--;
    return position;
}

static bool is_word(uint8_t byte) {
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z') || byte == '_' || byte >= 0x80;
}

static uint32_t before_word(const struct line *line) {
    uint32_t position = line->tail;
    while (position != line->committed && !is_word(at(line, position - 1)))
        position--;
    while (position != line->committed && is_word(at(line, position - 1)))
        position--;
    return position;
}

/* Erases back to `position`. Without ECHOE the screen shows the erase character instead. */
static void erase(struct line *line, uint32_t position, uint8_t byte) {
    if (position == line->tail)
        return;
    if (local(line, ECHO | ECHOE)) {
        cut(line, position);
        return;
    }
    line->tail = position;
    echo_if_wanted(line, byte);
}

static void kill_line(struct line *line, uint8_t byte) {
    if (local(line, ECHO | ECHOE | ECHOK | ECHOKE)) {
        cut(line, line->committed);
        return;
    }
    line->tail = line->committed;
    echo_if_wanted(line, byte);
    if (local(line, ECHO | ECHOK))
        line_emit(line, '\n');
}

static void reprint(struct line *line, uint8_t byte) {
    line_echo(line, byte);
    line_emit(line, '\n');
    line->start_column = line->column;
    for (uint32_t i = line->committed; i != line->tail; i++)
        line_echo(line, at(line, i));
}

static void begin_literal(struct line *line) {
    line->literal = true;
    if (local(line, ECHO | ECHOCTL)) {
        line_emit(line, '^');
        line_emit(line, '\b');
    }
}

static enum line_event edit(struct line *line, uint8_t byte) {
    bool extended = local(line, IEXTEN);
    if (is(line, byte, VERASE))
        erase(line, before_last(line, line->tail), byte);
    else if (is(line, byte, VKILL))
        kill_line(line, byte);
    else if (extended && is(line, byte, VWERASE))
        erase(line, before_word(line), byte);
    else if (extended && is(line, byte, VREPRINT) && local(line, ECHO))
        reprint(line, byte);
    else if (is(line, byte, VEOF))
        return finish(line, 0, CELL_END_OF_FILE);
    else if (byte == '\n' || is(line, byte, VEOL) || (extended && is(line, byte, VEOL2)))
        return finish(line, byte, CELL_END_OF_LINE);
    else
        return insert(line, byte);
    return LINE_TAKEN;
}

/* ---- A byte from the device ------------------------------------------------------------------ */

static enum line_event signal_event(const struct line *line, uint8_t byte) {
    if (!local(line, ISIG))
        return LINE_TAKEN;
    if (is(line, byte, VINTR))
        return LINE_INTERRUPT;
    if (is(line, byte, VQUIT))
        return LINE_QUIT;
    return is(line, byte, VSUSP) ? LINE_SUSPEND : LINE_TAKEN;
}

static void raise(struct line *line, uint8_t byte) {
    if (!local(line, NOFLSH)) {
        line_flush_input(line);
        line_flush_output(line);
    }
    line->stopped = false;
    echo_if_wanted(line, byte);
}

static bool flow_control(struct line *line, uint8_t byte) {
    uint32_t flags = line->termios.input_flags;
    if (!(flags & IXON))
        return false;
    if (is(line, byte, VSTART)) {
        line->stopped = false;
        return true;
    }
    if (is(line, byte, VSTOP)) {
        line->stopped = true;
        return true;
    }
    if (flags & IXANY)
        line->stopped = false;
    return false;
}

enum line_event line_receive(struct line *line, uint8_t byte) {
    uint32_t flags = line->termios.input_flags;
    if (flags & ISTRIP)
        byte &= 0x7F;
    if (line->literal) {
        enum line_event stored = insert(line, byte);
        line->literal = stored == LINE_FULL;
        return stored;
    }
    if (flow_control(line, byte))
        return LINE_TAKEN;
    enum line_event event = signal_event(line, byte);
    if (event != LINE_TAKEN) {
        raise(line, byte);
        return event;
    }
    if ((flags & IUCLC) && byte >= 'A' && byte <= 'Z')
        byte = (uint8_t)(byte - 'A' + 'a');
    if (byte == '\r') {
        if (flags & IGNCR)
            return LINE_TAKEN;
        if (flags & ICRNL)
            byte = '\n';
    } else if (byte == '\n' && (flags & INLCR)) {
        byte = '\r';
    }
    if (local(line, IEXTEN) && is(line, byte, VLNEXT) && local(line, ICANON)) {
        begin_literal(line);
        return LINE_TAKEN;
    }
    return local(line, ICANON) ? edit(line, byte) : insert(line, byte);
}

/* ---- Out of the ring ------------------------------------------------------------------------- */

uint32_t line_read(struct line *line, char *to, uint32_t room_left, bool *end) {
    uint32_t count = 0;
    *end = false;
    while (line->head != line->committed && !*end) {
        uint32_t cell = line->input[line->head % LINE_INPUT_CELLS];
        /* An end of file right behind the last byte that fits belongs to this read. */
        if (count == room_left && !(count && (cell & CELL_END_OF_FILE)))
            break;
        line->head++;
        if (cell & CELL_END_OF_FILE) {
            *end = local(line, ICANON);
            continue;
        }
        to[count++] = (char)cell;
        *end = local(line, ICANON) && (cell & CELL_END_OF_LINE);
    }
    return count;
}

bool line_readable(const struct line *line, uint32_t minimum) {
    uint32_t available = line->committed - line->head;
    return available >= (local(line, ICANON) || minimum == 0 ? 1 : minimum);
}

uint32_t line_waiting(const struct line *line) {
    uint32_t count = 0;
    for (uint32_t i = line->head; i != line->committed; i++)
        count += !(line->input[i % LINE_INPUT_CELLS] & CELL_END_OF_FILE);
    return count;
}

void line_set(struct line *line, const struct termios *termios) {
    line->termios = *termios;
    line->literal = false;
    if (!(termios->input_flags & IXON))
        line->stopped = false;
    if (!local(line, ICANON))
        commit(line);
}

void line_flush_input(struct line *line) {
    line->head = line->tail;
    line->literal = false;
    commit(line);
}
