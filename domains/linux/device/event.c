// SPDX-License-Identifier: MIT
/*
 * The event service. The sequence is read before the watchers look, so an event that comes while
 * they do makes the next THREAD_BLOCK return at once: none is ever slept over.
 */
#include "domains/linux/device/event.h"

#include "domains/lib/gate.h"
#include "domains/lib/information.h"
#include "domains/lib/lock.h"
#include "domains/linux/process/process.h"

#include <stddef.h>

static struct event_watcher *watchers;

void event_watch(struct event_watcher *watcher) {
    watcher->next = watchers;
    watchers = watcher;
}

static _Noreturn void serve(void *unused) {
    (void)unused;
    const uint32_t *word = (const uint32_t *)&information()->event_sequence;
    for (;;) {
        uint32_t sequence = __atomic_load_n(word, __ATOMIC_ACQUIRE);
        manager_lock();
        for (struct event_watcher *watcher = watchers; watcher; watcher = watcher->next)
            watcher->changed(watcher->context);
        manager_unlock();
        core_thread_block(word, sequence, DEADLINE_NEVER);
    }
}

int event_service_start(void) {
    return manager_thread(serve, NULL);
}
