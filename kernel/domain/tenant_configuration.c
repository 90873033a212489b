// SPDX-License-Identifier: MIT
/*
 * What may be asked for at all, whatever the machine has left. Each refusal names the value and its
 * bounds.
 */
#include "kernel/abi/layout.h"
#include "kernel/domain/tenant_parts.h"
#include "kernel/log/log.h"

#define CPU_PERCENT      100u
#define VOLUME_ALIGNMENT 4096u

static bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

static bool is_name(const char *name, uint32_t room) {
    uint32_t length = 0;

    while (length < room && is_name_character(name[length]))
        length++;
    return length > 0 && length < room && name[length] == '\0';
}

static bool check_names(const struct tenant_configuration *wanted, char *reason) {
    if (!is_name(wanted->name, sizeof wanted->name))
        format_text(reason, TENANT_REASON,
                    "a tenant's name is 1 to %u letters, digits, '-', '_', '.'", TENANT_NAME - 1);
    else if (!is_name(wanted->manager, sizeof wanted->manager))
        format_text(reason, TENANT_REASON, "%s: no manager is named", wanted->name);
    else if (!is_name(wanted->image, sizeof wanted->image))
        format_text(reason, TENANT_REASON, "%s: no image is named", wanted->name);
    else
        return true;
    return false;
}

static bool check_cpu(const struct tenant_configuration *wanted, uint32_t cpu_count, char *reason) {
    uint32_t most = CPU_PERCENT * cpu_count;

    if (wanted->cpu_weight == 0 || wanted->cpu_weight > WEIGHT_MAX)
        format_text(reason, TENANT_REASON, "%s: CPU weight %u is not in 1..%u", wanted->name,
                    wanted->cpu_weight, WEIGHT_MAX);
    else if (wanted->cpu_cap == 0 || wanted->cpu_cap > most)
        format_text(reason, TENANT_REASON, "%s: CPU cap %u %% is not in 1..%u %%", wanted->name,
                    wanted->cpu_cap, most);
    else if (wanted->cpu_reservation > wanted->cpu_cap)
        format_text(reason, TENANT_REASON, "%s: CPU reservation %u %% is above its cap %u %%",
                    wanted->name, wanted->cpu_reservation, wanted->cpu_cap);
    else
        return true;
    return false;
}

static bool check_disk(const struct tenant_configuration *wanted, const struct disk_grant *disk,
                       char *reason) {
    if (disk->device[0] == '\0')
        return true;
    if (!is_name(disk->device, sizeof disk->device) || !is_name(disk->name, sizeof disk->name))
        format_text(reason, TENANT_REASON, "%s: a disk has a bad name", wanted->name);
    else if (disk->offset % VOLUME_ALIGNMENT != 0 || disk->bytes % VOLUME_ALIGNMENT != 0)
        format_text(reason, TENANT_REASON,
                    "%s: %s does not start and end on a multiple of %u bytes", wanted->name,
                    disk->name, VOLUME_ALIGNMENT);
    else if (disk->bytes == 0 || disk->bytes > UINT64_MAX - disk->offset)
        format_text(reason, TENANT_REASON, "%s: %s has an impossible size of %llu bytes",
                    wanted->name, disk->name, (unsigned long long)disk->bytes);
    else
        return true;
    return false;
}

static bool check_share(const struct tenant_configuration *wanted, const struct disk_grant *disk,
                        char *reason) {
    if (disk->device[0] == '\0')
        return true;
    if (disk->weight == 0 || disk->weight > WEIGHT_MAX)
        format_text(reason, TENANT_REASON, "%s: weight %u of %s is not in 1..%u", wanted->name,
                    disk->weight, disk->name, WEIGHT_MAX);
    else if (disk->reservation > DISK_RESERVATION_MAX)
        format_text(reason, TENANT_REASON, "%s: a reservation of %u at %s is above %u",
                    wanted->name, disk->reservation, disk->name, DISK_RESERVATION_MAX);
    else if (disk->burst_milliseconds > DISK_BURST_MAX)
        format_text(reason, TENANT_REASON, "%s: a burst of %u ms at %s is above %u ms",
                    wanted->name, disk->burst_milliseconds, disk->name, DISK_BURST_MAX);
    else if (disk->operations_per_second != 0 && disk->reservation > disk->operations_per_second)
        format_text(reason, TENANT_REASON, "%s: reservation %u at %s is above its limit %u",
                    wanted->name, disk->reservation, disk->name, disk->operations_per_second);
    else
        return true;
    return false;
}

static bool is_hardware_address(const uint8_t *address) {
    uint32_t sum = 0;

    for (uint32_t i = 0; i < NETWORK_ADDRESS; i++)
        sum |= address[i];
    return sum != 0 && (address[0] & 1) == 0;
}

static bool check_network(const struct tenant_configuration *wanted, char *reason) {
    const struct network_grant *network = &wanted->network;

    if (network->device[0] == '\0')
        return true;
    if (!is_name(network->device, sizeof network->device))
        format_text(reason, TENANT_REASON, "%s: its network device has a bad name", wanted->name);
    else if (!is_hardware_address(network->identity.hardware))
        format_text(reason, TENANT_REASON, "%s: its hardware address is none of a station",
                    wanted->name);
    else if (network->identity.prefix > 32 || network->identity.uplink > 1)
        format_text(reason, TENANT_REASON, "%s: a network prefix of %u bits, or uplink %u",
                    wanted->name, network->identity.prefix, network->identity.uplink);
    else if (network->weight == 0 || network->weight > WEIGHT_MAX)
        format_text(reason, TENANT_REASON, "%s: network weight %u is not in 1..%u", wanted->name,
                    network->weight, WEIGHT_MAX);
    else if (network->send_reservation > NETWORK_RESERVATION_MAX ||
             (network->send_bytes != 0 && network->send_reservation > network->send_bytes))
        format_text(reason, TENANT_REASON,
                    "%s: a reservation of %llu bytes a second is above its limit", wanted->name,
                    (unsigned long long)network->send_reservation);
    else if (network->burst_milliseconds > NETWORK_BURST_MAX)
        format_text(reason, TENANT_REASON, "%s: a network burst of %u ms is above %u ms",
                    wanted->name, network->burst_milliseconds, NETWORK_BURST_MAX);
    else
        return true;
    return false;
}

static bool check_frames(const struct tenant_configuration *wanted, char *reason) {
    if (wanted->frames != 0 && wanted->frames <= MANAGER_WINDOW_FRAMES)
        return true;
    format_text(reason, TENANT_REASON, "%s: %u frames are not in 1..%u (%u MiB)", wanted->name,
                wanted->frames, MANAGER_WINDOW_FRAMES, MANAGER_WINDOW_FRAMES >> (20 - PAGE_SHIFT));
    return false;
}

bool configuration_check(const struct tenant_configuration *configuration, uint32_t cpu_count,
                         char *reason) {
    if (!check_names(configuration, reason) || !check_frames(configuration, reason) ||
        !check_cpu(configuration, cpu_count, reason) || !check_network(configuration, reason))
        return false;
    for (uint32_t i = 0; i < CONFIGURATION_DISKS; i++)
        if (!check_disk(configuration, &configuration->disks[i], reason) ||
            !check_share(configuration, &configuration->disks[i], reason))
            return false;
    if (configuration->restart <= 1)
        return true;
    format_text(reason, TENANT_REASON, "%s: restart is 0 or 1, not %u", configuration->name,
                configuration->restart);
    return false;
}
