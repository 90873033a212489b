// SPDX-License-Identifier: MIT
/*
 * What the operator reads of a tenant and changes while it runs.
 */
#include "kernel/abi/layout.h"
#include "kernel/channel/channel.h"
#include "kernel/cpu/cpu.h"
#include "kernel/domain/tenant_parts.h"
#include "kernel/io/device.h"
#include "kernel/network/bind.h"
#include "kernel/sched/scheduler.h"

#include <stddef.h>

void tenant_fill_memory(const struct tenant *tenant, struct memory_status *status) {
    *status = (struct memory_status){
        .reserved = tenant->quota.limit,
        .bound = tenant->bound,
        .page_tables = tenant->tables,
        .objects = object_pool_frames(&tenant->pool) + object_pool_frames(&tenant->block_pool),
        .peak = tenant->quota.peak,
        .image_pages = tenant->image_pages,
    };
}

enum status tenant_status(uint32_t number, struct tenant_status *status) {
    struct tenant *tenant;

    if (number >= tenants_end())
        return STATUS_BAD_HANDLE;
    tenant = tenants[number];
    if (!tenant)
        return STATUS_GONE;
    *status = (struct tenant_status){
        .tenant = number,
        .state = tenant->state,
        .configuration = tenant->configuration,
        .threads = tenant->thread_count,
        .spaces = tenant->space_count,
        .channels = channel_count(tenant),
        .restarts = tenant->restarts,
        .cpu_nanoseconds = tenant->share.total,
        .throttled_nanoseconds = tenant->share.throttled,
        .started_nanoseconds = tenant->started,
        .wakeups = tenant->wakeups,
    };
    __builtin_memcpy(status->last_death, tenant->last_death, sizeof status->last_death);
    tenant_fill_memory(tenant, &status->memory);
    io_fill_status(tenant, status);
    network_fill_status(tenant, status);
    return STATUS_OK;
}

/* The values that need more than 32 bits; NULL: not one of these. */
static uint64_t *wide_field(struct tenant_configuration *configuration, uint32_t key) {
    switch (key) {
    case TENANT_DISK_BANDWIDTH:
        return &configuration->disks[0].bytes_per_second;
    case TENANT_NETWORK_SEND_BYTES:
        return &configuration->network.send_bytes;
    case TENANT_NETWORK_RECEIVE_BYTES:
        return &configuration->network.receive_bytes;
    default:
        return NULL;
    }
}

/* Changes one value in `configuration`; false if the key is unknown or the value does not fit. */
static bool change(struct tenant_configuration *configuration, uint32_t key, uint64_t value) {
    uint64_t *wide = wide_field(configuration, key);
    uint32_t *const fields[TENANT_KEY_COUNT] = {
        [TENANT_CPU_RESERVATION] = &configuration->cpu_reservation,
        [TENANT_CPU_WEIGHT] = &configuration->cpu_weight,
        [TENANT_CPU_CAP] = &configuration->cpu_cap,
        [TENANT_DISK_OPERATIONS] = &configuration->disks[0].operations_per_second,
        [TENANT_DISK_RESERVATION] = &configuration->disks[0].reservation,
        [TENANT_DISK_WEIGHT] = &configuration->disks[0].weight,
        [TENANT_DISK_BURST] = &configuration->disks[0].burst_milliseconds,
        [TENANT_NETWORK_WEIGHT] = &configuration->network.weight,
        [TENANT_NETWORK_BURST] = &configuration->network.burst_milliseconds,
        [TENANT_NETWORK_SEND_PACKETS] = &configuration->network.send_packets,
        [TENANT_NETWORK_RECEIVE_PACKETS] = &configuration->network.receive_packets,
        [TENANT_RESTART_POLICY] = &configuration->restart,
        [TENANT_FRAMES] = &configuration->frames,
    };

    if (key >= TENANT_KEY_COUNT)
        return false;
    if (wide) {
        *wide = value;
        return true;
    }
    *fields[key] = (uint32_t)value;
    return value <= UINT32_MAX;
}

static enum status resize(struct tenant *tenant, uint32_t frames) {
    struct quota *quota = &tenant->quota;

    if (frames < quota->used)
        return STATUS_BUSY;
    if (frames > quota->limit && !frame_reserve(frames - quota->limit))
        return STATUS_NO_MEMORY;
    if (frames < quota->limit)
        frame_unreserve(quota->limit - frames);
    quota->limit = frames;
    tenant->pool.limit = object_limit(frames);
    if (tenant->information)
        tenant->information->frames = frames;
    return STATUS_OK;
}

static enum status apply(struct tenant *tenant, const struct tenant_configuration *changed,
                         uint32_t key) {
    switch (key) {
    case TENANT_FRAMES:
        return resize(tenant, changed->frames);
    case TENANT_DISK_OPERATIONS:
    case TENANT_DISK_BANDWIDTH:
    case TENANT_DISK_RESERVATION:
    case TENANT_DISK_WEIGHT:
    case TENANT_DISK_BURST:
        return io_set_share(tenant, 0, &changed->disks[0]);
    case TENANT_NETWORK_WEIGHT:
    case TENANT_NETWORK_BURST:
    case TENANT_NETWORK_SEND_PACKETS:
    case TENANT_NETWORK_SEND_BYTES:
    case TENANT_NETWORK_RECEIVE_PACKETS:
    case TENANT_NETWORK_RECEIVE_BYTES:
        return network_set_share(tenant, &changed->network);
    default:
        tenant->share.reservation = changed->cpu_reservation;
        share_set_weight(&tenant->share, changed->cpu_weight);
        tenant->share.cap = changed->cpu_cap;
        scheduler_share_changed(tenant);
        return STATUS_OK;
    }
}

enum status tenant_set(uint32_t number, uint32_t key, uint64_t value) {
    struct tenant *tenant = number < TENANT_MAX ? tenants[number] : NULL;
    struct tenant_configuration changed;
    char reason[TENANT_REASON];
    enum status status;

    if (!tenant || tenant->destroy_wanted)
        return STATUS_BAD_HANDLE;
    changed = tenant->configuration;
    if (!change(&changed, key, value) || !configuration_check(&changed, cpu_count(), reason))
        return STATUS_BAD_ARGUMENT;
    if (admission_cpu_of_others(tenant) + changed.cpu_reservation > 100 * cpu_count())
        return STATUS_NO_MEMORY;
    status = admission_check_disks(tenant, &changed, reason);
    if (status == STATUS_OK)
        status = apply(tenant, &changed, key);
    if (status == STATUS_OK)
        tenant->configuration = changed;
    return status;
}
