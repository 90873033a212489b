// SPDX-License-Identifier: MIT
/*
 * A terminal: the line discipline between a device side (console, pty master, channel) and the
 * processes that have it open.
 *
 *   device ── terminal_input() ───> [line discipline] ──> read()   by processes
 *   device <─ terminal_output() ─── [output processing] <── write()
 *
 * The device side pulls: it is told by a callback that there is something to pull, or room to push.
 * VINTR, VQUIT, VSUSP become signals to the foreground process group at once, even when nobody
 * reads.
 *
 * Reference counts: each open description holds one, each process whose controlling terminal it is
 * holds one (process->terminal), the device side holds the one of terminal_make().
 */
#ifndef DOMAINS_LINUX_TTY_TERMINAL_H
#define DOMAINS_LINUX_TTY_TERMINAL_H

#include "domains/linux/file/file.h"
#include "domains/linux/tty/termios.h"

struct terminal;
struct process;

/* Called with the lock held; must not sleep. Each may be NULL. */
struct terminal_device {
    void (*output_ready)(void *context);      /* terminal_output() has bytes */
    void (*input_room)(void *context);        /* terminal_input() takes bytes again */
    void (*opened)(void *context, bool open); /* the first program opened it, the last closed it */
    void *context;
};

struct terminal *terminal_make(const struct terminal_device *device, uint32_t device_number);
void terminal_hold(struct terminal *terminal);
void terminal_release(struct terminal *terminal);

uint32_t terminal_input(struct terminal *terminal, const char *bytes, uint32_t count); /* taken */
/* The next bytes for the device, 0 if there are none; they stay until terminal_output_taken(). */
uint32_t terminal_output(const struct terminal *terminal, const char **bytes);
void terminal_output_taken(struct terminal *terminal, uint32_t count);
/* For a device that takes bytes before they are out: are some on their way now? */
void terminal_output_sending(struct terminal *terminal, bool sending);

void terminal_hangup(
    struct terminal *terminal); /* readers see EOF, the session gets SIGHUP, SIGCONT */
void terminal_resize(struct terminal *terminal, uint16_t rows, uint16_t columns); /* SIGWINCH */
uint32_t terminal_device_number(const struct terminal *terminal);
int32_t terminal_foreground(const struct terminal *terminal); /* process group, for /proc/N/stat */

/* Makes `file`, which a device node is opening, a description of it; also what open() of a terminal
 * does to a session leader without one, unless O_NOCTTY. 0 or a negative errno. */
int terminal_attach(struct terminal *terminal, struct file *file);
/* The terminal behind an open description, borrowed; NULL if it is something else. */
struct terminal *terminal_of_file(const struct file *file);

/* The session leader's exit: the foreground group gets SIGHUP and SIGCONT, and all processes of the
 * session lose the terminal (their references are released). */
void terminal_disown(struct terminal *terminal, int32_t session);
/* Gives `leader`'s session the terminal: TIOCSCTTY, the first open, and process_spawn(). -EPERM if
 * the process does not lead its session, has a terminal already, or the terminal has a session. */
int terminal_give(struct terminal *terminal, struct process *leader);

#endif
