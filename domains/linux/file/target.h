// SPDX-License-Identifier: MIT
/*
 * What a call is about that changes what an inode says of itself: found by a path, or by a descriptor.
 */
#ifndef DOMAINS_LINUX_FILE_TARGET_H
#define DOMAINS_LINUX_FILE_TARGET_H

#include "domains/linux/file/path.h"

struct target {
    struct path path;
    struct walk walk;  /* that has found it … */
    struct file *file; /* … unless it is this one's, held */
};

/* 0, and it is to be released; or a negative errno. */
int target_find_path(uint32_t directory, uint32_t path, uint32_t flags, struct target *target);
/* One that is open for more than its path. */
int target_find_descriptor(uint32_t descriptor, struct target *target);
void target_release(struct target *target);

struct attributes {
    uint32_t mode, uid, gid;
    struct timestamp accessed, modified;
};

struct attributes inode_attributes(const struct inode *inode);
/* Gives it these attributes, unless the file system refuses. `events`: what is told of it. */
int target_change(const struct target *target, const struct attributes *wanted, uint32_t events);
void target_tell(const struct target *target, uint32_t events);

#endif
