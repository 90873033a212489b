// SPDX-License-Identifier: MIT
/*
 * AF_VSOCK: stream sockets between tenants, over links (kernel/abi/link.h), as Linux has them between virtual machines. A
 * tenant's context id is its number + 2, so that the operator's is VMADDR_CID_HOST.
 */
#ifndef DOMAINS_LINUX_LINK_VSOCK_H
#define DOMAINS_LINUX_LINK_VSOCK_H

#include "domains/linux/network/socket.h"

#define VSOCK_CONTEXT_ANY UINT32_MAX
#define VSOCK_PORT_ANY    UINT32_MAX

extern const struct socket_operations vsock_operations;

int vsock_open(struct socket *socket); /* 0 or -ENOMEM */
uint32_t vsock_own_context(void);

#endif
