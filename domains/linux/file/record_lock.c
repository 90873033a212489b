// SPDX-License-Identifier: MIT
/*
 * An inode's locks are a list without order. A new lock first cuts its range out of what its owner
 * holds there, then is added:
 *
 *   had     ├────── read ──────┤
 *   wants        ├ write ┤
 *   has     ├ rd ┤├ write ┤├ rd ┤
 *
 * Cutting the middle out of a lock leaves two: that is why up to two new records are taken before
 * anything is changed.
 */
#include "domains/linux/file/record_lock.h"

#include "domains/lib/heap.h"
#include "domains/linux/errno.h"
#include "domains/linux/signal/signal.h"

#include "kernel/abi/gate.h"

/* Those who wait for a lock; by it a circle of waiting owners is found. */
struct waiter {
    struct waiter *next;
    struct inode *inode;
    const struct record_lock *wanted;
};

static struct waiter *waiters;
static struct wait_queue lock_queue;

static bool overlap(const struct record_lock *left, const struct record_lock *right) {
    return left->start <= right->last && right->start <= left->last;
}

const struct record_lock *record_lock_conflict(const struct inode *inode,
                                               const struct record_lock *wanted) {
    for (const struct record_lock *lock = inode->locks; lock != NULL; lock = lock->next)
        if (lock->kind == wanted->kind && lock->owner != wanted->owner && overlap(lock, wanted) &&
            (lock->type == LOCK_WRITE || wanted->type == LOCK_WRITE))
            return lock;
    return NULL;
}

/* Would `owner` wait for itself if it waited for `wanted`? Follows who waits for whom; the
 * number of waiters bounds the way. */
static bool waits_in_circle(const struct inode *inode, const struct record_lock *wanted) {
    const void *owner = wanted->owner;
    uint32_t steps = 0;

    for (const struct waiter *waiter = waiters; waiter != NULL; waiter = waiter->next)
        steps++;
    for (;;) {
        const struct record_lock *conflict = record_lock_conflict(inode, wanted);
        const struct waiter *waiter = waiters;

        if (conflict == NULL || conflict->owner == owner)
            return conflict != NULL;
        while (waiter != NULL && waiter->wanted->owner != conflict->owner)
            waiter = waiter->next;
        if (waiter == NULL || steps-- == 0)
            return false;
        inode = waiter->inode;
        wanted = waiter->wanted;
    }
}

static int wait_for(struct inode *inode, const struct record_lock *wanted) {
    struct waiter self = {waiters, inode, wanted}, **link = &waiters;
    enum wait_result result;

    if (wanted->kind == LOCK_RECORD && waits_in_circle(inode, wanted))
        return -EDEADLK;
    waiters = &self;
    result = wait_on(&lock_queue, DEADLINE_NEVER);
    while (*link != &self)
        link = &(*link)->next;
    *link = self.next;
    return result == WAIT_INTERRUPTED ? -ERESTARTSYS : 0;
}

/* Cuts the range out of one lock. True if nothing of it is left; `*split` is used up for a
 * second part. */
static bool cut(struct record_lock *lock, const struct record_lock *range,
                struct record_lock **split) {
    bool left = lock->start<range->start, right = lock->last> range->last;

    if (left && right) {
        struct record_lock *part = *split;

        *split = NULL;
        *part = *lock;
        part->start = range->last + 1;
        lock->next = part;
        lock->last = range->start - 1;
    } else if (left) {
        lock->last = range->start - 1;
    } else if (right) {
        lock->start = range->last + 1;
    }
    return !left && !right;
}

static void replace(struct inode *inode, const struct record_lock *wanted,
                    struct record_lock **spares) {
    struct record_lock **link = &inode->locks;

    while (*link != NULL) {
        struct record_lock *lock = *link;

        if (lock->kind == wanted->kind && lock->owner == wanted->owner && overlap(lock, wanted) &&
            cut(lock, wanted, &spares[0])) {
            *link = lock->next;
            heap_free(lock);
        } else {
            link = &lock->next;
        }
    }
    if (wanted->type != LOCK_NONE) {
        *spares[1] = *wanted;
        spares[1]->next = inode->locks;
        inode->locks = spares[1];
        spares[1] = NULL;
    }
}

static int set_now(struct inode *inode, const struct record_lock *wanted) {
    struct record_lock *spares[2] = {heap_allocate(sizeof **spares),
                                     heap_allocate(sizeof **spares)};
    int error = 0;

    if (spares[0] == NULL || spares[1] == NULL) {
        error = -ENOLCK;
    } else {
        replace(inode, wanted, spares);
        wait_wake(&lock_queue);
    }
    heap_free(spares[0]);
    heap_free(spares[1]);
    return error;
}

int record_lock_set(struct inode *inode, const struct record_lock *wanted, bool waits) {
    while (wanted->type != LOCK_NONE && record_lock_conflict(inode, wanted) != NULL) {
        int error = waits ? wait_for(inode, wanted) : -EAGAIN;

        if (error != 0)
            return error;
    }
    return set_now(inode, wanted);
}

void record_lock_drop(struct inode *inode, const void *owner) {
    struct record_lock **link = &inode->locks;
    bool dropped = false;

    while (*link != NULL) {
        struct record_lock *lock = *link;

        if (lock->owner == owner) {
            *link = lock->next;
            heap_free(lock);
            dropped = true;
        } else {
            link = &lock->next;
        }
    }
    if (dropped)
        wait_wake(&lock_queue);
}

void record_lock_drop_file(struct file *file) {
    if (file->inode->locks != NULL)
        record_lock_drop(file->inode, file);
}
