// SPDX-License-Identifier: MIT
/*
 * Queues by name, and how much of the tenant's memory they may take: the limits are Linux's. Messages are paid when they
 * are sent, but a user's limit counts what its queues could hold.
 */
#include "domains/linux/message_queue/queue.h"

#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/flags.h"
#include "domains/linux/process/process.h"

#include "kernel/abi/layout.h"

#include <stddef.h>

#define QUEUES_MOST      256u
#define MESSAGES_DEFAULT 10u /* and the most but for root */
#define BYTES_DEFAULT    8192u
#define MESSAGES_HARD    65536u
#define BYTES_HARD       (FRAME_RUN_MOST * PAGE_SIZE - (uint32_t)sizeof(struct message))
#define SHOWN_BYTES      80u /* st_size */

static struct message_queue
    *all; /* also those whose name is gone, for they are paid as long as somebody has them open */

struct message_queue *queue_find(const char *name) {
    struct message_queue *queue = all;
    while (queue != NULL && (queue->name == NULL || strcmp(queue->name, name) != 0))
        queue = queue->next;
    return queue;
}

static uint64_t charge(uint32_t messages, uint32_t bytes) {
    return (uint64_t)messages * (bytes + sizeof(struct message));
}

static int check_room(uint32_t messages, uint32_t bytes) {
    uint64_t sum = charge(messages, bytes);
    uint32_t count = 0;
    for (const struct message_queue *queue = all; queue != NULL; queue = queue->next, count++)
        if (queue->inode->uid == current_process()->euid)
            sum += charge(queue->most_messages, queue->message_bytes);
    if (count >= QUEUES_MOST)
        return -ENOSPC;
    return sum > process_limit(RLIMIT_MSGQUEUE) ? -EMFILE : 0;
}

static int check_attributes(const struct queue_attributes *wanted) {
    bool is_root = current_process()->euid == 0;
    uint32_t messages = is_root ? MESSAGES_HARD : MESSAGES_DEFAULT;
    uint32_t bytes = is_root ? BYTES_HARD : BYTES_DEFAULT;
    bool fits = wanted->most_messages >= 1 && wanted->most_messages <= messages &&
                wanted->message_bytes >= 1 && wanted->message_bytes <= bytes;
    return fits ? 0 : -EINVAL;
}

static struct message_queue *allocate(const char *name, uint32_t mode) {
    size_t room = strlen(name) + 1;
    struct message_queue *queue = heap_allocate(sizeof *queue);
    char *copy = heap_allocate(room);
    struct inode *inode = inode_make_anonymous(S_IFREG | mode);
    if (queue == NULL || copy == NULL || inode == NULL) {
        heap_free(queue);
        heap_free(copy);
        if (inode != NULL)
            inode_release(inode);
        return NULL;
    }
    memcpy(copy, name, room);
    inode->size = SHOWN_BYTES;
    *queue = (struct message_queue){.references = 1, .name = copy, .inode = inode};
    return queue;
}

int queue_make(const char *name, uint32_t mode, const struct queue_attributes *wanted,
               struct message_queue **made) {
    static const struct queue_attributes usual = {.most_messages = MESSAGES_DEFAULT,
                                                  .message_bytes = BYTES_DEFAULT};
    if (wanted == NULL)
        wanted = &usual;
    int error = check_attributes(wanted);
    if (error == 0)
        error = check_room(wanted->most_messages, wanted->message_bytes);
    if (error != 0)
        return error;
    struct message_queue *queue = allocate(name, mode);
    if (queue == NULL)
        return -ENOMEM;
    queue->most_messages = wanted->most_messages;
    queue->message_bytes = wanted->message_bytes;
    queue->next = all;
    all = queue;
    *made = queue;
    return 0;
}

void queue_unlink(struct message_queue *queue) {
    heap_free(queue->name);
    queue->name = NULL;
    queue_release(queue);
}

void queue_hold(struct message_queue *queue) {
    queue->references++;
}

static void leave_list(struct message_queue *queue) {
    struct message_queue **link = &all;
    while (*link != queue)
        link = &(*link)->next;
    *link = queue->next;
}

void queue_release(struct message_queue *queue) {
    struct message *message;
    if (--queue->references > 0)
        return;
    leave_list(queue);
    queue_forget_notice(queue);
    while ((message = message_list_take(&queue->messages)) != NULL)
        heap_free(message);
    inode_release(queue->inode);
    heap_free(queue);
}
