// SPDX-License-Identifier: MIT
/*
 * Giving a tenant its place at a device, and taking it away.
 */
#include "kernel/io/binding.h"

#include "kernel/defence.h"
#include "kernel/dev/clock.h"
#include "kernel/domain/driver.h"
#include "kernel/domain/tenant.h"
#include "kernel/log/log.h"
#include "kernel/mem/object.h"
#include "kernel/mem/space.h"
#include "kernel/mem/window.h"

#include <stddef.h>
#include <string.h>

#define REASON_BYTES     96
#define VOLUME_ALIGNMENT 4096u
#define MILLISECOND      1000000ull
#define RING_COUNTERS    offsetof(struct io_ring, submissions) /* of either kind of ring */

_Static_assert(offsetof(struct network_ring, transmit) == RING_COUNTERS, "as in the other ring");

struct io_binding *binding_find(struct tenant *tenant, uint32_t device) {
    return !DEFENCE_DEVICE_BOUND || device < INFORMATION_DEVICES ? tenant->bindings[device] : NULL;
}

/* ---- Binding ---- */

static enum status check_volume(const struct io_device *device, const struct disk_grant *grant,
                                char *reason) {
    if (grant->bytes == 0 || (grant->offset | grant->bytes) % VOLUME_ALIGNMENT != 0) {
        format_text(reason, REASON_BYTES, "volume %s is empty or not in units of %u bytes",
                    grant->name, VOLUME_ALIGNMENT);
        return STATUS_BAD_ARGUMENT;
    }
    uint64_t capacity = device->description.bytes;
    if (grant->offset > capacity || grant->bytes > capacity - grant->offset) {
        format_text(reason, REASON_BYTES, "volume %s ends at %u MiB, but %s has %u MiB",
                    grant->name, (uint32_t)((grant->offset + grant->bytes) >> 20), device->name,
                    (uint32_t)(capacity >> 20));
        return STATUS_BAD_ARGUMENT;
    }
    return STATUS_OK;
}

static bool is_ended(const char name[16]) {
    return name[15] == '\0';
}

static enum status check_grant(const struct tenant *tenant, uint32_t class,
                               const struct disk_grant *grant, uint32_t index,
                               struct io_device **device, char *reason) {
    if (index >= INFORMATION_DEVICES || tenant->bindings[index] != NULL || !is_ended(grant->name) ||
        !is_ended(grant->device)) {
        format_text(reason, REASON_BYTES, "a device grant is malformed");
        return STATUS_BAD_ARGUMENT;
    }
    *device = io_device_find(grant->device);
    if (*device == NULL || (*device)->class != class) {
        format_text(reason, REASON_BYTES, "there is no %s %s",
                    class == DEVICE_BLOCK ? "disk" : "console", grant->device);
        return STATUS_BAD_HANDLE;
    }
    return class == DEVICE_BLOCK ? check_volume(*device, grant, reason) : STATUS_OK;
}

static void describe(struct tenant *tenant, const struct io_binding *binding,
                     const struct disk_grant *grant, uint32_t index) {
    struct information_device *told = &tenant->information->devices[index];
    memcpy(told->name, grant->name, sizeof told->name);
    told->device = index;
    told->class = binding->device->class;
    told->bytes = binding->bytes;
}

static void set_flow(struct io_binding *binding, const struct disk_grant *grant) {
    struct io_device *device = binding->device;
    uint64_t clock = device_clock(device, clock_now());
    binding->flow.reservation = grant->reservation;
    binding->flow.weight = grant->weight;
    limit_set(&binding->flow.limit, clock, grant->operations_per_second, grant->bytes_per_second,
              grant->burst_milliseconds * MILLISECOND);
    schedule_flow_changed(&device->schedule, &binding->flow, clock);
}

enum status io_bind(struct tenant *tenant, uint32_t class, const struct disk_grant *grant,
                    uint32_t index, char *reason) {
    struct io_device *device;
    enum status status = check_grant(tenant, class, grant, index, &device, reason);
    if (status != STATUS_OK)
        return status;
    struct io_binding *binding = object_allocate(&tenant->pool, sizeof *binding);
    if (binding == NULL) {
        format_text(reason, REASON_BYTES, "no memory left for its place at %s", device->name);
        return STATUS_NO_MEMORY;
    }
    binding->tenant = tenant;
    binding->device = device;
    binding->flow = tenant->flows[index];
    binding->flow.weight = WEIGHT_MAX;
    if (device->class == DEVICE_BLOCK) {
        binding->start = grant->offset;
        binding->bytes = grant->bytes;
        set_flow(binding, grant);
    }
    tenant->bindings[index] = binding;
    describe(tenant, binding, grant, index);
    return STATUS_OK;
}

/* ---- Rings ---- */

static bool has_ring(const struct io_binding *binding) {
    return binding->device->own != NULL ? binding->ring != NO_FRAME_T : binding->queue != NULL;
}

static bool make_queue(struct io_binding *binding) {
    if (binding->device->own != NULL)
        return true;
    binding->queue = object_allocate(&binding->tenant->pool, sizeof *binding->queue);
    return binding->queue != NULL;
}

enum status io_attach(struct tenant *tenant, uint32_t device, uint32_t frame_index) {
    struct io_binding *binding = binding_find(tenant, device);
    if (binding == NULL)
        return STATUS_BAD_HANDLE;
    if (DEFENCE_RING_ONCE && has_ring(binding))
        return STATUS_BUSY;
    frame_t frame = tenant_frame(tenant, frame_index);
    if (DEFENCE_RING_BOUND_FRAME && frame == NO_FRAME_T)
        return STATUS_BAD_ARGUMENT;
    if (!make_queue(binding))
        return STATUS_NO_MEMORY;
    frame_pin(frame);
    binding->ring = frame;
    binding->ring_index = frame_index;
    binding->submit_head = binding->complete_tail = 0;
    memset(window_map(WINDOW_RING, frame), 0, RING_COUNTERS);
    if (binding->device->own != NULL)
        binding->device->own->attached(binding);
    return STATUS_OK;
}

static void drop_queue(struct io_binding *binding) {
    for (; binding->queue->count > 0; queue_remove(binding->queue, 0)) {
        request_unpin(queue_at(binding->queue, 0));
        binding->device->queued--;
    }
    binding_look(binding, clock_now());
    schedule_leaves(&binding->device->schedule, &binding->flow,
                    device_clock(binding->device, clock_now()));
    object_free(&binding->tenant->pool, binding->queue);
    binding->queue = NULL;
}

static void let_go_of_ring(struct io_binding *binding) {
    if (!has_ring(binding))
        return;
    frame_unpin(binding->ring);
    if (binding->device->own != NULL)
        binding->device->own->detached(binding);
    else
        drop_queue(binding);
}

enum status io_detach(struct tenant *tenant, uint32_t device) {
    struct io_binding *binding = binding_find(tenant, device);
    if (binding == NULL || !has_ring(binding))
        return STATUS_BAD_HANDLE;
    if (DEFENCE_DETACH_IN_FLIGHT && binding->outstanding != 0)
        return STATUS_BUSY;
    let_go_of_ring(binding);
    return STATUS_OK;
}

/* ---- The end of a tenant ---- */

/* A driver without DMA never reaches the frames: they go at once, and the tenant waits for no person to
 * press a key. What would be replayed, on a device whose reset was seen, is over: its frames are somebody
 * else's from here on. */
static void orphan_slot(struct io_device *device, struct io_slot *slot) {
    slot->request.binding = NULL;
    if (!device->driver->manifest.dma) {
        request_unpin(&slot->request);
        slot->request.frame_count = 0;
    }
    if (slot->state == SLOT_KEPT && device->driver->reset_done)
        slot_finish(device, slot, STATUS_IO_ERROR, 0, clock_now());
}

static void orphan_slots(const struct io_binding *binding) {
    struct io_device *device = binding->device;
    for (uint32_t n = 0; n < DRIVER_DEPTH; n++)
        if (device->slots[n].state != SLOT_FREE && device->slots[n].request.binding == binding)
            orphan_slot(device, &device->slots[n]);
}

static bool has_orphans(const struct tenant *tenant) {
    for (uint32_t n = 0; n < io_device_count; n++)
        for (uint32_t id = 0; id < DRIVER_DEPTH; id++)
            if (io_devices[n].slots[id].state != SLOT_FREE &&
                io_devices[n].slots[id].request.binding == NULL &&
                io_devices[n].slots[id].request.frame_count != 0 &&
                io_devices[n].slots[id].account == tenant->account)
                return true;
    return false;
}

bool io_unbind(struct tenant *tenant) {
    for (uint32_t index = 0; index < INFORMATION_DEVICES; index++) {
        struct io_binding *binding = tenant->bindings[index];
        if (binding == NULL)
            continue;
        orphan_slots(binding);
        let_go_of_ring(binding);
        driver_post(binding->device->driver, 0); /* others may have waited for a replay */
        if (binding->device->own != NULL)
            binding->device->own->unbind(binding);
        tenant->flows[index] = binding->flow;
        object_free(&tenant->pool, binding);
        tenant->bindings[index] = NULL;
    }
    drivers_forget_tenant(tenant);
    return !has_orphans(tenant);
}

/* ---- For the operator ---- */

static struct io_binding *disk_of(struct tenant *tenant, uint32_t disk) {
    for (uint32_t index = 0; index < INFORMATION_DEVICES; index++) {
        struct io_binding *binding = tenant->bindings[index];
        if (binding != NULL && binding->device->class == DEVICE_BLOCK && disk-- == 0)
            return binding;
    }
    return NULL;
}

enum status io_set_share(struct tenant *tenant, uint32_t disk, const struct disk_grant *grant) {
    struct io_binding *binding = disk_of(tenant, disk);
    if (binding == NULL)
        return STATUS_BAD_HANDLE;
    set_flow(binding, grant);
    binding_look(binding, clock_now());
    driver_post(binding->device->driver, 0);
    return STATUS_OK;
}

void io_fill_status(struct tenant *tenant, struct tenant_status *status) {
    for (uint32_t disk = 0; disk < CONFIGURATION_DISKS; disk++) {
        const struct io_binding *binding = disk_of(tenant, disk);
        if (binding == NULL)
            return;
        status->disk[disk].reads = binding->reads;
        status->disk[disk].writes = binding->writes;
        status->disk[disk].bytes_read = binding->bytes_read;
        status->disk[disk].bytes_written = binding->bytes_written;
        status->disk[disk].throttled_nanoseconds = binding->flow.held_total;
        memcpy(status->disk[disk].latency, binding->latency, sizeof binding->latency);
    }
}

enum status io_status(struct tenant *tenant, uint32_t device, struct io_status *status) {
    const struct io_binding *binding = binding_find(tenant, device);
    if (binding == NULL)
        return STATUS_BAD_HANDLE;
    if (binding->device->own != NULL) {
        *status = (struct io_status){.state = binding->device->driver->state};
        return STATUS_OK;
    }
    *status = (struct io_status){
        .state = binding->device->driver->state,
        .queued = binding->queue != NULL ? binding->queue->count : 0,
        .served = binding->reads + binding->writes,
        .bytes = binding->bytes_read + binding->bytes_written,
        .throttled_nanoseconds = binding->flow.held_total,
    };
    return STATUS_OK;
}
