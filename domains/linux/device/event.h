// SPDX-License-Identifier: MIT
/*
 * The event service: one thread that sleeps on tenant_information.event_sequence and, whenever the
 * core has added to it or a watcher has asked for it, calls every watcher under the lock. A watcher looks at its own rings or
 * channels, and never sleeps.
 */
#ifndef DOMAINS_LINUX_DEVICE_EVENT_H
#define DOMAINS_LINUX_DEVICE_EVENT_H

#include <stdint.h>

struct event_watcher {
    void (*changed)(void *context);
    void *context;
    struct event_watcher *next;
};

int event_service_start(void); /* 0 or -ENOMEM */
/* Watchers are called at this time at the latest (nanoseconds since boot), once. */
void event_wanted_by(uint64_t deadline);
void event_watch(struct event_watcher *watcher); /* the caller owns it and never takes it back */

#endif
