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

struct local_credentials local_own_credentials(void) {
    const struct process *process = current_process();
    return (struct local_credentials){(uint32_t)process->pid, process->euid, process->egid};
}

/* ---- Lives ---- */

int local_open(struct socket *socket) {
    struct local *local = heap_allocate(sizeof *local);
    if (local == NULL)
        return -ENOMEM;
    *local = (struct local){.references = 1, .socket = socket, .next = all};
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

int local_pair(struct socket *one, struct socket *two) {
    one->local->peer = two->local->peer = local_own_credentials();
    local_join(one->local, two->local);
    one->state = two->state = STREAM_CONNECTED;
    return 0;
}

/* ---- The end ---- */

static void drop_pending(struct socket *socket) {
    while (socket->pending_first != NULL) {
        struct socket *pending = socket->pending_first;
        socket_unqueue_pending(pending);
        socket_free(pending);
    }
}

/* A peer that is connected to this one reads to the end, and can send nothing more. */
static void tell_peer(struct socket *socket) {
    struct local *other = socket->local->other;
    if (other == NULL || other->other != socket->local || other->socket == NULL)
        return;
    other->was_reset = socket->first != NULL && socket->type != SOCK_DGRAM;
    if (socket->type != SOCK_DGRAM)
        other->socket->ended = true;
    socket_wake(other->socket);
}

static void unbind(struct local *local) {
    if (local->node == NULL)
        return;
    local->node->private = NULL;
    inode_release(local->node);
    local->node = NULL;
}

void local_close(struct socket *socket) {
    struct local *local = socket->local, **link = &all;
    if (local == NULL)
        return;
    while (*link != local)
        link = &(*link)->next;
    *link = local->next;
    tell_peer(socket);
    local->socket = NULL;
    drop_pending(socket);
    message_drop_all(socket);
    unbind(local);
    local_part(local);
    poll_wake(&local->room);
    local_release(local);
}

/* ---- Sending into a queue ---- */

int local_await_room(struct local *to, uint32_t bytes, uint64_t deadline, bool waits) {
    while (to->socket != NULL && !to->socket->input_shut && !message_fits(to->socket, bytes)) {
        if (!waits)
            return -EAGAIN;
        enum wait_result result = wait_on(&to->room, deadline);
        if (result == WAIT_INTERRUPTED)
            return -ERESTARTSYS;
        if (result == WAIT_TIMED_OUT)
            return -EAGAIN;
    }
    return to->socket != NULL ? 0 : -ECONNREFUSED;
}

int local_pass(struct socket *socket, struct local *to, struct exchange *exchange,
               struct pbuf *data) {
    struct endpoint from = {.local = local_name_hold(socket->local->name),
                            .context = socket->local->name == NULL};
    struct rights *rights = exchange->rights;
    bool wanted = to->wants_credentials || socket->local->wants_credentials;
    if (rights == NULL && wanted)
        rights = rights_make(0);
    if (rights != NULL && !rights->has_credentials)
        rights->credentials = local_own_credentials();
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
    poll_wake(&socket->local->room);
    if (other == NULL || other->socket == NULL || socket->type == SOCK_DGRAM)
        return 0;
    other->socket->ended |= output;
    socket_wake(other->socket);
    return 0;
}
