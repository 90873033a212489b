// SPDX-License-Identifier: MIT
/*
 * What happens to files, told to whoever watches them (inotify(7)): the hooks, a line each where something has happened.
 *
 *                       ┌──> watchers of the directory, with the name
 *   done to a file ─────┤      by which it was opened or found
 *                       └──> its own watchers
 *   done to a name ────────> watchers of the directory
 *
 * Nothing here sleeps or fails: an event that finds no memory is told as lost. Whoever calls holds what it names.
 */
#ifndef DOMAINS_LINUX_FILE_NOTIFY_H
#define DOMAINS_LINUX_FILE_NOTIFY_H

#include "domains/linux/file/path.h"

enum {
    IN_ACCESS = 0x001,
    IN_MODIFY = 0x002,
    IN_ATTRIB = 0x004,
    IN_CLOSE_WRITE = 0x008,
    IN_CLOSE_NOWRITE = 0x010,
    IN_OPEN = 0x020,
    IN_MOVED_FROM = 0x040,
    IN_MOVED_TO = 0x080,
    IN_CREATE = 0x100,
    IN_DELETE = 0x200,
    IN_DELETE_SELF = 0x400,
    IN_MOVE_SELF = 0x800,
};

extern uint32_t inotify_watch_count; /* in all: mostly there are none */

/* For notify_file(). */
void notify_watched(struct file *file, uint32_t events);

/* Something is done through a description; nobody hears of one that notify_open() has not seen. */
static inline void notify_file(struct file *file, uint32_t events) {
    if (inotify_watch_count != 0 && file->is_told)
        notify_watched(file, events);
}

/* A new description; told if what it is of lies somewhere. */
static inline void notify_open(struct file *file) {
    file->is_told = file->mount != NULL;
    notify_file(file, IN_OPEN);
}

/* The last of its users is gone. */
static inline void notify_close(struct file *file) {
    bool could_write = (file->flags & O_ACCMODE) != O_RDONLY;
    notify_file(file, could_write ? IN_CLOSE_WRITE : IN_CLOSE_NOWRITE);
}

/* Something is done to what the walk has found. */
void notify_found(const struct walk *walk, const struct path *found, uint32_t events);
/* Something is done to the object under whatever name: its own watchers alone. */
void notify_inode(struct inode *inode, uint32_t events);
/* The walk's name is there now (IN_CREATE), or no longer (IN_DELETE), for something of this mode. */
void notify_name(const struct walk *walk, uint32_t mode, uint32_t event);
/* `moved` went from one name to the other, where `replaced` (or NULL) was before. */
void notify_rename(const struct walk *from, const struct walk *to, struct inode *moved,
                   struct inode *replaced);
/* A nameless inode that is watched has lost a user: were they all, it is told as gone. */
void notify_unused(struct inode *inode);

struct file_system;
/* The file system goes; nothing of it is watched any more. */
void notify_unmounted(const struct file_system *system);

#endif
