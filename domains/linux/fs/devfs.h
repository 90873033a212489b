// SPDX-License-Identifier: MIT
/*
 * /dev: a tree of the tenant that has a node for each registered device, and which device a device
 * node stands for, wherever the node lies. device_register() itself is in
 * domains/linux/file/file.h.
 */
#ifndef DOMAINS_LINUX_FS_DEVFS_H
#define DOMAINS_LINUX_FS_DEVFS_H

#include "domains/linux/file/mount.h"

/* Makes the tree; before the first device_register(). 0 or -ENOMEM. */
int devfs_start(void);
struct file_system *devfs(void); /* borrowed */
/* Opens what a device node stands for: -ENXIO if there is no such device. */
int device_open(struct inode *inode, struct file *file);

#endif
