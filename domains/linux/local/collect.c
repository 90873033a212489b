// SPDX-License-Identifier: MIT
/*
 * Sockets that are on their way through each other, and that no descriptor leads to: they would never end. Mark and sweep:
 *
 *   in flight   a socket's file lies in queues so many times
 *   roots       sockets whose file has more references than that: somebody has it open, or is about to
 *   reached     roots, what lies in the queues of those that are reached, and who waits to be accepted there
 *
 * What is not reached is emptied, and by that ends. It is looked for when twice as many files are under way as were left by the
 * last look, so that looking costs what sending does.
 */
#include "domains/linux/local/rights.h"
#include "domains/linux/network/message.h"

#define LOOK_FIRST 16u

static struct local *of_file(const struct file *file) {
    struct socket *socket = file_socket(file);
    return socket != NULL ? socket->local : NULL;
}

typedef void action(struct local *local, struct file *file);

/* All sockets that lie in the queue of this one. */
static void for_each_in_queue(const struct local *local, action *act) {
    for (struct message *message = local->socket->first; message != NULL; message = message->next)
        for (uint32_t n = 0; message->rights != NULL && n < message->rights->count; n++)
            if (of_file(message->rights->files[n]) != NULL)
                act(of_file(message->rights->files[n]), message->rights->files[n]);
}

static void count_in_flight(struct local *local, struct file *file) {
    local->file = file;
    local->in_flight++;
}

static struct local *reached; /* whose queues have not been looked at yet */

static void reach(struct local *local, struct file *unused) {
    (void)unused;
    if (local->is_reached)
        return;
    local->is_reached = true;
    local->next_reached = reached;
    reached = local;
}

static void mark(void) {
    struct local *local = NULL;
    while ((local = local_next(local)) != NULL) {
        local->in_flight = 0;
        local->is_reached = false;
    }
    while ((local = local_next(local)) != NULL)
        for_each_in_queue(local, count_in_flight);
    while ((local = local_next(local)) != NULL)
        if (!local->is_pending &&
            (local->in_flight == 0 || local->file->references > local->in_flight))
            reach(local, NULL);
    while ((local = reached) != NULL) {
        reached = local->next_reached;
        for_each_in_queue(local, reach);
        for (struct socket *end = local->socket->pending_first; end != NULL;
             end = end->pending_next)
            reach(end->local, NULL);
    }
}

/* Those that wait to be accepted by one that goes, go with it. */
static struct local *take_garbage(void) {
    struct local *first = NULL, *local = NULL;
    while ((local = local_next(local)) != NULL) {
        if (local->is_reached || local->in_flight == 0)
            continue;
        file_hold(local->file);
        local->next_reached = first;
        first = local;
    }
    return first;
}

static void look(void) {
    mark();
    struct local *next, *garbage = take_garbage();
    for (; garbage != NULL; garbage = next) {
        struct file *file = garbage->file;
        next = garbage->next_reached;
        socket_drop_pending(garbage->socket);
        message_drop_all(garbage->socket);
        file_release(file);
    }
}

static uint32_t twice_what_is_under_way(void) {
    uint32_t twice = 2 * rights_files_under_way();
    return twice > LOOK_FIRST ? twice : LOOK_FIRST;
}

void local_collect(void) {
    static uint32_t look_at = LOOK_FIRST;
    static bool looks;
    if (twice_what_is_under_way() < look_at)
        look_at = twice_what_is_under_way();
    if (looks || rights_files_under_way() < look_at)
        return;
    looks = true;
    look();
    looks = false;
    look_at = twice_what_is_under_way();
}
