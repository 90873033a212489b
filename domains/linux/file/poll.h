// SPDX-License-Identifier: MIT
/*
 * Waiting until one of several files is ready: what poll and select share.
 */
#ifndef DOMAINS_LINUX_FILE_POLL_H
#define DOMAINS_LINUX_FILE_POLL_H

#include "domains/linux/file/file.h"
#include "domains/linux/signal/queue.h"

struct poll_entry {     /* struct pollfd */
    int32_t descriptor; /* negative: ignored */
    uint16_t events, ready;
};

/* Number of ready entries; 0 after the deadline; -ERESTARTNOHAND. */
int32_t wait_for_ready(struct poll_entry *entries, uint32_t count, uint64_t deadline);

/* The deadline that an app's struct timespec means; without one (user == 0) DEADLINE_NEVER. */
int deadline_of(uint32_t user, bool wide, uint64_t *deadline);
uint64_t time_left(uint64_t deadline);
/* The time that is left, back into the app's timespec, as Linux does; a fault is not reported. */
void put_time_left(uint32_t user, bool wide, uint64_t deadline);

/* The signal mask for the time of a wait; user == 0: unchanged. */
struct temporary_mask {
    bool set;
    signal_set before;
};

int mask_begin(struct temporary_mask *mask, uint32_t user, uint32_t bytes);
/* If a signal ended the wait (`result`), its handler still runs under the temporary mask. */
void mask_end(const struct temporary_mask *mask, int32_t result);

#endif
