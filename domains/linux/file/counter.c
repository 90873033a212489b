// SPDX-License-Identifier: MIT
/*
 * eventfd(2): a counter as a file. Writing adds to it, reading takes all of it, or one if it counts as a semaphore does; who
 * finds nothing to take, or no room to add, waits.
 */
#include "domains/lib/heap.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "kernel/abi/gate.h"

#define SEMAPHORE 1u /* EFD_SEMAPHORE */
#define MOST      (UINT64_MAX - 1)

struct counter {
    uint64_t value;
    bool is_semaphore;
    struct wait_queue changed;
};

static int counter_read(struct file *file, struct transfer *to, uint64_t *offset) {
    struct counter *counter = file->private;
    int error;
    (void)offset;
    if (to->total < sizeof counter->value)
        return -EINVAL;
    while (counter->value == 0)
        if ((error = file_await(file, &counter->changed, DEADLINE_NEVER)) != 0)
            return error;
    uint64_t taken = counter->is_semaphore ? 1 : counter->value;
    counter->value -= taken;
    poll_wake(&counter->changed);
    return transfer_put(to, &taken, sizeof taken) == sizeof taken ? (int)sizeof taken : -EFAULT;
}

static int counter_write(struct file *file, struct transfer *from, uint64_t *offset) {
    struct counter *counter = file->private;
    uint64_t added;
    int error;
    (void)offset;
    if (from->total < sizeof added)
        return -EINVAL;
    if (transfer_take(from, &added, sizeof added) != sizeof added)
        return -EFAULT;
    if (added == UINT64_MAX)
        return -EINVAL;
    while (added > MOST - counter->value)
        if ((error = file_await(file, &counter->changed, DEADLINE_NEVER)) != 0)
            return error;
    counter->value += added;
    poll_wake(&counter->changed);
    return sizeof added;
}

static uint32_t counter_poll(struct file *file) {
    const struct counter *counter = file->private;
    return (counter->value > 0 ? POLLIN : 0u) | (counter->value < MOST ? POLLOUT : 0u);
}

static uint32_t counter_changes(struct file *file) {
    const struct counter *counter = file->private;
    return counter->changed.sequence;
}

static void counter_release(struct file *file) {
    heap_free(file->private);
}

static const struct file_operations operations = {.read = counter_read,
                                                  .write = counter_write,
                                                  .poll = counter_poll,
                                                  .changes = counter_changes,
                                                  .release = counter_release};

FILE_CALL_2(eventfd2, value, flags) {
    if ((flags & ~(SEMAPHORE | O_NONBLOCK | O_CLOEXEC)) != 0)
        return -EINVAL;
    struct counter *counter = heap_allocate(sizeof *counter);
    if (counter == NULL)
        return -ENOMEM;
    *counter = (struct counter){.value = value, .is_semaphore = (flags & SEMAPHORE) != 0};
    struct file *file = file_make_anonymous("anon_inode", 0600, O_RDWR | (flags & O_NONBLOCK),
                                            &operations, counter);
    if (file == NULL) {
        heap_free(counter);
        return -ENOMEM;
    }
    return install_or_release(file, flags);
}

FILE_CALL_1(eventfd, value) {
    return sys_eventfd2(value, 0, 0, 0, 0, 0);
}
