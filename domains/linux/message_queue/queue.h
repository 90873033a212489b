// SPDX-License-Identifier: MIT
/*
 * POSIX message queues: what mq_overview(7) describes.
 *
 *   a name ──┐                                     ┌──> messages (message_list.h)
 *   open files ──> struct message_queue ──> inode  ├──> who waits to receive: there are no messages then
 *                                                  ├──> who waits to send: the queue is full then
 *                                                  └──> who is told when a message comes to an empty queue
 *
 * A message goes from hand to hand: the sender gives it to the receiver that has waited longest, and a receiver makes room
 * for the sender that has waited longest and puts its message into the queue. So nobody who comes later overtakes a waiter.
 */
#ifndef DOMAINS_LINUX_MESSAGE_QUEUE_QUEUE_H
#define DOMAINS_LINUX_MESSAGE_QUEUE_QUEUE_H

#include "domains/linux/file/file.h"
#include "domains/linux/message_queue/message_list.h"
#include "domains/linux/netlink/cookie.h"

#define WALL_NEVER UINT64_MAX

struct queue_attributes { /* struct mq_attr */
    uint32_t flags, most_messages, message_bytes, messages;
    uint32_t reserved[4];
};

/* Somebody who waits: a receiver until it has a message, a sender until it has none any more. */
struct queue_waiter {
    struct queue_waiter *next;
    struct message *message;
};

/* Who is told, once, by a signal or by a cookie; nobody if there is no table. */
struct queue_notice {
    const struct file_table *table;
    int32_t pid;
    int signal; /* 0: by none */
    uint32_t value;
    struct file *socket; /* held; NULL: by no cookie */
    uint8_t cookie[NETLINK_COOKIE_BYTES];
};

struct message_queue {
    uint32_t references;
    char *name; /* heap; NULL: unlinked */
    struct message_queue *next;
    struct inode *inode;
    uint32_t most_messages, message_bytes;
    struct message_list messages;
    struct queue_waiter *receivers, *senders;
    struct wait_queue changed;
    struct queue_notice notice;
};

/* ---- Names: none of these sleeps ---- */

struct message_queue *queue_find(const char *name); /* NULL: none */
/* A new queue of that name, which nobody has; its name holds it. `wanted` may be NULL. 0, -EINVAL, -EMFILE (beyond
 * RLIMIT_MSGQUEUE), -ENOSPC, -ENOMEM. */
int queue_make(const char *name, uint32_t mode, const struct queue_attributes *wanted,
               struct message_queue **made);
void queue_unlink(struct message_queue *queue);
void queue_hold(struct message_queue *queue);
void queue_release(struct message_queue *queue);

/* ---- Notices ---- */

/* Nobody is told any more; a thread that waits hears of that. */
void queue_forget_notice(struct message_queue *queue);

/* ---- Messages ---- */

/* Takes the message over if it answers 0; `wall`: until when it waits for room, WALL_NEVER for ever. -EAGAIN, -ETIMEDOUT,
 * -ERESTARTSYS. */
int queue_send(struct message_queue *queue, struct message *message, bool waits, uint64_t wall);
/* The message is the caller's. Likewise. */
int queue_receive(struct message_queue *queue, struct message **message, bool waits, uint64_t wall);

#endif
