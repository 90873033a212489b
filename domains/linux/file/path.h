// SPDX-License-Identifier: MIT
/*
 * Paths: how a name becomes an inode on a mount.
 *
 * A walk goes through the components from left to right and stops before the last one, because what
 * is done with that differs: it is looked up, created, removed or renamed. So there are two levels:
 * struct walk for calls that need the parent directory and the last name, path_resolve() for all
 * others.
 *
 * Walks never sleep; all of one walk sees one state of the tree.
 */
#ifndef DOMAINS_LINUX_FILE_PATH_H
#define DOMAINS_LINUX_FILE_PATH_H

#include "domains/linux/file/file.h"
#include "domains/linux/file/flags.h"
#include "domains/linux/process/process.h"

struct path {
    struct mount *mount;
    struct inode *inode;
};

void path_hold(const struct path *path);
void path_release(struct path *path); /* and clears it; an empty path is allowed */
void path_assign(struct path *path, const struct path *value); /* lets go of what it was */
/* While something is mounted on the place, goes up to its root. */
void path_cross_mounts(struct path *path);
/* The parent directory, as "..": at `root` (may be NULL) and at the outermost root the place
 * itself. */
int path_climb(const struct path *from, const struct path *root, struct path *found);

/* A process's view: shared by threads, copied by fork. */
struct path_context {
    uint32_t references;
    uint32_t umask;
    struct path root, directory;
};

/* Every process that has `from` as its root or works there has `to` then. */
void path_contexts_move(const struct path *from, const struct path *to);

struct walk {
    struct path at;    /* held: the directory reached so far */
    const char *name;  /* last component, in the walk's buffer … */
    uint32_t length;   /* … 0: there is none, `at` is the result ("/", or a link to an object) */
    bool slash;        /* something follows it: it must be a directory */
    bool as_root;      /* permissions are not asked for */
    uint32_t links;    /* followed so far */
    const char *rest;  /* not yet walked */
    char *buffer;      /* owned: what `rest` points into */
    struct path root;  /* held */
    struct file *file; /* held: the description that the last link led to, or NULL */
};

/* Buffers of PATH_BYTES for paths; NULL: no memory. */
char *path_buffer(void);
void path_buffer_free(char *buffer);
/* Copies a path from the app into a new buffer: 0, -EFAULT, -ENAMETOOLONG, -ENOMEM. An empty path
 * is allowed here. */
int path_copy_in(uint32_t user_path, char **buffer);

/* Starts at an open directory, at AT_FDCWD, or for an absolute path at the process's root. Takes
 * over `buffer` in any case; empty path: -ENOENT. */
int walk_start(struct walk *walk, int directory, char *buffer);
/* The same as root and from the tenant's own root, for the manager itself. */
int walk_start_as_root(struct walk *walk, char *buffer);
/* Walks up to the last component. */
int walk_to_parent(struct walk *walk);
/* Both at once; if it fails the walk is ended. */
int walk_start_to_parent(struct walk *walk, int directory, char *buffer);
/* Looks up the last component, links not followed; the result is held for the caller. */
int walk_look(struct walk *walk, struct path *found);
/* Puts a link that walk_look() found in the place of the last component: go on with
 * walk_to_parent(). Takes over the hold on `link`. */
int walk_through(struct walk *walk, struct path *link);
void walk_end(struct walk *walk);

/* All at once. flags: AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH. The user's path is copied in. */
int path_resolve(int directory, uint32_t user_path, uint32_t flags, struct path *found);
int path_resolve_buffer(int directory, char *buffer, uint32_t flags, struct path *found);
/* As path_resolve(). If it succeeds the walk stays, to say by which name it was found, and is to be ended. */
int path_find(struct walk *walk, int directory, uint32_t user_path, uint32_t flags,
              struct path *found);

/* Writes where a directory lies, as seen from `root`, with a NUL: length, -ENOENT if it was
 * removed, -ENAMETOOLONG. What lies outside of `root` is shown as from the tenant's root. */
int path_string(const struct path *directory, const struct path *root, char *buffer, uint32_t room);

#endif
