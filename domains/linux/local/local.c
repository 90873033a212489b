// SPDX-License-Identifier: MIT
/*
 * The lives of struct local, and what all types have in common. See local.h.
 */
#include "domains/linux/local/local.h"

#include "domains/lib/heap.h"
#include "domains/linux/errno.h"
#include "domains/linux/local/rights.h"
#include "domains/linux/network/message.h"
#include "domains/linux/process/process.h"
#include "domains/linux/signal/restart.h"

static struct local *all;
static struct wait_queue room; /* somebody's queue has some again, or never will */

struct local_credentials local_own_credentials(void) {
    const struct process *process = current_process();
    return (struct local_credentials){(uint32_t)process->pid, process->euid, process->egid};
}

/* What goes with the bytes is who the sender really is. */
static struct local_credentials sender_credentials(void) {
    const struct process *process = current_process();
    return (struct local_credentials){(uint32_t)process->pid, process->uid, process->gid};
}

/* ---- Lives ---- */

int local_open(struct socket *socket) {
    struct local *local = heap_allocate(sizeof *local);
    if (local == NULL)
        return -ENOMEM;
    *local = (struct local){.references = 1, .socket = socket, .next = all};
    if (all != NULL)
        all->previous = local;
    socket->local = all = local;
    return 0;
}

struct local *local_hold(struct local *local) {
    local->references++;
    return local;
}

void local_release(struct local *local) {
    if (local == NULL || --local->references > 0)
        return;
    local_name_release(local->name);
    heap_free(local);
}

struct local *local_next(const struct local *before) {
    return before == NULL ? all : before->next;
}

void local_join(struct local *one, struct local *two) {
    one->other = local_hold(two);
    two->other = local_hold(one);
}

void local_part(struct local *local) {
    struct local *other = local->other;
    local->other = NULL;
    local_release(other);
}

void local_pair(struct socket *one, struct socket *two) {
    one->local->peer = two->local->peer = local_own_credentials();
    one->local->has_peer = two->local->has_peer = true;
    local_join(one->local, two->local);
    one->state = two->state = STREAM_CONNECTED;
}

/* ---- The end ---- */

/* A peer that is connected to this one reads to the end, and can send nothing more. That something is lost, it is told. */
static void tell_peer(struct socket *socket) {
    struct local *other = socket->local->other;
    if (other == NULL || other->other != socket->local || other->socket == NULL)
        return;
    if (socket->type != SOCK_DGRAM) {
        other->socket->ended = true;
        if (socket->first != NULL || socket->local->is_pending)
            other->socket->error = ECONNRESET;
    }
    socket_wake(other->socket);
}

static void unlist(struct local *local) {
    if (local->next != NULL)
        local->next->previous = local->previous;
    *(local->previous != NULL ? &local->previous->next : &all) = local->next;
}

void local_close(struct socket *socket) {
    struct local *local = socket->local;
    if (local == NULL)
        return;
    unlist(local);
    tell_peer(socket);
    local_forget_name(local);
    local->socket = NULL;
    socket_drop_pending(socket);
    message_drop_all(socket);
    local_part(local);
    if (socket->type == SOCK_DGRAM)
        local_wake_senders(local);
    else
        local_room_changed();
    local_release(local);
    local_collect();
}

/* ---- Sending into a queue ---- */

void local_room_changed(void) {
    wait_wake(&room);
}

void local_wake_senders(struct local *to) {
    struct local *local = NULL;
    local_room_changed();
    if (!to->is_awaited)
        return;
    to->is_awaited = false;
    while ((local = local_next(local)) != NULL)
        if (local->other == to)
            socket_wake(local->socket);
}

int local_wait_for_room(uint64_t deadline) {
    enum wait_result result = wait_on(&room, deadline);
    if (result == WAIT_INTERRUPTED)
        return -ERESTARTSYS;
    return result == WAIT_TIMED_OUT ? -EAGAIN : 0;
}

int local_await_room(const struct socket *socket, struct local *to, uint32_t bytes,
                     uint64_t deadline, bool waits, local_check *check) {
    int error;
    while ((error = check(socket, to)) == 0 && !message_fits(to->socket, bytes)) {
        to->is_awaited = true;
        error = waits ? local_wait_for_room(deadline) : -EAGAIN;
        if (error != 0)
            return error;
    }
    return error;
}

int local_pass(struct socket *socket, struct local *to, struct exchange *exchange,
               struct pbuf *data) {
    struct endpoint from = {.local = local_name_hold(socket->local->name),
                            .context = socket->local->name == NULL};
    struct rights *rights = exchange->rights;
    bool wanted = to->wants_credentials || socket->local->wants_credentials ||
                  to->is_pending; /* whoever accepts it may want them */
    if (rights == NULL && wanted)
        rights = rights_make(0);
    if (rights != NULL && !rights->has_credentials)
        rights->credentials = sender_credentials();
    exchange->rights = NULL;
    if (message_queue_with(to->socket, data, &from, rights))
        return 0;
    local_name_release(from.local);
    rights_release(rights);
    return -ENOBUFS;
}

/* ---- Shutting down ---- */

int local_shut(struct socket *socket, bool input, bool output) {
    struct local *other = socket->local->other;
    socket->input_shut |= input;
    socket->output_shut |= output;
    socket_wake(socket);
    local_room_changed();
    if (other == NULL || other->socket == NULL || socket->type == SOCK_DGRAM)
        return 0;
    other->socket->ended |= output;
    other->socket->output_shut |= input;
    socket_wake(other->socket);
    return 0;
}
