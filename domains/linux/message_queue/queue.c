// SPDX-License-Identifier: MIT
/*
 * Sending, receiving and waiting, as queue.h draws them. Those who wait lie on a list in the order in which they came; who
 * serves one takes it off.
 */
#include "domains/linux/message_queue/queue.h"

#include "domains/linux/errno.h"
#include "domains/linux/signal/restart.h"
#include "domains/linux/signal/state.h"
#include "domains/linux/time/wall.h"

static void append(struct queue_waiter **list, struct queue_waiter *waiter) {
    while (*list != NULL)
        list = &(*list)->next;
    *list = waiter;
}

static struct queue_waiter *take_first(struct queue_waiter **list) {
    struct queue_waiter *first = *list;
    if (first != NULL)
        *list = first->next;
    return first;
}

static void take_off(struct queue_waiter **list, const struct queue_waiter *waiter) {
    while (*list != NULL && *list != waiter)
        list = &(*list)->next;
    if (*list != NULL)
        *list = waiter->next;
}

static int error_of(enum wait_result result) {
    return result == WAIT_TIMED_OUT ? -ETIMEDOUT : result == WAIT_INTERRUPTED ? -ERESTARTSYS : 0;
}

static enum wait_result wait(struct message_queue *queue, uint64_t wall) {
    return wall == WALL_NEVER ? wait_on(&queue->changed, DEADLINE_NEVER)
                              : wall_wait(&queue->changed, wall);
}

/* Until somebody has given the waiter a message, or taken its own. */
static int await(struct message_queue *queue, struct queue_waiter **list, struct queue_waiter *self,
                 uint64_t wall) {
    const struct message *before = self->message;
    int error = 0;
    append(list, self);
    while (self->message == before && error == 0)
        error = error_of(wait(queue, wall));
    if (self->message != before)
        return 0;
    take_off(list, self);
    return error;
}

/* The last byte of a cookie. */
enum { NOTIFY_WOKENUP = 1, NOTIFY_REMOVED };

static void end_notice(struct message_queue *queue, uint8_t why) {
    struct queue_notice notice = queue->notice;
    queue->notice = (struct queue_notice){0};
    if (notice.socket == NULL)
        return;
    notice.cookie[NETLINK_COOKIE_BYTES - 1] = why;
    netlink_give_cookie(notice.socket, notice.cookie);
    file_release(notice.socket);
}

void queue_forget_notice(struct message_queue *queue) {
    end_notice(queue, NOTIFY_REMOVED);
}

static void send_signal(const struct queue_notice *notice) {
    struct process *process = process_find(notice->pid);
    if (notice->signal == 0 || process == NULL || process->files != notice->table)
        return;
    struct signal_information information = signal_from_current(notice->signal, SI_MESGQ);
    information.fields[2] = notice->value;
    signal_send_process(process, &information);
}

/* A message has come to a queue that was empty, and nobody was waiting for it. */
static void tell(struct message_queue *queue) {
    if (queue->notice.table == NULL)
        return;
    send_signal(&queue->notice);
    end_notice(queue, NOTIFY_WOKENUP);
}

int queue_send(struct message_queue *queue, struct message *message, bool waits, uint64_t wall) {
    struct queue_waiter self = {.message = message};
    if (queue->messages.count == queue->most_messages)
        return waits ? await(queue, &queue->senders, &self, wall) : -EAGAIN;
    struct queue_waiter *receiver = take_first(&queue->receivers);
    if (receiver != NULL)
        receiver->message = message;
    else
        message_list_add(&queue->messages, message);
    if (receiver == NULL && queue->messages.count == 1)
        tell(queue);
    poll_wake(&queue->changed);
    return 0;
}

int queue_receive(struct message_queue *queue, struct message **message, bool waits,
                  uint64_t wall) {
    struct queue_waiter self = {.message = NULL};
    *message = message_list_take(&queue->messages);
    if (*message == NULL) {
        int error = waits ? await(queue, &queue->receivers, &self, wall) : -EAGAIN;
        *message = self.message;
        return error;
    }
    struct queue_waiter *sender = take_first(&queue->senders);
    if (sender != NULL) {
        message_list_add(&queue->messages, sender->message);
        sender->message = NULL;
    }
    poll_wake(&queue->changed);
    return 0;
}
