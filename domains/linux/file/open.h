// SPDX-License-Identifier: MIT
/*
 * Opening, for the other file calls.
 */
#ifndef DOMAINS_LINUX_FILE_OPEN_H
#define DOMAINS_LINUX_FILE_OPEN_H

#include "domains/linux/file/path.h"

/* Is the walk's last component one that can be neither made nor removed: none, "." or ".."? */
bool walk_ends_in_dots(const struct walk *walk);
/* May a name be added to or removed from the directory that the walk has reached? 0, -EROFS,
 * -EACCES, or -ENOENT if it was itself removed. */
int may_change_directory(const struct walk *walk);
/* May `victim` lose its name, the walk's last component? The same, or -EPERM, -EBUSY. */
int may_remove_name(const struct walk *walk, const struct path *victim);
/* Makes a node of mode's type under the walk's last component, which does not exist: owner,
 * group, umask and S_ISGID are applied here. */
int create_node(struct walk *walk, uint32_t mode, uint32_t device, struct inode **made);
/* A socket's node at a path, relative to the working directory; it must not exist. Held for the caller. */
int make_socket_node(const char *path, uint32_t permissions, struct path *made);

/* What a new description is called: by the walk that has found it, or as another one of the same object. Without memory it
 * has no name. */
void file_take_name(struct file *file, const struct walk *walk);
void file_take_name_of(struct file *file, const struct file *from);
void file_forget_name(struct file *file);
/* A rename took the object from one name to another: descriptions that were opened by the one have the other then. */
void file_names_moved(struct inode *moved, const struct walk *from, const struct walk *to);

#endif
