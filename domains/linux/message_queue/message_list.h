// SPDX-License-Identifier: MIT
/*
 * The messages of a queue: the highest priority first, and of one priority the oldest. Pure.
 */
#ifndef DOMAINS_LINUX_MESSAGE_QUEUE_MESSAGE_LIST_H
#define DOMAINS_LINUX_MESSAGE_QUEUE_MESSAGE_LIST_H

#include <stdint.h>

struct message {
    struct message *next, *previous;
    uint32_t priority, bytes;
    char data[];
};

struct message_list {
    struct message *first, *last;
    uint32_t count;
};

/* Its place is looked for from the end: messages of one priority need no steps. */
void message_list_add(struct message_list *list, struct message *message);
struct message *message_list_take(struct message_list *list); /* NULL: there is none */

#endif
