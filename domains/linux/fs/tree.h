// SPDX-License-Identifier: MIT
/*
 * The tree file system: a private tree of the tenant in its own memory, over a read-only image or
 * over nothing.
 *
 * Over an image it is the tenant's root: every node starts as what the image says, and is copied up
 * as far as it is changed: attributes in the node, data page by page, directories name by name.
 * What was never changed costs nothing once nobody uses it. Over nothing it is a tmpfs.
 *
 * When the tenant's memory is used up, or a limit of a tmpfs is reached, what needs more answers -ENOSPC.
 */
#ifndef DOMAINS_LINUX_FS_TREE_H
#define DOMAINS_LINUX_FS_TREE_H

#include "domains/linux/file/mount.h"
#include "domains/linux/fs/erofs.h"
#include "domains/linux/fs/tree_option.h"

#define TREE_MAGIC_TMPFS 0x01021994u

/* An empty tmpfs with these limits, whose root is as the options say. `type` is what /proc/mounts
 * shows. NULL: no memory. */
struct file_system *tree_make(const char *type, const struct tree_options *options);
/* A tree over an image whose pages the core knows as image << 20 | page. The bytes of the image
 * must stay mapped as long as the tree lives. 0, or a negative errno. */
int tree_make_over(const struct erofs *image, uint32_t image_handle, struct file_system **made);

#endif
