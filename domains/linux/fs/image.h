// SPDX-License-Identifier: MIT
/*
 * Images in the manager's own quarter: each is mapped whole and read-only, one behind the other,
 * from MANAGER_IMAGE_WINDOW on, and stays mapped.
 */
#ifndef DOMAINS_LINUX_FS_IMAGE_H
#define DOMAINS_LINUX_FS_IMAGE_H

#include <stdint.h>

/* `image` and `bytes` as the information page names them. 0, -ENOMEM (window or quota), -EIO. */
int image_map(uint32_t image, uint32_t bytes, const void **mapped);

#endif
