// SPDX-License-Identifier: MIT
/*
 * Mounts that move.
 */
#ifndef DOMAINS_LINUX_FILE_MOUNT_MOVE_H
#define DOMAINS_LINUX_FILE_MOUNT_MOVE_H

#include "domains/linux/file/path.h"

/* mount(2) with MS_MOVE: what is mounted at the path `source`, which is taken over, goes to `place`. */
int mount_move_from(char *source, const struct path *place);

#endif
