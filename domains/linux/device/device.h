// SPDX-License-Identifier: MIT
/*
 * What the manager has under /dev that is not a terminal of a session, and the one call that brings
 * all devices up: the event service, the console, block devices, the channel service, and, in the
 * operator's tenant, /dev/ringfence and the files under /boot.
 */
#ifndef DOMAINS_LINUX_DEVICE_DEVICE_H
#define DOMAINS_LINUX_DEVICE_DEVICE_H

#include "domains/linux/file/file.h"

/* Called once at the start, with the lock held, before the first process. 0 or -ENOMEM. */
int devices_start(void);

/* Each registers its nodes; devices_start() calls them. */
int memory_devices_start(void); /* null, zero, full, random, urandom */
int log_device_start(void);     /* kmsg */
int boot_files_start(void);     /* /boot of the operator */

#endif
