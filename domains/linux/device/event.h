// SPDX-License-Identifier: MIT
/*
 * The event service: one thread that sleeps on tenant_information.event_sequence and, whenever the
 * core has added to it, calls every watcher under the lock. A watcher looks at its own rings or
 * channels, and never sleeps.
 */
#ifndef DOMAINS_LINUX_DEVICE_EVENT_H
#define DOMAINS_LINUX_DEVICE_EVENT_H

struct event_watcher {
    void (*changed)(void *context);
    void *context;
    struct event_watcher *next;
};

int event_service_start(void);                   /* 0 or -ENOMEM */
void event_watch(struct event_watcher *watcher); /* the caller owns it and never takes it back */

#endif
