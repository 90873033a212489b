// SPDX-License-Identifier: MIT
/*
 * Advisory locks: of fcntl (owned by a process's file table, or by an open file description), and
 * of flock (owned by an open file description, of the whole file). The two kinds do not see each
 * other.
 */
#ifndef DOMAINS_LINUX_FILE_RECORD_LOCK_H
#define DOMAINS_LINUX_FILE_RECORD_LOCK_H

#include "domains/linux/file/file.h"

enum lock_kind { LOCK_RECORD, LOCK_FLOCK };
enum lock_type { LOCK_READ = 0, LOCK_WRITE = 1, LOCK_NONE = 2 }; /* F_RDLCK, F_WRLCK, F_UNLCK */

struct record_lock {
    struct record_lock *next; /* of the inode's locks */
    const void *owner;
    int32_t pid; /* as F_GETLK shows it; -1 for an open file description */
    enum lock_kind kind;
    enum lock_type type;
    uint64_t start, last; /* bytes, both included */
};

/* The first lock of somebody else that stands against `wanted`; NULL if none does. */
const struct record_lock *record_lock_conflict(const struct inode *inode,
                                               const struct record_lock *wanted);
/* Gives the owner exactly this lock in this range, in place of what it had there. -EAGAIN if
 * another's lock is in the way, or, if it `waits`, sleeps for it (-ERESTARTSYS, -EDEADLK).
 * -ENOLCK: no memory. */
int record_lock_set(struct inode *inode, const struct record_lock *wanted, bool waits);
/* Drops all locks of an owner. */
void record_lock_drop(struct inode *inode, const void *owner);
void record_lock_drop_file(struct file *file);

#endif
