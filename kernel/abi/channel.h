// SPDX-License-Identifier: MIT
/*
 * Channels: what `rfctl exec` rides on. One bounded object between the operator, which opens it and
 * pays for it, and a tenant, which accepts it and runs a command behind it.
 *
 *      operator                       tenant
 *        write ── STREAM_INPUT ──────> read          stdin of the command
 *        read  <─ STREAM_OUTPUT ────── write         stdout (all output, if terminal)
 *        read  <─ STREAM_ERROR ─────── write         stderr
 *
 *   offered ──accept──> open ──exit──> ended ──both ends closed──> freed
 *
 * Each stream holds at most CHANNEL_STREAM_BYTES; a full one refuses (AGAIN) and is never lost. Every
 * change adds 1 to the other side's tenant_information.channel_sequence and .event_sequence. If a tenant dies its end closes,
 * and the operator reads `ended` with status SIGKILL.
 */
#ifndef KERNEL_ABI_CHANNEL_H
#define KERNEL_ABI_CHANNEL_H

#include <stdint.h>

#define CHANNEL_STREAM_BYTES  4096
#define CHANNEL_COMMAND_BYTES 2048

enum channel_stream { STREAM_INPUT, STREAM_OUTPUT, STREAM_ERROR, STREAM_COUNT };
enum channel_state { CHANNEL_OFFERED, CHANNEL_OPEN, CHANNEL_ENDED };

#define CHANNEL_TERMINAL 0x1u /* the command gets a pty; window sizes matter */

struct channel_offer {
    uint32_t tenant;
    uint32_t flags;
    uint32_t window;                     /* rows << 16 | columns */
    uint32_t command_bytes;              /* used bytes of command */
    char command[CHANNEL_COMMAND_BYTES]; /* argv strings, each ended by NUL; then, after an empty
                                            string, environment strings */
};

struct channel_description {
    uint32_t state; /* enum channel_state */
    uint32_t flags;
    uint32_t window;
    uint32_t exit_status;            /* as wait(2) gives it, once CHANNEL_ENDED */
    uint32_t readable[STREAM_COUNT]; /* bytes waiting for the caller */
    uint32_t writable[STREAM_COUNT]; /* room for the caller */
    uint32_t shut; /* bit per stream: its writer is done; or, if the caller writes it, its reader */
    uint32_t command_bytes;
    char command[CHANNEL_COMMAND_BYTES];
};

#endif
