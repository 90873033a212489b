// SPDX-License-Identifier: MIT
/*
 * Inodes and open files: what every kind of file offers to the system calls.
 *
 * A struct file is one open file description (shared by dup and fork); a struct inode is one object
 * in a file system. Both are counted; the last release frees. All operations run under the
 * manager's lock and may sleep. They return 0 or a byte count, or a negative errno. An operation
 * that is NULL answers the errno that its system call gives on Linux for such a file.
 */
#ifndef DOMAINS_LINUX_FILE_FILE_H
#define DOMAINS_LINUX_FILE_FILE_H

#include "domains/lib/lock.h"
#include "domains/linux/memory/user.h"

#include <stdbool.h>
#include <stdint.h>

struct file;
struct inode;
struct file_system; /* domains/linux/file/mount.h */
struct mount;
struct path;       /* domains/linux/file/path.h */
struct file_table; /* domains/linux/file/table.h */
struct record_lock;
struct watch;         /* domains/linux/file/epoll.c */
struct inotify_watch; /* domains/linux/file/inotify.h */

struct timestamp {
    int64_t seconds;
    uint32_t nanoseconds;
};

struct inode {
    uint32_t references;
    uint32_t number;
    uint32_t mode; /* type and permissions, as st_mode */
    uint32_t links;
    uint32_t uid, gid;
    uint64_t size;
    uint32_t device; /* rdev of a device node: major << 8 | minor */
    struct timestamp accessed, modified, changed;
    struct file_system *file_system;
    const struct inode_operations *operations;
    void *private;
    uint32_t writers,
        programs;  /* descriptions that may write to it, and those that run it: never both */
    bool mapped;   /* some address space has, or had, an area of it */
    bool nameless; /* made by O_TMPFILE: its first name may still come */
    struct record_lock *locks; /* advisory locks: domains/linux/file/record_lock.h */
    struct inotify_watch *watches;
    struct file *named; /* descriptions that have a name in a directory: file_path.c */
};

/* One page of a file for mmap and exec: an image page (shared, read-only) or a frame held for the
 * caller. */
struct file_page {
    bool is_image;
    uint32_t frame; /* image << 20 | page, or a frame index with one hold for the caller */
};

struct directory_entry {
    uint32_t inode;
    uint8_t type; /* DT_* */
    uint8_t length;
    const char *name;
};
/* Returns false to stop the listing before this entry. `next` is the offset that continues after
 * it. */
typedef bool directory_visit(void *context, const struct directory_entry *entry, uint64_t next);

struct inode_operations {
    int (*lookup)(struct inode *directory, const char *name, uint32_t length, struct inode **found);
    /* Makes a node of `mode`'s type: file, directory, fifo, socket, device node. */
    int (*create)(struct inode *directory, const char *name, uint32_t length, uint32_t mode,
                  uint32_t device, struct inode **made);
    /* The same without a name. NULL: such files cannot be. */
    int (*create_nameless)(struct inode *directory, uint32_t mode, struct inode **made);
    int (*symlink)(struct inode *directory, const char *name, uint32_t length, const char *target);
    int (*link)(struct inode *directory, const char *name, uint32_t length, struct inode *target);
    int (*unlink)(struct inode *directory, const char *name, uint32_t length,
                  bool directory_wanted);
    int (*rename)(struct inode *from, const char *name, uint32_t length, struct inode *to,
                  const char *new_name, uint32_t new_length, uint32_t flags);
    int (*readlink)(struct inode *inode, char *buffer, uint32_t room); /* length, no NUL */
    int (*truncate)(struct inode *inode, uint64_t size);
    int (*changed)(struct inode *inode); /* mode, owner or times were set: may refuse with -EROFS */
    int (*open)(struct inode *inode, struct file *file); /* sets file->operations and private */
    void (*free)(struct inode *inode);                   /* references == 0 */
    /* Blocks of 512 bytes in use; NULL: as many as the size says. */
    uint64_t (*blocks)(struct inode *inode);
    /* fallocate(2), with its FALLOC_FL_* flags. */
    int (*allocate)(struct inode *inode, uint32_t flags, uint64_t offset, uint64_t length);
    /* A link that is no text but leads straight to an object, like /proc/N/exe; the path is
     * held. A link that stands for an open description, like /proc/N/fd/3, gives that too, held;
     * else NULL. */
    int (*follow)(struct inode *link, struct path *found, struct file **description);
    /* A directory's own name in its parent, no NUL: length, or -ENOENT once it is removed. Its
     * lookup of ".." gives the parent. */
    int (*name)(struct inode *directory, char *buffer, uint32_t room);
};

/* poll(2) event bits are Linux's. */
enum { POLLIN = 1, POLLPRI = 2, POLLOUT = 4, POLLERR = 8, POLLHUP = 16, POLLNVAL = 32 };

struct file_operations {
    int (*read)(struct file *file, struct transfer *to, uint64_t *offset);
    int (*write)(struct file *file, struct transfer *from, uint64_t *offset);
    int (*seek)(struct file *file, int64_t offset, int whence, uint64_t *result);
    bool is_without_position; /* seek() has no effect, so nobody waits for another's offset */
    int (*list)(struct file *file, uint64_t offset, directory_visit *visit, void *context);
    int (*ioctl)(struct file *file, uint32_t request, uint32_t argument);
    uint32_t (*poll)(struct file *file);    /* events ready now; changes go to poll_wake() */
    uint32_t (*changes)(struct file *file); /* grows whenever events may have come up; NULL: 0 */
    int (*page)(struct file *file, uint64_t page, bool for_write, struct file_page *result);
    int (*sync)(struct file *file);
    /* A descriptor of it in `table` was closed; NULL: no matter. */
    void (*closed)(struct file *file, const struct file_table *table);
    void (*release)(struct file *file); /* the last reference is gone */
    void (*lost)(struct file *file);    /* all that are left are in flight; NULL: no matter */
};

struct file {
    uint32_t references;
    uint32_t in_flight; /* of them: those of messages in queues (local/rights.h) */
    uint32_t flags;     /* O_ACCMODE, O_APPEND, O_NONBLOCK, O_DIRECT … as F_GETFL shows them */
    uint64_t offset;
    bool runs;           /* a program's: nobody may write to the inode meanwhile */
    bool moving;         /* somebody reads or writes at `offset`; others wait */
    struct inode *inode; /* held; anonymous inode for pipes and the like */
    struct mount *mount; /* held; NULL if it was not opened by a path */
    const struct file_operations *operations;
    void *private;
    struct watch *watches;   /* of epoll files that watch it */
    char *path;              /* heap: its name in `directory`, or all that it is called; or NULL */
    struct inode *directory; /* held, or NULL: file_path.c */
    struct file *next_named, *previous_named; /* of inode->named */
    bool is_told;                             /* what is done to it: notify.h */
};

void inode_hold(struct inode *inode);
void inode_release(struct inode *inode);
void file_hold(struct file *file);
void file_look_at_end(struct file *file); /* for file_release() alone */
static inline void file_release(struct file *file) {
    if (--file->references <= file->in_flight)
        file_look_at_end(file);
}
/* One of the references lies in a message's queue from now on, or no longer. */
void file_take_off(struct file *file);
void file_land(struct file *file);

/* A new description on `inode` (held by it), with references == 1; NULL: no memory. */
struct file *file_make(struct inode *inode, uint32_t flags,
                       const struct file_operations *operations, void *private);
/* The description is a program's from now on: 0, or -ETXTBSY if somebody may write to it. */
int file_run(struct file *file);
/* An inode that no directory has, the caller's; and an open file on one, called "kind:[7]". NULL: no memory. */
struct inode *inode_make_anonymous(uint32_t mode);
struct file *file_make_anonymous(const char *kind, uint32_t mode, uint32_t flags,
                                 const struct file_operations *operations, void *private);
/* For who finds nothing to do yet: 0 once `changed` may bring it or the deadline has passed, -EAGAIN with O_NONBLOCK,
 * -ERESTARTSYS. */
int file_await(const struct file *file, struct wait_queue *changed, uint64_t deadline);
/* Opens a path from the manager's own side, as root from the tenant's root directory. */
int file_open_path(const char *path, uint32_t flags, struct file **file);
/* Reads at an offset into manager memory; bytes read or negative errno. */
int file_read_at(struct file *file, void *buffer, uint32_t bytes, uint64_t offset);

/* Opens a path as the current process does, with AT_FDCWD or an open directory; `mode` for O_CREAT.
 */
int file_open_at(int directory, const char *path, uint32_t flags, uint32_t mode,
                 struct file **file);
/* A new description, for exec, of the file that a descriptor stands for: 0, -EBADF, -EACCES (not a regular file, or it may not be
 * executed), -ENOMEM. */
int file_open_again(int descriptor, struct file **file);
/* Where the file lies now, with a NUL: length or negative errno. */
int file_path(const struct file *file, char *buffer, uint32_t room);
/* May the current process do this (MAY_READ | MAY_WRITE | MAY_EXECUTE) to the inode? 0 or -EACCES.
 */
int permission_check(const struct inode *inode, uint32_t may);

/* Mounts the root image, /dev, /proc and the tenant's tmpfs folders. Called once, at the start of
 * the manager, before devices_start(). 0 or a negative errno. */
int file_system_start(void);
struct timestamp timestamp_now(void); /* the wall clock */

/* A character device registers itself; /dev gets a node for it. */
struct device_node {
    const char *name; /* relative to /dev: "null", "pts/0" */
    uint32_t mode;    /* S_IFCHR or S_IFBLK and permissions */
    uint32_t device;
    int (*open)(struct inode *inode, struct file *file);
    struct device_node *next;
};
int device_register(struct device_node *node); /* caller owns it, as long as it is registered */
void device_unregister(struct device_node *node);

void poll_wake(struct wait_queue
                   *also); /* something became ready: wakes poll_queue and `also` (may be NULL) */

#endif
