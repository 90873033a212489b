// SPDX-License-Identifier: MIT
/*
 * The console: a terminal whose device side is the first device of class console that the tenant
 * was granted.
 */
#ifndef DOMAINS_LINUX_TTY_CONSOLE_H
#define DOMAINS_LINUX_TTY_CONSOLE_H

struct terminal;

/* Finds the device, starts to read from it and registers /dev/console and /dev/tty. 0 (also without
 * a device) or -ENOMEM. */
int console_start(void);
/* Borrowed; NULL if this tenant has no console. */
struct terminal *console_terminal(void);

#endif
