// SPDX-License-Identifier: MIT
/*
 * Pipes: nameless, by pipe(2), and named, by opening a fifo.
 */
#ifndef DOMAINS_LINUX_FS_PIPE_H
#define DOMAINS_LINUX_FS_PIPE_H

#include "domains/linux/file/file.h"

/* Both ends of a new pipe: ends[0] reads. flags: O_NONBLOCK, O_DIRECT. 0 or -ENOMEM. */
int pipe_make(struct file *ends[2], uint32_t flags);
/* Opens one side (or both) of a named pipe; waits for the other side as open(2) says. */
int fifo_open(struct inode *inode, struct file *file);

bool file_is_pipe(const struct file *file);
bool files_are_one_pipe(const struct file *one, const struct file *other);
/* F_GETPIPE_SZ and F_SETPIPE_SZ: the size in bytes, -EBUSY, -EPERM, -ENOMEM. */
int pipe_size(const struct file *file);
int pipe_resize(struct file *file, uint32_t bytes);

#endif
