// SPDX-License-Identifier: MIT
/*
 * Counting inodes and open file descriptions, and making the latter.
 */
#include "domains/linux/file/file.h"

#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/epoll.h"
#include "domains/linux/file/mount.h"
#include "domains/linux/file/notify.h"
#include "domains/linux/file/open.h"
#include "domains/linux/file/record_lock.h"
#include "domains/linux/signal/restart.h"

void inode_hold(struct inode *inode) {
    inode->references++;
}

void inode_release(struct inode *inode) {
    if (--inode->references == 0 && inode->operations->free != NULL)
        inode->operations->free(inode);
    else if (inode->watches != NULL && inode->links == 0)
        notify_unused(inode);
}

void file_hold(struct file *file) {
    file->references++;
}

static void tell_if_lost(struct file *file) {
    if (file->references == file->in_flight && file->operations->lost != NULL)
        file->operations->lost(file);
}

void file_take_off(struct file *file) {
    file->in_flight++;
    tell_if_lost(file);
}

void file_land(struct file *file) {
    file->in_flight--;
}

/* The way of access is what no F_SETFL changes. */
static bool may_write(const struct file *file) {
    return (file->flags & O_ACCMODE) != O_RDONLY && (file->flags & O_PATH) == 0;
}

void file_look_at_end(struct file *file) {
    if (file->references > 0) {
        tell_if_lost(file);
        return;
    }
    notify_close(file);
    epoll_forget(file);
    record_lock_drop_file(file);
    if (file->operations->release != NULL)
        file->operations->release(file);
    file_forget_name(file);
    file->inode->writers -= may_write(file);
    file->inode->programs -= file->runs;
    inode_release(file->inode);
    if (file->mount != NULL)
        mount_release(file->mount);
    heap_free(file);
}

struct file *file_make(struct inode *inode, uint32_t flags,
                       const struct file_operations *operations, void *private) {
    struct file *file = heap_allocate(sizeof *file);

    if (file != NULL) {
        inode_hold(inode);
        file->references = 1;
        file->inode = inode;
        file->flags = flags;
        file->operations = operations;
        file->private = private;
        inode->writers += may_write(file);
    }
    return file;
}

int file_run(struct file *file) {
    if (file->inode->writers > 0)
        return -ETXTBSY;
    file->inode->programs += !file->runs;
    file->runs = true;
    return 0;
}

int file_read_at(struct file *file, void *buffer, uint32_t bytes, uint64_t offset) {
    struct transfer transfer;

    if (file->operations->read == NULL)
        return -EINVAL;
    transfer_kernel(&transfer, buffer, bytes);
    return file->operations->read(file, &transfer, &offset);
}

int file_await(const struct file *file, struct wait_queue *changed, uint64_t deadline) {
    if ((file->flags & O_NONBLOCK) != 0)
        return -EAGAIN;
    return wait_on(changed, deadline) == WAIT_INTERRUPTED ? -ERESTARTSYS : 0;
}

void poll_wake(struct wait_queue *also) {
    wait_wake(&poll_queue);
    if (also != NULL)
        wait_wake(also);
}
