// SPDX-License-Identifier: MIT
/*
 * The mount table: which file system's directory covers which directory of another.
 *
 *   mount(parent, point) ──> root        A walk that arrives at (parent, point) goes on at root;
 * ".." at root goes on at (parent, point).
 *
 * A mount is counted by its users (open files, working directories); the table itself is one of
 * them.
 */
#ifndef DOMAINS_LINUX_FILE_MOUNT_H
#define DOMAINS_LINUX_FILE_MOUNT_H

#include "domains/linux/file/path.h"

struct file_system_statistics {
    uint64_t blocks, blocks_free; /* of 4096 bytes */
    uint64_t files, files_free;
};

struct file_system {
    uint32_t references; /* one by each mount */
    const char *type;    /* "tmpfs" */
    uint32_t magic;      /* f_type of statfs */
    uint32_t device;     /* st_dev */
    struct inode *root;  /* held */
    void (*statistics)(struct file_system *system,
                       struct file_system_statistics *result); /* or NULL */
    void (*free)(
        struct file_system *system); /* references == 0: frees root and all; NULL: lives on */
};

#define MOUNT_READ_ONLY 1u /* MS_RDONLY and its like, as mount(2) gives them */
#define MOUNT_NO_SUID   2u
#define MOUNT_NO_DEV    4u
#define MOUNT_NO_EXEC   8u

struct mount {
    uint32_t references;
    struct file_system *system; /* held */
    struct inode *root;         /* held: may lie below the file system's root (bind) */
    struct mount *parent;       /* held; NULL: the tenant's root, or detached */
    struct inode *point;        /* held */
    uint32_t flags;
    uint32_t group;  /* that of its peers (mount_peers.h); 0: none */
    uint32_t master; /* the group that it follows; 0: none */
    bool unbindable;
    uint32_t number;      /* of all that there have been, from 1 on */
    char *source;         /* heap: as /proc/mounts shows it */
    struct mount *next;   /* of the table: in order of mounting, but the tenant's root is first */
    struct mount *listed; /* the next of those that are about to go */
};

extern struct mount *mount_table;

uint32_t file_system_number(void); /* a new st_dev */
/* One reference less; without any it is freed. */
void file_system_release(struct file_system *system);
/* The same object, though some file systems make a new struct inode for it at each lookup. */
bool same_inode(const struct inode *left, const struct inode *right);

void mount_hold(struct mount *mount);
void mount_release(struct mount *mount);
/* The mount that covers this place, not held; NULL. */
struct mount *mount_covering(const struct path *place);
bool mount_covers_inode(const struct inode *inode); /* in any mount: it may not be removed */

/* Mounts `root` of `system` on `place` (NULL: as the tenant's root), and on the same place of its mount's peers. Holds what it
 * keeps. -ENOSPC: there are too many. */
int mount_attach(struct file_system *system, struct inode *root, const struct path *place,
                 const char *source, uint32_t flags);
/* The same, of what lies at `source`, whose mount gets a peer; a mount that follows a group gets one that follows it, too. */
int mount_attach_bound(const struct path *source, const struct path *place, uint32_t flags);
/* Mounts it there alone. */
int mount_make(struct file_system *system, struct inode *root, const struct path *place,
               const char *source, uint32_t flags, struct mount **made);
bool is_mount_root(const struct path *place);
/* Is it in the table, and not only in use? */
bool mount_is_attached(const struct mount *mount);
/* Is the mount `above` on the way from the place to the tenant's root? */
bool mount_is_below(const struct path *place, const struct mount *above);
/* Takes an attached mount, with what is mounted below it, to another place; NULL: it is the tenant's root from now on. */
void mount_move(struct mount *mount, const struct path *place);
/* Where its root is, with a NUL, as seen from the tenant's root; of one that covers a file only "/" is known. */
void mount_target(struct mount *mount, char *buffer, uint32_t room);
/* Is anything mounted in it but `except` (may be NULL)? */
bool mount_holds_others(const struct mount *mount, const struct mount *except);
/* What is mounted on its root; NULL. */
struct mount *mount_cover(struct mount *mount);
/* Takes one out of the table; what lies on its root lies where it lay then. */
void mount_withdraw(struct mount *mount);
/* Of one that is attached: with all that is mounted below it, and with the copies at peers of what it lies in. -EBUSY while
 * something uses it or a copy, unless `lazily`. */
int mount_detach(struct mount *mount, bool lazily);

#endif
