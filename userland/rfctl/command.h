// SPDX-License-Identifier: MIT
/*
 * rfctl's commands: each group of them is a file that defines its entries; main.c lists them.
 */
#ifndef USERLAND_RFCTL_COMMAND_H
#define USERLAND_RFCTL_COMMAND_H

#include "kernel/abi/control.h"

#include <stdbool.h>

struct command {
    const char *name;
    const char *usage;                   /* what follows the name: "[TENANT] [--json]" */
    const char *help;                    /* first line: what it does, for the list; then details */
    int (*run)(int count, char **words); /* the words behind the name; exit status */
};

extern const struct command tenants_command, create_command, destroy_command, set_command;
extern const struct command drivers_command, crash_command, restart_command;
extern const struct command stats_command, fence_command, descriptors_command, log_command;
extern const struct command network_command, allow_command, deny_command;
extern const struct command io_command, exec_command, audit_command, poweroff_command;

/* Takes a word out of the list; true if it was there. Stops at "--". */
bool take_option(int *count, char **words, const char *option);
/* Exactly `least` to `most` words, and none of them an unknown option: else a message,
 * and false. */
bool check_words(const struct command *command, int count, char **words, int least, int most);

/* "rfctl: …" on standard error; answers 1. */
int fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The tenant or driver, or a message that lists those that exist. */
bool need_tenant(const char *name, struct tenant_status *status);
bool need_driver(const char *name, struct driver_status *status);

#endif
