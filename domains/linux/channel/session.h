// SPDX-License-Identifier: MIT
/*
 * A command running behind an accepted channel, on a pty or on three streams.
 */
#ifndef DOMAINS_LINUX_CHANNEL_SESSION_H
#define DOMAINS_LINUX_CHANNEL_SESSION_H

#include <stdint.h>

/* Takes over the core's handle and starts the command in a thread of its own. What cannot be
 * started is told on STREAM_ERROR and by an exit status as a shell's: 127 not found, 126 not
 * possible. */
void session_begin(uint32_t channel);

#endif
