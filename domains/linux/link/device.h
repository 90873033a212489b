// SPDX-License-Identifier: MIT
/*
 * The start of AF_VSOCK, for those who know nothing of sockets.
 */
#ifndef DOMAINS_LINUX_LINK_DEVICE_H
#define DOMAINS_LINUX_LINK_DEVICE_H

/* Each once, at the start of the manager: 0 or -ENOMEM. */
int vsock_start(void);
int vsock_device_start(void); /* /dev/vsock */

#endif
