// SPDX-License-Identifier: MIT
/*
 * The calls on message queues, and a queue as an open file: it can be polled, and is read and written by its own calls alone.
 */
#include "domains/linux/file/call.h"
#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/lib/text.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/permission.h"
#include "domains/linux/message_queue/queue.h"
#include "domains/linux/signal/queue.h"
#include "domains/linux/time/time.h"

enum { SIGEV_SIGNAL, SIGEV_NONE, SIGEV_THREAD };

#define NAME_MOST  255u
#define PRIORITIES 32768u /* MQ_PRIO_MAX */

/* ---- The file ---- */

static uint32_t poll(struct file *file) {
    const struct message_queue *queue = file->private;
    return (queue->messages.count > 0 ? POLLIN : 0u) |
           (queue->messages.count < queue->most_messages ? POLLOUT : 0u);
}

static uint32_t changes(struct file *file) {
    const struct message_queue *queue = file->private;
    return queue->changed.sequence;
}

/* Who asked to be told is not, once it has closed the queue. */
static void closed(struct file *file, const struct file_table *table) {
    struct message_queue *queue = file->private;
    if (queue->notice.table == table)
        queue_forget_notice(queue);
}

static void release(struct file *file) {
    queue_release(file->private);
}

static const struct file_operations operations = {
    .poll = poll, .changes = changes, .closed = closed, .release = release};

/* The queue's file behind a descriptor, held; NULL: -EBADF. */
static struct file *queue_file(uint32_t descriptor) {
    struct file *file = descriptor_file(descriptor);
    if (file == NULL || file->operations == &operations)
        return file;
    file_release(file);
    return NULL;
}

/* ---- Opening ---- */

/* A name as the C library passes it, without its slash, in a path_buffer(). */
static int read_name(uint32_t user_name, char **name) {
    int error = path_copy_in(user_name, name);
    if (error != 0)
        return error;
    size_t length = strlen(*name);
    if (length == 0)
        error = -ENOENT;
    else if (length > NAME_MOST)
        error = -ENAMETOOLONG;
    else if (strchr(*name, '/') != NULL || strcmp(*name, ".") == 0 || strcmp(*name, "..") == 0)
        error = -EACCES;
    if (error != 0)
        path_buffer_free(*name);
    return error;
}

static int may_open(const struct message_queue *queue, uint32_t flags) {
    static const uint32_t may[] = {MAY_READ, MAY_WRITE, MAY_READ | MAY_WRITE};
    if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
        return -EEXIST;
    if ((flags & O_ACCMODE) == O_ACCMODE)
        return -EINVAL;
    return permission_check(queue->inode, may[flags & O_ACCMODE]);
}

static int find_or_make(const char *name, uint32_t flags, uint32_t mode,
                        const struct queue_attributes *wanted, struct message_queue **queue) {
    *queue = queue_find(name);
    if (*queue != NULL)
        return may_open(*queue, flags);
    if ((flags & O_CREAT) == 0)
        return -ENOENT;
    mode &= MODE_PERMISSIONS & ~current_process()->paths->umask;
    return queue_make(name, mode, wanted, queue);
}

static int32_t open_queue(const char *name, uint32_t flags, uint32_t mode,
                          const struct queue_attributes *wanted) {
    struct message_queue *queue;
    int error = find_or_make(name, flags, mode, wanted, &queue);
    if (error != 0)
        return error;
    struct file *file =
        file_make(queue->inode, flags & (O_ACCMODE | O_NONBLOCK), &operations, queue);
    if (file == NULL)
        return -ENOMEM;
    queue_hold(queue);
    if ((file->path = heap_allocate(strlen(name) + 2)) != NULL)
        text_format(file->path, (uint32_t)strlen(name) + 2, "/%s", name);
    return install_or_release(file, O_CLOEXEC);
}

FILE_CALL_4(mq_open, user_name, flags, mode, user_attributes) {
    struct queue_attributes wanted;
    char *name;
    if (user_attributes != 0 && copy_in(&wanted, user_attributes, sizeof wanted) != 0)
        return -EFAULT;
    int32_t result = read_name(user_name, &name);
    if (result != 0)
        return result;
    result = open_queue(name, flags, mode, user_attributes != 0 ? &wanted : NULL);
    path_buffer_free(name);
    return result;
}

/* Names lie in a folder where everybody may make them, and take their own away again. */
FILE_CALL_1(mq_unlink, user_name) {
    char *name;
    int error = read_name(user_name, &name);
    if (error != 0)
        return error;
    struct message_queue *queue = queue_find(name);
    path_buffer_free(name);
    if (queue == NULL)
        return -ENOENT;
    if (!is_owner(queue->inode))
        return -EPERM;
    queue_unlink(queue);
    return 0;
}

/* ---- Sending and receiving ---- */

struct exchange {
    uint32_t descriptor, address, bytes, priority; /* its value, or where it goes */
    uint64_t wall;
};

static int read_exchange(struct exchange *exchange, uint32_t timeout, bool wide) {
    exchange->wall = WALL_NEVER;
    return timeout != 0 ? time_read(timeout, wide, &exchange->wall) : 0;
}

static struct message *read_message(const struct exchange *exchange, int *error) {
    struct message *message = heap_allocate_unzeroed(sizeof *message + exchange->bytes);
    *error = message == NULL ? -ENOMEM : 0;
    if (message == NULL)
        return NULL;
    message->priority = exchange->priority;
    message->bytes = exchange->bytes;
    if (copy_in(message->data, exchange->address, exchange->bytes) == 0)
        return message;
    *error = -EFAULT;
    heap_free(message);
    return NULL;
}

static int send_to(struct file *file, const struct exchange *exchange) {
    struct message_queue *queue = file->private;
    int error;
    if (!file_is_writable(file))
        return -EBADF;
    if (exchange->bytes > queue->message_bytes)
        return -EMSGSIZE;
    struct message *message = read_message(exchange, &error);
    if (message == NULL)
        return error;
    error = queue_send(queue, message, (file->flags & O_NONBLOCK) == 0, exchange->wall);
    if (error != 0)
        heap_free(message);
    return error;
}

static int give_out(const struct message *message, const struct exchange *exchange) {
    uint32_t priority = message->priority;
    if (exchange->priority != 0 && copy_out(exchange->priority, &priority, sizeof priority) != 0)
        return -EFAULT;
    if (copy_out(exchange->address, message->data, message->bytes) != 0)
        return -EFAULT;
    return (int)message->bytes;
}

static int receive_from(struct file *file, const struct exchange *exchange) {
    struct message_queue *queue = file->private;
    struct message *message;
    if (!file_is_readable(file))
        return -EBADF;
    if (exchange->bytes < queue->message_bytes)
        return -EMSGSIZE;
    int result = queue_receive(queue, &message, (file->flags & O_NONBLOCK) == 0, exchange->wall);
    if (result != 0)
        return result;
    result = give_out(message, exchange);
    heap_free(message);
    return result;
}

static int32_t send(struct exchange exchange, uint32_t timeout, bool wide) {
    int result = read_exchange(&exchange, timeout, wide);
    if (result != 0)
        return result;
    if (exchange.priority >= PRIORITIES)
        return -EINVAL;
    struct file *file = queue_file(exchange.descriptor);
    if (file == NULL)
        return -EBADF;
    result = send_to(file, &exchange);
    file_release(file);
    return result;
}

static int32_t receive(struct exchange exchange, uint32_t timeout, bool wide) {
    int result = read_exchange(&exchange, timeout, wide);
    if (result != 0)
        return result;
    struct file *file = queue_file(exchange.descriptor);
    if (file == NULL)
        return -EBADF;
    result = receive_from(file, &exchange);
    file_release(file);
    return result;
}

FILE_CALL_5(mq_timedsend, descriptor, address, bytes, priority, timeout) {
    return send((struct exchange){descriptor, address, bytes, priority, 0}, timeout, false);
}

FILE_CALL_5(mq_timedsend_time64, descriptor, address, bytes, priority, timeout) {
    return send((struct exchange){descriptor, address, bytes, priority, 0}, timeout, true);
}

FILE_CALL_5(mq_timedreceive, descriptor, address, bytes, priority, timeout) {
    return receive((struct exchange){descriptor, address, bytes, priority, 0}, timeout, false);
}

FILE_CALL_5(mq_timedreceive_time64, descriptor, address, bytes, priority, timeout) {
    return receive((struct exchange){descriptor, address, bytes, priority, 0}, timeout, true);
}

/* ---- Being told, and attributes ---- */

struct app_event { /* struct sigevent */
    uint32_t value;
    int32_t signal, notify;
};

/* A thread is told by a socket, which stands in the signal's place, and a cookie, whose address is the value. */
static int read_thread(const struct app_event *event, struct queue_notice *notice) {
    if (copy_in(notice->cookie, event->value, sizeof notice->cookie) != 0)
        return -EFAULT;
    struct file *file = descriptor_file((uint32_t)event->signal);
    if (file == NULL)
        return -EBADF;
    if (netlink_is_socket(file)) {
        notice->socket = file;
        return 0;
    }
    file_release(file);
    return -EINVAL;
}

static int read_notice(uint32_t user_event, struct queue_notice *notice) {
    struct app_event event;
    if (copy_in(&event, user_event, sizeof event) != 0)
        return -EFAULT;
    *notice =
        (struct queue_notice){.table = current_process()->files, .pid = current_process()->pid};
    switch (event.notify) {
    case SIGEV_NONE:
        return 0;
    case SIGEV_SIGNAL:
        notice->signal = event.signal;
        notice->value = event.value;
        return event.signal < 0 || event.signal > SIGNAL_COUNT ? -EINVAL : 0;
    case SIGEV_THREAD:
        return read_thread(&event, notice);
    default:
        return -EINVAL;
    }
}

static int ask(struct message_queue *queue, const struct queue_notice *notice) {
    if (queue->notice.table != NULL)
        return -EBUSY;
    queue->notice = *notice;
    if (notice->socket != NULL)
        file_hold(notice->socket);
    return 0;
}

FILE_CALL_2(mq_notify, descriptor, user_event) {
    struct queue_notice notice = {0};
    int error = user_event != 0 ? read_notice(user_event, &notice) : 0;
    if (error != 0)
        return error;
    struct file *file = queue_file(descriptor);
    if (file == NULL)
        error = -EBADF;
    else if (user_event != 0)
        error = ask(file->private, &notice);
    else
        closed(file, current_process()->files);
    if (file != NULL)
        file_release(file);
    if (notice.socket != NULL)
        file_release(notice.socket);
    return error;
}

static struct queue_attributes attributes_of(const struct file *file) {
    const struct message_queue *queue = file->private;
    return (struct queue_attributes){.flags = file->flags & O_NONBLOCK,
                                     .most_messages = queue->most_messages,
                                     .message_bytes = queue->message_bytes,
                                     .messages = queue->messages.count};
}

FILE_CALL_3(mq_getsetattr, descriptor, user_wanted, user_old) {
    struct queue_attributes wanted = {0}, old;
    if (user_wanted != 0 && copy_in(&wanted, user_wanted, sizeof wanted) != 0)
        return -EFAULT;
    if ((wanted.flags & ~(uint32_t)O_NONBLOCK) != 0)
        return -EINVAL;
    struct file *file = queue_file(descriptor);
    if (file == NULL)
        return -EBADF;
    old = attributes_of(file);
    if (user_wanted != 0)
        file->flags = (file->flags & ~(uint32_t)O_NONBLOCK) | wanted.flags;
    file_release(file);
    return user_old != 0 ? copy_out(user_old, &old, sizeof old) : 0;
}
