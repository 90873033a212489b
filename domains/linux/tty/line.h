// SPDX-License-Identifier: MIT
/*
 * The line discipline: what happens to a byte between the device and the programs. Pure logic on
 * two bounded rings; who sleeps and who is signalled is decided by terminal.c.
 *
 *   input ring    head ........ committed ........ tail
 *                 readers may    the line that is
 *                 take these     being edited
 *
 *   output ring   output_head ............ output_tail
 *                 what the device has not taken yet
 *
 * All counters run freely; head <= committed <= tail, and neither ring ever holds more than its
 * size. In raw mode committed == tail. In canonical mode one cell stays free for the end of the
 * line, so that a line that is too long can still be ended: further bytes of it are dropped, with a
 * bell if IMAXBEL.
 */
#ifndef DOMAINS_LINUX_TTY_LINE_H
#define DOMAINS_LINUX_TTY_LINE_H

#include "domains/linux/tty/termios.h"

#include <stdbool.h>
#include <stdint.h>

#define LINE_INPUT_CELLS  1024 /* powers of two */
#define LINE_OUTPUT_BYTES 2048

struct line {
    struct termios termios;
    uint32_t head, committed, tail;
    uint32_t output_head, output_tail;
    uint32_t column;                  /* where the cursor is, as far as the output tells */
    uint32_t start_column;            /* where the line that is being edited began */
    bool literal;                     /* VLNEXT came: the next byte has no special meaning */
    bool stopped;                     /* VSTOP came: the device gets nothing until VSTART */
    uint16_t input[LINE_INPUT_CELLS]; /* a byte and CELL_* marks */
    char output[LINE_OUTPUT_BYTES];
};

enum line_event {
    LINE_TAKEN,
    LINE_FULL,      /* not taken: offer the byte again once somebody has read */
    LINE_INTERRUPT, /* taken: VINTR, VQUIT or VSUSP */
    LINE_QUIT,
    LINE_SUSPEND
};

/* A terminal as Linux sets one up: canonical, with echo, signals and newline translation. */
void line_start(struct line *line);

/* A byte from the device. Echo goes to the output ring; echo that does not fit is dropped. */
enum line_event line_receive(struct line *line, uint8_t byte);

/* Takes bytes for a reader: in canonical mode to the end of one line. *end tells that this read is
 * complete: after a line, or an end of file (then the count may be 0). */
uint32_t line_read(struct line *line, char *to, uint32_t room, bool *end);
/* A read would not have to wait: canonical, a line is there; raw, at least `minimum` bytes. */
bool line_readable(const struct line *line, uint32_t minimum);
uint32_t line_waiting(const struct line *line); /* bytes, for FIONREAD */

/* Bytes from a program, through output processing. Returns how many were taken; fewer:
 * ring full. */
uint32_t line_write(struct line *line, const char *bytes, uint32_t count);
bool line_writable(const struct line *line);
/* What the device should send next: a contiguous piece of the ring, 0 bytes if none or stopped. */
uint32_t line_output(const struct line *line, const char **bytes);
void line_output_taken(struct line *line, uint32_t count);

/* New settings; what was typed under the old ones becomes readable if canonical mode ends. */
void line_set(struct line *line, const struct termios *termios);
void line_flush_input(struct line *line);
void line_flush_output(struct line *line);

#endif
