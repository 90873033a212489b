// SPDX-License-Identifier: MIT
/*
 * Instances of inotify and their watches.
 *
 *   struct inode ──watches──> watch ──> watch        of this inode, of each instance one at most
 *                               │
 *   struct inotify ──watches──> watch ──> watch      of this instance
 *        └──first──> event ──> event ──> last        to be read
 *
 * A watch holds its inode, and lives until it is removed, its one event was told (IN_ONESHOT), the inode is gone, or the
 * instance is closed. Everything lies on the heap, so the tenant pays for it.
 */
#ifndef DOMAINS_LINUX_FILE_INOTIFY_H
#define DOMAINS_LINUX_FILE_INOTIFY_H

#include "domains/linux/file/notify.h"

enum {
    IN_ALL_EVENTS = 0xFFF,
    IN_UNMOUNT = 0x2000,
    IN_Q_OVERFLOW = 0x4000,
    IN_IGNORED = 0x8000,
    IN_ONLYDIR = 0x01000000,
    IN_DONT_FOLLOW = 0x02000000,
    IN_EXCL_UNLINK = 0x04000000,
    IN_MASK_CREATE = 0x10000000,
    IN_MASK_ADD = 0x20000000,
    IN_ISDIR = 0x40000000,
};
#define IN_ONESHOT 0x80000000u

struct inotify;

struct inotify_watch {
    struct inotify_watch *next, *next_of_inode;
    struct inotify *instance;
    struct inode *inode; /* held */
    int32_t descriptor;
    uint32_t mask; /* events, IN_EXCL_UNLINK and IN_ONESHOT */
};

struct inotify_name {
    const char *text; /* no NUL; NULL: none */
    uint32_t length;
};

/* Queues an event for the watch's instance. */
void inotify_tell(const struct inotify_watch *watch, uint32_t events, uint32_t cookie,
                  struct inotify_name name);
/* Ends the watch, tells so, and frees it. */
void inotify_end(struct inotify_watch *watch);
/* The next watch on anything in the file system; NULL. */
struct inotify_watch *inotify_watch_in(const struct file_system *system);

#endif
