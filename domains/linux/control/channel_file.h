// SPDX-License-Identifier: MIT
/*
 * The operator's end of a channel as a file: its ioctls give the streams, the state and the window.
 */
#ifndef DOMAINS_LINUX_CONTROL_CHANNEL_FILE_H
#define DOMAINS_LINUX_CONTROL_CHANNEL_FILE_H

#include <stdint.h>

struct inode;

/* CONTROL_OPEN: makes the offer at `argument` and installs the channel in the current process. The
 * descriptor, or a negative errno that says why the core refused: -EINVAL bad offer, -ESRCH no such
 * tenant, -ECONNREFUSED it is not running, -ENOMEM, -EAGAIN, -EIO. */
int channel_file_open(struct inode *inode, uint32_t argument);

#endif
