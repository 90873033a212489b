// SPDX-License-Identifier: MIT
/*
 * The event service. The sequence is read before the watchers look, so an event that comes while
 * they do makes the next THREAD_BLOCK return at once: none is ever slept over.
 */
#include "domains/linux/device/event.h"

#include "domains/lib/gate.h"
#include "domains/lib/information.h"
#include "domains/lib/lock.h"
#include "domains/lib/thread.h"
#include "domains/linux/process/process.h"
#include "domains/linux/process/schedule.h"

#include <stddef.h>

static struct event_watcher *watchers;
static uint64_t deadline = DEADLINE_NEVER;
static const struct thread_control *service;

void event_watch(struct event_watcher *watcher) {
    watcher->next = watchers;
    watchers = watcher;
}

/* A poke is not lost if it comes between the service's last look and its sleep. */
void event_wanted_by(uint64_t when) {
    if (when >= deadline)
        return;
    deadline = when;
    if (service != NULL && service != thread_control())
        core_thread_poke(service->handle);
}

static _Noreturn void serve(void *unused) {
    (void)unused;
    const uint32_t *word = (const uint32_t *)&information()->event_sequence;
    service = thread_control();
    manager_lock();
    schedule_serve();
    manager_unlock();
    for (;;) {
        uint32_t sequence = __atomic_load_n(word, __ATOMIC_ACQUIRE);
        manager_lock();
        deadline = DEADLINE_NEVER;
        for (struct event_watcher *watcher = watchers; watcher; watcher = watcher->next)
            watcher->changed(watcher->context);
        uint64_t until = deadline;
        manager_unlock();
        core_thread_block(word, sequence, until);
    }
}

int event_service_start(void) {
    return manager_thread(serve, NULL);
}
