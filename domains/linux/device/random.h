// SPDX-License-Identifier: MIT
/*
 * Random bytes of this tenant: a ChaCha20 stream keyed by the fresh seed that the core gives at
 * each start, with the key replaced after every request so that what was handed out cannot be
 * recomputed.
 */
#ifndef DOMAINS_LINUX_DEVICE_RANDOM_H
#define DOMAINS_LINUX_DEVICE_RANDOM_H

#include <stddef.h>

/* Fills the buffer; never fails and never sleeps. The lock is held. For getrandom(), AT_RANDOM and
 * /dev/urandom. */
void random_bytes(void *buffer, size_t bytes);

#endif
