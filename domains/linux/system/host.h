// SPDX-License-Identifier: MIT
/*
 * The tenant's names, as uname shows them.
 */
#ifndef DOMAINS_LINUX_SYSTEM_HOST_H
#define DOMAINS_LINUX_SYSTEM_HOST_H

#define HOST_NAME_BYTES 65 /* with the NUL, as in struct utsname */

struct host_names {
    char system[HOST_NAME_BYTES], node[HOST_NAME_BYTES], release[HOST_NAME_BYTES];
    char version[HOST_NAME_BYTES], machine[HOST_NAME_BYTES], domain[HOST_NAME_BYTES];
};

/* In the layout of struct new_utsname; the node name is the tenant's until somebody changes it here. Under the lock. */
struct host_names *host_names(void);

#endif
