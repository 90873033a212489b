// SPDX-License-Identifier: MIT
#include "kernel/network/bind.h"

#include "kernel/dev/clock.h"
#include "kernel/domain/tenant.h"
#include "kernel/io/cost.h"
#include "kernel/log/log.h"
#include "kernel/mem/object.h"
#include "kernel/network/switch.h"
#include "kernel/network/uplink.h"

#include <stddef.h>
#include <string.h>

#define REASON_BYTES 96
#define MILLISECOND  1000000ull
#define PAUSE_MOST   (MILLISECOND / 4) /* of a sender whose limit is used up, beyond what it asks */
#define PORT_NAME    "eth0"

/* ---- Giving ---- */

static const struct port *namesake(const struct network_switch *at,
                                   const struct network_identity *identity) {
    const struct port *port = switch_find(at, identity->hardware);
    for (const struct port *one = at->ports; one != NULL && port == NULL; one = one->next)
        if (identity->address != 0 && one->identity.address == identity->address)
            port = one;
    return port;
}

static enum status check(const struct network_grant *grant, const struct io_device **device,
                         char *reason) {
    *device = io_device_find(grant->device);
    if (*device == NULL || (*device)->class != DEVICE_NETWORK || switch_of(*device) == NULL) {
        format_text(reason, REASON_BYTES, "there is no network device %s", grant->device);
        return STATUS_BAD_HANDLE;
    }
    const struct port *other = namesake(switch_of(*device), &grant->identity);
    if (other == NULL)
        return STATUS_OK;
    format_text(reason, REASON_BYTES, "its address at %s is that of %s", grant->device,
                other->binding->tenant->configuration.name);
    return STATUS_BUSY;
}

static uint32_t cost_of_frame(const struct io_device *device) {
    return cost_of(&device->model.cost, true, false, NETWORK_FRAME_MOST);
}

uint32_t network_reserved_at(const char *name, const struct network_grant *grant) {
    const struct io_device *device = grant->send_reservation != 0 ? io_device_find(name) : NULL;
    if (device == NULL || device != io_device_find(grant->device))
        return 0;
    uint64_t frames = grant->send_reservation / NETWORK_FRAME_MOST + 1;
    uint64_t requests = frames * cost_of_frame(device) / cost_of_reference(&device->model.cost) + 1;
    return requests < UINT32_MAX ? (uint32_t)requests : UINT32_MAX;
}

uint64_t network_bytes_of(const char *name, uint32_t requests) {
    const struct io_device *device = io_device_find(name);
    if (device == NULL)
        return 0;
    return (uint64_t)requests * cost_of_reference(&device->model.cost) / cost_of_frame(device) *
           NETWORK_FRAME_MOST;
}

static void set_limits(struct port *port, const struct network_grant *grant, uint64_t now) {
    uint64_t burst = grant->burst_milliseconds * MILLISECOND;
    port->binding->flow.reservation = network_reserved_at(grant->device, grant);
    port->binding->flow.weight = grant->weight;
    port->binding->flow.pause = burst < PAUSE_MOST ? burst : PAUSE_MOST;
    limit_set(&port->binding->flow.limit, now, grant->send_packets, grant->send_bytes, burst);
    limit_set(&port->receive_limit, now, grant->receive_packets, grant->receive_bytes, burst);
}

static void describe(struct information_device *told, uint32_t index,
                     const struct network_identity *identity) {
    format_text(told->name, sizeof told->name, "%s", PORT_NAME);
    told->device = index;
    told->class = DEVICE_NETWORK;
    told->identity = *identity;
}

enum status network_bind(struct tenant *tenant, const struct network_grant *grant, uint32_t index,
                         char *reason) {
    const struct io_device *device;
    enum status status = check(grant, &device, reason);
    if (status != STATUS_OK)
        return status;
    struct io_binding *binding = object_allocate(&tenant->pool, sizeof *binding);
    struct port *port = object_allocate(&tenant->pool, sizeof *port);
    if (binding == NULL || port == NULL) {
        format_text(reason, REASON_BYTES, "no memory left for its port at %s", grant->device);
        return STATUS_NO_MEMORY;
    }
    uint64_t now = clock_now();
    binding->tenant = tenant;
    binding->device = (struct io_device *)device;
    binding->ring = NO_FRAME_T;
    binding->flow = tenant->flows[index];
    binding->port = port;
    port->binding = binding;
    port->identity = grant->identity;
    limit_set(&port->flood_limit, now, FLOODS_A_SECOND, 0, FLOOD_BURST);
    set_limits(port, grant, now);
    switch_join(switch_of(device), port);
    tenant->bindings[index] = binding;
    describe(&tenant->information->devices[index], index, &grant->identity);
    return STATUS_OK;
}

/* ---- Its ring ---- */

void network_attached(struct io_binding *binding) {
    binding->port->transmit_head = binding->port->receive_head = 0;
}

void network_detached(struct io_binding *binding) {
    switch_rest(binding->port);
    binding->ring = NO_FRAME_T;
}

/* ---- Taking away ---- */

void network_unbind(struct io_binding *binding) {
    switch_leave(binding->port);
    uplink_forget_sender(binding->device, binding->tenant);
    object_free(&binding->tenant->pool, binding->port);
}

/* ---- For the operator ---- */

static struct io_binding *network_of(struct tenant *tenant) {
    for (uint32_t index = 0; index < INFORMATION_DEVICES; index++)
        if (tenant->bindings[index] != NULL && tenant->bindings[index]->port != NULL)
            return tenant->bindings[index];
    return NULL;
}

enum status network_set_share(struct tenant *tenant, const struct network_grant *grant) {
    struct io_binding *binding = network_of(tenant);
    if (binding == NULL)
        return STATUS_BAD_HANDLE;
    set_limits(binding->port, grant, clock_now());
    switch_limits_changed(binding->port);
    return STATUS_OK;
}

void network_fill_status(struct tenant *tenant, struct tenant_status *status) {
    const struct io_binding *binding = network_of(tenant);
    if (binding == NULL)
        return;
    status->network.sent = binding->port->sent;
    status->network.received = binding->port->received;
    status->network.throttled_nanoseconds = binding->flow.held_total;
}
