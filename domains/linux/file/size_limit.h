// SPDX-License-Identifier: MIT
/*
 * RLIMIT_FSIZE: how long a process may make a regular file. Whatever makes one longer asks here.
 */
#ifndef DOMAINS_LINUX_FILE_SIZE_LIMIT_H
#define DOMAINS_LINUX_FILE_SIZE_LIMIT_H

#include <stdint.h>

/* A write of `*count` bytes at `offset` ends at the limit: 0. One that begins there is refused: SIGXFSZ is sent, and -EFBIG is the
 * answer. */
int size_limit_write(uint64_t offset, uint32_t *count);
/* May a file of this size get another by truncate or fallocate? 0, or SIGXFSZ and -EFBIG. */
int size_limit_change(uint64_t before, uint64_t after);

#endif
