// SPDX-License-Identifier: MIT
/*
 * The command behind a channel, as text from another tenant: argv strings, each ended by NUL; then,
 * after an empty string, environment strings. Nothing about it is trusted: it may be cut anywhere.
 */
#ifndef DOMAINS_LINUX_CHANNEL_COMMAND_H
#define DOMAINS_LINUX_CHANNEL_COMMAND_H

#include "kernel/abi/channel.h"

#include <stdbool.h>
#include <stdint.h>

#define COMMAND_STRINGS   128
#define COMMAND_PATH      256
#define COMMAND_DIRECTORY "/bin:/sbin:/usr/bin:/usr/sbin" /* where to search without a PATH */

struct command {
    const char *arguments[COMMAND_STRINGS + 1]; /* end with NULL, as exec wants them */
    const char *environment[COMMAND_STRINGS + 1];
    uint32_t argument_count, environment_count;
    char text[CHANNEL_COMMAND_BYTES + 1]; /* what the pointers point into */
};

/* Splits the first `bytes` of its text. false: no argument, or more strings than fit. */
bool command_parse(struct command *command, uint32_t bytes);
/* The value of an environment variable, or NULL. */
const char *command_variable(const struct command *command, const char *name);
/* Adds "NAME=value" unless the variable is there or there is no room. */
void command_default(struct command *command, const char *assignment);

/* The next file that argv[0] may mean: itself if it holds a slash, else in each folder of PATH in
 * turn. *position starts at 0. false: no more; a name that does not fit in COMMAND_PATH is passed
 * over. */
bool command_candidate(const struct command *command, uint32_t *position, char path[COMMAND_PATH]);

#endif
