// SPDX-License-Identifier: MIT
/*
 * Admission control: a tenant is created with all that it was promised, or not at all. Nothing is taken
 * here; each refusal says what was asked for and what is left.
 */
#include "kernel/abi/layout.h"
#include "kernel/cpu/cpu.h"
#include "kernel/domain/bundle.h"
#include "kernel/domain/tenant_parts.h"
#include "kernel/io/device.h"
#include "kernel/log/log.h"
#include "kernel/network/bind.h"

#include <stddef.h>

#define CPU_PERCENT 100u

static uint32_t cpu_reserved; /* by all tenants together */

uint32_t admission_cpu_of_others(const struct tenant *tenant) {
    return cpu_reserved - (tenant ? tenant->configuration.cpu_reservation : 0);
}

void admission_cpu_changes(uint32_t before, uint32_t now) {
    cpu_reserved += now - before;
}

static enum status find_number(const struct tenant_configuration *wanted, uint32_t *number,
                               char *reason) {
    const struct tenant *other = tenant_named(wanted->name);

    if (other) {
        format_text(reason, TENANT_REASON, "there is a tenant %s already, number %u", wanted->name,
                    other->number);
        return STATUS_BUSY;
    }
    for (*number = 0; *number < tenants_end() && tenants[*number];)
        ++*number;
    if (*number < TENANT_MAX)
        return STATUS_OK;
    format_text(reason, TENANT_REASON, "%s: there are %u tenants, the most", wanted->name,
                TENANT_MAX);
    return STATUS_FULL;
}

static enum status find_files(const struct tenant_configuration *wanted,
                              struct admission *admission, char *reason) {
    const struct bundle_item *image = bundle_find(BUNDLE_IMAGE, wanted->image);
    const char *wrong;

    admission->manager_file = bundle_find(BUNDLE_MANAGER, wanted->manager);
    if (!admission->manager_file || !image) {
        format_text(reason, TENANT_REASON, "%s: the bundles hold no %s %s", wanted->name,
                    image ? "manager" : "image", image ? wanted->manager : wanted->image);
        return STATUS_BAD_ARGUMENT;
    }
    for (admission->image = 0; bundle_item(admission->image) != image;)
        admission->image++;
    wrong = build_check_manager(admission->manager_file, &admission->manager);
    if (!wrong)
        return STATUS_OK;
    format_text(reason, TENANT_REASON, "%s: manager %s: %s", wanted->name, wanted->manager, wrong);
    return STATUS_BAD_ARGUMENT;
}

static enum status check_room(const struct tenant_configuration *wanted,
                              const struct elf_image *manager, char *reason) {
    uint32_t needed = build_frames_needed(manager), left = frames_free_count();
    uint32_t cpu_left = CPU_PERCENT * cpu_count() - admission_cpu_of_others(NULL);

    if (wanted->frames < needed)
        format_text(reason, TENANT_REASON, "%s asks for %u frames (%u KiB), its manager needs %u",
                    wanted->name, wanted->frames, wanted->frames << 2, needed);
    else if (wanted->frames > left)
        format_text(reason, TENANT_REASON, "%s asks for %u frames (%u MiB), %u (%u MiB) are left",
                    wanted->name, wanted->frames, wanted->frames >> 8, left, left >> 8);
    else if (wanted->cpu_reservation > cpu_left)
        format_text(reason, TENANT_REASON, "%s asks for %u %% of a CPU, %u %% are left",
                    wanted->name, wanted->cpu_reservation, cpu_left);
    else
        return STATUS_OK;
    return wanted->frames < needed ? STATUS_BAD_ARGUMENT : STATUS_NO_MEMORY;
}

static bool overlap(const struct disk_grant *a, const struct disk_grant *b) {
    return a->bytes != 0 && b->bytes != 0 && is_same_name(a->device, b->device) &&
           a->offset < b->offset + b->bytes && b->offset < a->offset + a->bytes;
}

/* The tenant to which a part of this grant belongs already; NULL: nobody's. The operator has all disks whole. */
static const struct tenant *owner_of(const struct disk_grant *grant) {
    for (uint32_t i = 0; grant->bytes != 0 && i < tenants_end(); i++)
        for (uint32_t disk = 0;
             tenants[i] && !tenants[i]->is_operator && disk < CONFIGURATION_DISKS; disk++)
            if (overlap(grant, &tenants[i]->configuration.disks[disk]))
                return tenants[i];
    return NULL;
}

/* A place on a disk has one owner, like a frame. */
static enum status check_disks(const struct tenant_configuration *wanted, char *reason) {
    for (uint32_t disk = 0; disk < CONFIGURATION_DISKS; disk++) {
        const struct tenant *owner = owner_of(&wanted->disks[disk]);

        if (!owner)
            continue;
        format_text(reason, TENANT_REASON, "%s: its volume overlaps one of %s on %s", wanted->name,
                    owner->configuration.name, wanted->disks[disk].device);
        return STATUS_BUSY;
    }
    return STATUS_OK;
}

static uint32_t reserved_by(const struct tenant_configuration *configuration, const char *device) {
    uint32_t sum = network_reserved_at(device, &configuration->network);

    for (uint32_t disk = 0; disk < CONFIGURATION_DISKS; disk++)
        if (is_same_name(configuration->disks[disk].device, device))
            sum += configuration->disks[disk].reservation;
    return sum;
}

uint32_t tenants_reserved_at(const char *device, const struct tenant *except) {
    uint32_t sum = 0;

    for (uint32_t i = 0; i < tenants_end(); i++)
        if (tenants[i] && tenants[i] != except)
            sum += reserved_by(&tenants[i]->configuration, device);
    return sum;
}

static enum status check_sending(const struct tenant *tenant,
                                 const struct tenant_configuration *wanted, char *reason) {
    const char *device = wanted->network.device;
    uint32_t asked = network_reserved_at(device, &wanted->network);
    uint32_t capacity = asked != 0 ? io_capacity(device) : 0;
    uint32_t others = asked != 0 ? tenants_reserved_at(device, tenant) : 0;
    uint32_t left = others < capacity ? capacity - others : 0;

    if (asked <= left)
        return STATUS_OK;
    format_text(reason, TENANT_REASON, "%s asks for %llu bytes a second of %s, others leave %llu",
                wanted->name, (unsigned long long)wanted->network.send_reservation, device,
                (unsigned long long)network_bytes_of(device, left));
    return STATUS_NO_MEMORY;
}

static enum status check_reads(const struct tenant *tenant,
                               const struct tenant_configuration *wanted, char *reason) {
    for (uint32_t disk = 0; disk < CONFIGURATION_DISKS; disk++) {
        const char *device = wanted->disks[disk].device;
        uint32_t capacity, others, asked = wanted->disks[disk].reservation;

        if (asked == 0)
            continue;
        capacity = io_capacity(device);
        others = tenants_reserved_at(device, tenant);
        if (capacity == 0) {
            format_text(reason, TENANT_REASON,
                        "%s asks for %u reads a second of %s, whose costs are not described",
                        wanted->name, asked, device);
            return STATUS_BAD_ARGUMENT;
        }
        if (others > capacity || reserved_by(wanted, device) > capacity - others) {
            format_text(reason, TENANT_REASON,
                        "%s asks for %u reads a second of %s, which does %u; %u are reserved",
                        wanted->name, asked, device, capacity, others);
            return STATUS_NO_MEMORY;
        }
    }
    return STATUS_OK;
}

enum status admission_check_devices(const struct tenant *tenant,
                                    const struct tenant_configuration *wanted, char *reason) {
    enum status status = check_reads(tenant, wanted, reason);

    return status != STATUS_OK ? status : check_sending(tenant, wanted, reason);
}

enum status admission_check(const struct tenant_configuration *wanted, struct admission *admission,
                            char *reason) {
    enum status status;

    if (!configuration_check(wanted, cpu_count(), reason))
        return STATUS_BAD_ARGUMENT;
    status = find_number(wanted, &admission->number, reason);
    if (status == STATUS_OK)
        status = find_files(wanted, admission, reason);
    if (status == STATUS_OK)
        status = check_room(wanted, &admission->manager, reason);
    if (status == STATUS_OK)
        status = check_disks(wanted, reason);
    if (status == STATUS_OK)
        status = admission_check_devices(NULL, wanted, reason);
    return status;
}
