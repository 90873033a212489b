// SPDX-License-Identifier: MIT
/*
 * The file descriptors of a process, and its view of the path tree.
 */
#ifndef DOMAINS_LINUX_FILE_TABLE_H
#define DOMAINS_LINUX_FILE_TABLE_H

#include "domains/linux/file/file.h"

struct file_table;
struct path_context;

struct file_table *file_table_make(void);                          /* empty; NULL: no memory */
struct file_table *file_table_copy(const struct file_table *from); /* for fork */
void file_table_hold(struct file_table *table);                    /* CLONE_FILES */
bool file_table_is_shared(const struct file_table *table);         /* has more than one holder */
void file_table_release(struct file_table *table); /* closes all with the last holder */
void file_table_exec(struct file_table *table);    /* closes close-on-exec ones */

/* Lowest free descriptor >= from: takes over the reference. -EMFILE leaves it with the caller. */
int file_install(struct file_table *table, struct file *file, int from, bool close_on_exec);
struct file *file_get(struct file_table *table,
                      int descriptor); /* held for the caller; NULL: EBADF */
/* Takes a descriptor away with its reference; NULL: EBADF. Whoever closes for an app uses
 * file_close(). */
struct file *file_remove(struct file_table *table, int descriptor);
/* Closes as close(2): also drops the locks of this table's processes on the file. 0 or -EBADF. */
int file_close(struct file_table *table, int descriptor);
/* Puts the file under exactly this descriptor and closes what was there; takes over the
 * reference unless it fails: -EBADF (out of range), -ENOMEM. */
int file_replace(struct file_table *table, int descriptor, struct file *file, bool close_on_exec);
int file_close_on_exec(struct file_table *table, int descriptor);               /* 0, 1 or -EBADF */
int file_set_close_on_exec(struct file_table *table, int descriptor, bool set); /* 0 or -EBADF */
#define FILE_TABLE_MAX 4096u /* descriptors of a table; RLIMIT_NOFILE may be lower */
/* The n-th open descriptor at or after `from`, for /proc/N/fd; -1 at the end. */
int file_table_next(struct file_table *table, int from);

struct path_context *path_context_make(void); /* root and working directory "/", umask 022 */
struct path_context *path_context_copy(const struct path_context *from);
void path_context_hold(struct path_context *paths);
void path_context_release(struct path_context *paths);

#endif
