// SPDX-License-Identifier: MIT
/*
 * The parts of the operator's init.
 */
#ifndef USERLAND_INIT_INIT_H
#define USERLAND_INIT_INIT_H

#include <stdbool.h>
#include <sys/types.h>

#define MACHINE_FILE  "/boot/machine.json"
#define COMMANDS_FILE "/boot/commands.json"
#define TERMINAL_FILE "/boot/terminal.json"

/* One line for the person at the console and for the core's log. */
void report(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same for what the description asks for and the machine now lacks: nobody reads the console of
 * `rf run --exec`, so there it is also the first line on rf's standard error. */
void report_missing(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The whole file with a NUL; NULL with errno. The caller frees. */
char *read_file(const char *path);

/* Creates the tenants of MACHINE_FILE and starts their commands. What is refused is reported; the
 * rest goes on. */
void machine_start(void);
/* A child ended: if it stood for a tenant's command and the tenant died with it, starts
 * it again. */
void machine_child_ended(pid_t pid, int status);

/* Runs COMMANDS_FILE, if there is one, with the output going to the debug port, and turns the
 * machine off. Returns only if there is no such file. */
void commands_run(void);

/* One line on the standard error of `rf run --exec`. */
void commands_write_error(const char *line);

/* A login shell on the console, for ever; takes in orphans meanwhile. */
_Noreturn void shell_keep(void);

#endif
