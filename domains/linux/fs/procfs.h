// SPDX-License-Identifier: MIT
/*
 * /proc: what the manager knows about its own tenant, as text files. Nothing in it speaks of other
 * tenants or of the machine as a whole.
 */
#ifndef DOMAINS_LINUX_FS_PROCFS_H
#define DOMAINS_LINUX_FS_PROCFS_H

#include "domains/linux/file/mount.h"

int procfs_start(void);           /* 0 or -ENOMEM */
struct file_system *procfs(void); /* borrowed */

#endif
