// SPDX-License-Identifier: MIT
/*
 * /dev/ringfence: how the operator's programs (init, rfctl) speak through their manager to the
 * core.
 *
 * The node exists only in the tenant whose LDT holds the control gate. The manager copies the one
 * buffer in, makes the gate call and copies the buffer out; it judges nothing, the core does.
 *
 * An open channel is a file of its own: CONTROL_STREAM gives one file per stream (read, write and
 * poll work on them; closing STREAM_INPUT's shuts it), CONTROL_DESCRIBE its state.
 */
#ifndef DOMAINS_LINUX_CONTROL_REQUEST_H
#define DOMAINS_LINUX_CONTROL_REQUEST_H

#include "kernel/abi/channel.h"
#include "kernel/abi/control.h"
#include "kernel/abi/gate.h"
#include "kernel/abi/status.h"

#include <stdint.h>

#define CONTROL_DEVICE "/dev/ringfence"

/* ioctl numbers, as _IOWR('R', n, …) would make them without a size. */
#define CONTROL_CALL 0x5201 /* (struct control_request *): 0, or EFAULT, EINVAL */
#define CONTROL_OPEN                                                                               \
    0x5202 /* (struct channel_offer *) -> descriptor of the channel; EIO, EAGAIN, … */
#define CONTROL_STREAM                                                                             \
    0x5203 /* on a channel, (enum channel_stream) -> descriptor of the stream \
                                 */
#define CONTROL_DESCRIBE                                                                           \
    0x5204 /* on a channel, (struct channel_description *): all but the command */
#define CONTROL_WINDOW 0x5205 /* on a channel, (rows << 16 | columns) */

#define CONTROL_BUFFER_MAX 4096

struct control_request {
    uint32_t call; /* enum control_call */
    uint32_t arguments[4];
    uint32_t buffer;          /* address in the app, 0: none */
    uint32_t buffer_bytes;    /* at most CONTROL_BUFFER_MAX; copied in and out */
    uint32_t buffer_argument; /* which of arguments[] names it to the core */
    uint32_t status;          /* out: enum status */
    uint32_t value;           /* out */
};

#endif
