// SPDX-License-Identifier: MIT
/*
 * See message_list.h.
 */
#include "domains/linux/message_queue/message_list.h"

#include <stddef.h>

void message_list_add(struct message_list *list, struct message *message) {
    struct message *before = list->last;
    while (before != NULL && before->priority < message->priority)
        before = before->previous;
    message->previous = before;
    message->next = before != NULL ? before->next : list->first;
    *(before != NULL ? &before->next : &list->first) = message;
    *(message->next != NULL ? &message->next->previous : &list->last) = message;
    list->count++;
}

struct message *message_list_take(struct message_list *list) {
    struct message *message = list->first;
    if (message == NULL)
        return NULL;
    list->first = message->next;
    *(list->first != NULL ? &list->first->previous : &list->last) = NULL;
    list->count--;
    return message;
}
