// SPDX-License-Identifier: MIT
/*
 * A poke is not lost if it comes between the last look and the sleep, and the lock is held from the caller's look at its
 * socket until then.
 */
#include "domains/linux/network/watch.h"

#include "domains/lib/gate.h"
#include "domains/lib/thread.h"
#include "domains/linux/network/card.h"
#include "domains/linux/network/stack.h"

#include <stddef.h>

static struct {
    const struct wait_queue *changed; /* of the socket that it waits for; NULL: nobody watches */
    uint32_t thread;
} watcher;

static enum wait_result watch(const struct wait_queue *changed, uint64_t deadline) {
    enum wait_result result = WAIT_WOKEN;
    if (!card_has_frames()) {
        watcher.changed = changed;
        watcher.thread = thread_control()->handle;
        result = card_wait(deadline);
        watcher.changed = NULL;
    }
    stack_look();
    return result;
}

/* What comes for others is better watched for by them. */
enum wait_result network_wait(struct wait_queue *changed, uint64_t deadline) {
    uint32_t before = changed->sequence;
    if (watcher.changed == NULL && stack_card() != NULL) {
        enum wait_result result = watch(changed, deadline);
        if (result != WAIT_WOKEN || changed->sequence != before)
            return result;
    }
    return wait_on(changed, deadline);
}

void network_wake(const struct wait_queue *changed) {
    if (watcher.changed == changed)
        core_thread_poke(watcher.thread);
}
