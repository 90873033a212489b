// SPDX-License-Identifier: MIT
/*
 * Accepting: at each event, every channel that the core holds ready for this tenant.
 */
#include "domains/linux/channel/service.h"

#include "domains/lib/gate.h"
#include "domains/linux/channel/end.h"
#include "domains/linux/channel/session.h"
#include "domains/linux/device/event.h"

#include <stddef.h>

static void accept_all(void *unused) {
    (void)unused;
    struct gate_answer answer;
    while ((answer = channel_accept()).status == STATUS_OK)
        session_begin(answer.value);
}

int channel_service_start(void) {
    static struct event_watcher watcher = {.changed = accept_all};
    channel_ends_start();
    event_watch(&watcher);
    return 0;
}
