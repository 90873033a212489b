// SPDX-License-Identifier: MIT
/*
 * Permissions; permission_check() for the current process is in file.h.
 */
#ifndef DOMAINS_LINUX_FILE_PERMISSION_H
#define DOMAINS_LINUX_FILE_PERMISSION_H

#include "domains/linux/file/file.h"
#include "domains/linux/process/process.h"

struct credentials {
    uint32_t uid, gid;
    uint32_t group_count;
    const uint32_t *groups; /* borrowed */
};

/* The effective ids of the current process; root for the manager's own threads. */
struct credentials current_credentials(void);
bool is_in_group(const struct credentials *who, uint32_t gid);
int permission_check_as(const struct credentials *who, const struct inode *inode, uint32_t may);
/* May the current process change mode, times and the like? Its owner and root may. */
bool is_owner(const struct inode *inode);
/* A regular file that the current process, if it is not root, writes to or cuts: it gives nobody its owner's or group's rights. */
void drop_set_ids(struct inode *inode);

#endif
