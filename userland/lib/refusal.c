// SPDX-License-Identifier: MIT
/*
 * For a tenant the core has written its reason into the log; there it is read back, so that only
 * one place says why. For a change the core answers with a status alone, and the numbers are looked
 * up.
 */
#include "userland/lib/refusal.h"

#include "kernel/abi/layout.h"
#include "userland/lib/control.h"
#include "userland/lib/size.h"

#include <stdio.h>
#include <string.h>

#define REFUSED "tenant refused: " /* how the core's log begins such a line */

/* Follows the log to its end and keeps the last reason for a refusal. */
static bool last_reason(char text[REFUSAL_TEXT]) {
    struct log_query query = {.tenant = 0xFFFFFFFF};
    char line[REFUSAL_TEXT];
    size_t length = 0;
    bool found = false;
    do {
        query.bytes = sizeof query.text;
        if (control_log_read(&query) != STATUS_OK)
            break;
        for (uint32_t i = 0; i < query.bytes; i++) {
            if (query.text[i] != '\n') {
                length += length < sizeof line - 1;
                line[length - 1] = query.text[i];
                continue;
            }
            line[length] = 0;
            length = 0;
            const char *reason = strstr(line, REFUSED);
            if (reason) {
                snprintf(text, REFUSAL_TEXT, "%s", reason + sizeof REFUSED - 1);
                found = true;
            }
        }
    } while (query.bytes);
    return found;
}

const char *refusal_of_tenant(char text[REFUSAL_TEXT],
                              const struct tenant_configuration *configuration,
                              enum status status) {
    if (!last_reason(text))
        snprintf(text, REFUSAL_TEXT, "%s: %s", configuration->name, status_text(status));
    return text;
}

static uint64_t of_frames(uint32_t frames) {
    return (uint64_t)frames * PAGE_SIZE;
}

static void no_memory(char *text, const struct tenant_status *tenant, uint64_t wanted) {
    char asked[SIZE_TEXT], left[SIZE_TEXT];
    uint32_t more = (uint32_t)(wanted - tenant->configuration.frames);
    struct machine_status machine;
    if (control_machine_status(&machine) != STATUS_OK)
        machine = (struct machine_status){0};
    snprintf(text, REFUSAL_TEXT, "%s asks for %s more (%u frames), %u frames (%s) are left",
             tenant->configuration.name, size_format(asked, of_frames(more)), more,
             machine.frames_free, size_format(left, of_frames(machine.frames_free)));
}

static void no_cpu(char *text, const struct tenant_status *tenant, uint64_t wanted) {
    struct machine_status machine;
    struct tenant_status other;
    unsigned others = 0;
    if (control_machine_status(&machine) != STATUS_OK)
        machine = (struct machine_status){.cpu_count = 1};
    for (uint32_t number = 0; control_next_tenant(&number, &other);)
        if (other.tenant != tenant->tenant)
            others += other.configuration.cpu_reservation;
    snprintf(text, REFUSAL_TEXT, "%s asks for %u %%, others hold %u %% of the %u %% that there are",
             tenant->configuration.name, (unsigned)wanted, others, 100 * machine.cpu_count);
}

static void no_disk(char *text, const struct tenant_status *tenant, uint64_t wanted) {
    const struct disk_grant *disk = &tenant->configuration.disks[0];
    struct driver_status driver;
    if (!control_find_driver(disk->device, &driver))
        snprintf(text, REFUSAL_TEXT, "%s has no disk", tenant->configuration.name);
    else if (driver.capacity == 0)
        snprintf(text, REFUSAL_TEXT, "the costs of %s are not described ([device.%s])",
                 driver.device, driver.device);
    else if (disk->operations_per_second && wanted > disk->operations_per_second)
        snprintf(text, REFUSAL_TEXT, "above the limit of %u", disk->operations_per_second);
    else
        snprintf(text, REFUSAL_TEXT, "%s does %u reads a second, others have reserved %u",
                 driver.device, driver.capacity, driver.reserved - disk->reservation);
}

const char *refusal_of_change(char text[REFUSAL_TEXT], const struct tenant_status *tenant,
                              const struct tenant_change *change, enum status status) {
    const struct memory_status *memory = &tenant->memory;
    uint32_t in_use = memory->bound + memory->page_tables + memory->objects;
    char used[SIZE_TEXT];
    if (change->key == TENANT_FRAMES && change->value < in_use)
        snprintf(text, REFUSAL_TEXT, "%s uses %s (%u frames) now; it cannot shrink below that",
                 tenant->configuration.name, size_format(used, of_frames(in_use)), in_use);
    else if (change->key == TENANT_FRAMES && status == STATUS_NO_MEMORY)
        no_memory(text, tenant, change->value);
    else if (change->key == TENANT_CPU_RESERVATION && change->value > tenant->configuration.cpu_cap)
        snprintf(text, REFUSAL_TEXT, "above the cap of %u %%", tenant->configuration.cpu_cap);
    else if (change->key == TENANT_CPU_RESERVATION)
        no_cpu(text, tenant, change->value);
    else if (change->key == TENANT_CPU_CAP)
        snprintf(text, REFUSAL_TEXT, "below the reservation of %u %%, or more than the machine has",
                 tenant->configuration.cpu_reservation);
    else if (change->key == TENANT_DISK_OPERATIONS && status == STATUS_BAD_ARGUMENT)
        snprintf(text, REFUSAL_TEXT, "below the reservation of %u",
                 tenant->configuration.disks[0].reservation);
    else if (change->key == TENANT_DISK_RESERVATION)
        no_disk(text, tenant, change->value);
    else
        snprintf(text, REFUSAL_TEXT, "%s", status_text(status));
    return text;
}
