// SPDX-License-Identifier: MIT
/*
 * Pseudo-terminals: /dev/ptmx makes a pair, /dev/pts/N is its terminal side.
 *
 *   master file (terminal emulator, `script`, telnetd)      /dev/pts/N
 *     write ── terminal_input() ──> [line discipline] ──> read
 *     read  <─ terminal_output() ── [line discipline] <── write
 *
 * The manager can be the master itself, for a command behind a channel.
 */
#ifndef DOMAINS_LINUX_TTY_PTY_H
#define DOMAINS_LINUX_TTY_PTY_H

#include "domains/linux/tty/terminal.h"

#define PTY_PATH_BYTES 16 /* room for "/dev/pts/4095" */

struct pty;

int pty_start(void); /* registers /dev/ptmx: 0 or -ENOMEM */

/* A pair whose master is the caller, who is called back by `device`. NULL: no memory, or no number
 * free. */
struct pty *pty_make(const struct terminal_device *device);
struct terminal *pty_terminal(struct pty *pty);   /* borrowed */
void pty_path(const struct pty *pty, char *path); /* PTY_PATH_BYTES: "/dev/pts/N" */
void pty_close(
    struct pty *pty); /* the master goes: hangup; the number is free once nobody has it open */

#endif
