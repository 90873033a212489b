// SPDX-License-Identifier: MIT
/*
 * What the operator reads of a tenant and changes while it runs.
 */
#include "kernel/abi/layout.h"
#include "kernel/channel/channel.h"
#include "kernel/cpu/cpu.h"
#include "kernel/domain/tenant_parts.h"
#include "kernel/io/device.h"
#include "kernel/log/log.h"
#include "kernel/network/bind.h"
#include "kernel/sched/scheduler.h"

#include <stddef.h>

void tenant_fill_memory(const struct tenant *tenant, struct memory_status *status) {
    *status = (struct memory_status){
        .reserved = tenant->quota.limit,
        .bound = tenant->bound,
        .page_tables = tenant->tables,
        .objects = object_pool_frames(&tenant->pool) + object_pool_frames(&tenant->block_pool) +
                   tenant->link_frames,
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
    case TENANT_NETWORK_RESERVATION:
        return &configuration->network.send_reservation;
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

/* ---- May it be? ---- */

static bool changes_of(const struct tenant_changes *changes, uint32_t first, uint32_t last) {
    for (uint32_t n = 0; n < changes->count; n++)
        if (changes->change[n].key >= first && changes->change[n].key <= last)
            return true;
    return false;
}

static bool change_all(struct tenant_configuration *changed, struct tenant_changes *changes) {
    for (uint32_t n = 0; n < changes->count; n++) {
        if (change(changed, changes->change[n].key, changes->change[n].value))
            continue;
        format_text(changes->reason, REASON_TEXT, "a key or a value is out of range");
        return false;
    }
    return true;
}

/* A share of what the tenant does not have is no share. */
static bool check_devices(const struct tenant *tenant, struct tenant_changes *changes) {
    const struct tenant_configuration *configuration = &tenant->configuration;
    bool no_disk = configuration->disks[0].device[0] == '\0' &&
                   changes_of(changes, TENANT_DISK_OPERATIONS, TENANT_DISK_BURST);
    bool no_network = configuration->network.device[0] == '\0' &&
                      changes_of(changes, TENANT_NETWORK_RESERVATION, TENANT_NETWORK_RECEIVE_BYTES);

    if (no_disk || no_network)
        format_text(changes->reason, REASON_TEXT, "%s has no %s", configuration->name,
                    no_disk ? "disk" : "network");
    return !no_disk && !no_network;
}

static enum status check_room(const struct tenant *tenant,
                              const struct tenant_configuration *changed, char *reason) {
    uint32_t used = tenant->quota.used, limit = tenant->quota.limit, left = frames_free_count();
    uint32_t cpu_left = 100 * cpu_count() - admission_cpu_of_others(tenant);

    if (changed->frames < used) {
        format_text(reason, REASON_TEXT,
                    "%s uses %u frames (%u KiB) now; it cannot shrink below that", changed->name,
                    used, used << (PAGE_SHIFT - 10));
        return STATUS_BUSY;
    }
    if (changed->frames > limit && changed->frames - limit > left)
        format_text(reason, REASON_TEXT,
                    "%s asks for %u frames (%u MiB) more, %u (%u MiB) are left", changed->name,
                    changed->frames - limit, (changed->frames - limit) >> (20 - PAGE_SHIFT), left,
                    left >> (20 - PAGE_SHIFT));
    else if (changed->cpu_reservation > cpu_left)
        format_text(reason, REASON_TEXT, "%s asks for %u %% of a CPU, others leave %u %%",
                    changed->name, changed->cpu_reservation, cpu_left);
    else
        return STATUS_OK;
    return STATUS_NO_MEMORY;
}

static enum status check(const struct tenant *tenant, struct tenant_configuration *changed,
                         struct tenant_changes *changes) {
    enum status status;

    if (!check_devices(tenant, changes) || !change_all(changed, changes) ||
        !configuration_check(changed, cpu_count(), changes->reason))
        return STATUS_BAD_ARGUMENT;
    status = check_room(tenant, changed, changes->reason);
    return status != STATUS_OK ? status : admission_check_devices(tenant, changed, changes->reason);
}

/* ---- Then it is ---- */

static void resize(struct tenant *tenant, uint32_t frames) {
    struct quota *quota = &tenant->quota;

    if (frames > quota->limit)
        frame_reserve(frames - quota->limit);
    else
        frame_unreserve(quota->limit - frames);
    quota->limit = frames;
    tenant->pool.limit = object_limit(frames);
    if (tenant->information)
        tenant->information->frames = frames;
}

static void apply(struct tenant *tenant, const struct tenant_changes *changes) {
    const struct tenant_configuration *configuration = &tenant->configuration;

    if (changes_of(changes, TENANT_FRAMES, TENANT_FRAMES))
        resize(tenant, configuration->frames);
    if (changes_of(changes, TENANT_DISK_OPERATIONS, TENANT_DISK_BURST))
        io_set_share(tenant, 0, &configuration->disks[0]);
    if (changes_of(changes, TENANT_NETWORK_RESERVATION, TENANT_NETWORK_RECEIVE_BYTES))
        network_set_share(tenant, &configuration->network);
    if (!changes_of(changes, TENANT_CPU_RESERVATION, TENANT_CPU_CAP))
        return;
    tenant->share.reservation = configuration->cpu_reservation;
    share_set_weight(&tenant->share, configuration->cpu_weight);
    tenant->share.cap = configuration->cpu_cap;
    scheduler_share_changed(tenant);
}

enum status tenant_set(struct tenant_changes *changes) {
    struct tenant *tenant = changes->tenant < TENANT_MAX ? tenants[changes->tenant] : NULL;
    enum status status;

    changes->reason[0] = '\0';
    if (!tenant || tenant->destroy_wanted)
        return STATUS_BAD_HANDLE;
    if (changes->count > TENANT_KEY_COUNT)
        return STATUS_BAD_ARGUMENT;
    struct tenant_configuration changed = tenant->configuration;
    status = check(tenant, &changed, changes);
    if (status != STATUS_OK)
        return status;
    admission_cpu_changes(tenant->configuration.cpu_reservation, changed.cpu_reservation);
    tenant->configuration = changed;
    apply(tenant, changes);
    return STATUS_OK;
}
