// SPDX-License-Identifier: MIT
/*
 * Block devices of the tenant: /dev/vda and its like, one for each granted device of class block.
 */
#ifndef DOMAINS_LINUX_BLOCK_BLOCK_H
#define DOMAINS_LINUX_BLOCK_BLOCK_H

int block_start(void); /* 0 or -ENOMEM */
/* sync(2): everything written so far is on the medium. 0 or -EIO. Sleeps. */
int block_sync_all(void);

#endif
