// SPDX-License-Identifier: MIT
/*
 * Sockets that are on their way through each other, and that no descriptor leads to: they would never end. Mark and sweep:
 *
 *   roots       sockets whose file has more references than lie in queues: somebody has it open, or is about to
 *   reached     roots, what lies in the queues of those that are reached, and who waits to be accepted there
 *
 * What is not reached is emptied, and by that ends.
 *
 * There can be garbage only after a socket that others lie in has lost the last reference from outside (local_lost()): without
 * that nobody looks. Where it happens all the time, looking takes one part in PAUSES of it at most; what has to wait for that, the
 * event service looks at.
 */
#include "domains/lib/clock.h"
#include "domains/linux/device/event.h"
#include "domains/linux/local/rights.h"
#include "domains/linux/network/message.h"

#define PAUSES     8u
#define PAUSE_MOST 10000000u /* nanoseconds */

static bool suspected;     /* there may be garbage */
static uint64_t next_look; /* not before; DEADLINE_NEVER: one is going on */

/* ---- Mark ---- */

static struct local *reached; /* whose queues have not been looked at yet */

static void reach(struct local *local) {
    if (local->is_reached)
        return;
    local->is_reached = true;
    local->next_reached = reached;
    reached = local;
}

static void reach_in(const struct rights *rights) {
    for (uint32_t n = 0; rights != NULL && n < rights->count; n++) {
        struct socket *socket = file_socket(rights->files[n]);
        if (socket != NULL && socket->local != NULL)
            reach(socket->local);
    }
}

static bool is_root(const struct local *local) {
    if (local->file == NULL)
        return !local->is_pending;
    return local->file->references > local->file->in_flight;
}

static void mark(void) {
    struct local *local = NULL;
    while ((local = local_next(local)) != NULL)
        local->is_reached = false;
    while ((local = local_next(local)) != NULL)
        if (is_root(local))
            reach(local);
    while ((local = reached) != NULL) {
        reached = local->next_reached;
        for (struct message *one = local->socket->first; one != NULL; one = one->next)
            reach_in(one->rights);
        for (struct socket *end = local->socket->pending_first; end != NULL;
             end = end->pending_next)
            reach(end->local);
    }
}

/* ---- Sweep ---- */

/* Those that wait to be accepted by one that goes, go with it. */
static struct local *take_garbage(void) {
    struct local *first = NULL, *local = NULL;
    while ((local = local_next(local)) != NULL) {
        if (local->is_reached || local->is_pending)
            continue;
        file_hold(local->file);
        local->next_reached = first;
        first = local;
    }
    return first;
}

static void sweep(void) {
    struct local *next, *garbage = take_garbage();
    for (; garbage != NULL; garbage = next) {
        struct file *file = garbage->file;
        next = garbage->next_reached;
        socket_drop_pending(garbage->socket);
        message_drop_all(garbage->socket);
        file_release(file);
    }
}

/* ---- When ---- */

static void look(void) {
    uint64_t began = clock_nanoseconds();
    next_look = DEADLINE_NEVER;
    suspected = false;
    mark();
    sweep();
    uint64_t now = clock_nanoseconds(), pause = PAUSES * (now - began);
    next_look = now + (pause < PAUSE_MOST ? pause : PAUSE_MOST);
    if (suspected)
        event_wanted_by(next_look);
}

void local_collect(void) {
    if (suspected && clock_nanoseconds() >= next_look)
        look();
}

void local_collect_now(void) {
    if (suspected && next_look != DEADLINE_NEVER)
        look();
}

static void look_later(void *unused) {
    (void)unused;
    local_collect();
    if (suspected)
        event_wanted_by(next_look);
}

/* One in which nothing lies leads to nothing: if there is garbage, it was there before. */
void local_lost(const struct local *local) {
    static struct event_watcher watcher;
    if (local->socket->first == NULL && local->socket->pending_first == NULL)
        return;
    if (watcher.changed == NULL) {
        watcher.changed = look_later;
        event_watch(&watcher);
    }
    suspected = true;
    event_wanted_by(next_look);
}
