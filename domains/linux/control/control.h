// SPDX-License-Identifier: MIT
/*
 * /dev/ringfence, in the tenant that holds the control gate; its ioctls are in request.h.
 */
#ifndef DOMAINS_LINUX_CONTROL_CONTROL_H
#define DOMAINS_LINUX_CONTROL_CONTROL_H

int control_start(void); /* registers the node if this is the operator: 0 or -ENOMEM */

#endif
