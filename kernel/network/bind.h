// SPDX-License-Identifier: MIT
/*
 * A tenant's network device, from its grant to its end: what kernel/io/device.h says of bindings, for ports.
 */
#ifndef KERNEL_NETWORK_BIND_H
#define KERNEL_NETWORK_BIND_H

#include "kernel/io/binding.h"

/* As io_bind(): the device becomes tenant->bindings[index], "eth0". Refused if another tenant there has the same address. */
enum status network_bind(struct tenant *tenant, const struct network_grant *grant, uint32_t index,
                         char *reason);
void network_unbind(struct io_binding *binding); /* the binding itself stays the caller's */
/* Its ring was attached: all counters are 0. */
void network_attached(struct io_binding *binding);
void network_detached(struct io_binding *binding);
/* Weight and limits, of the tenant's network device. BAD_HANDLE: it has none. */
enum status network_set_share(struct tenant *tenant, const struct network_grant *grant);
/* What the grant reserves at this device, in reference requests a second (kernel/io/cost.h), and as many in bytes a
 * second. */
uint32_t network_reserved_at(const char *device, const struct network_grant *grant);
uint64_t network_bytes_of(const char *device, uint32_t requests);
void network_fill_status(struct tenant *tenant, struct tenant_status *status);

#endif
