// SPDX-License-Identifier: MIT
// sources: kernel/domain/tenant_configuration.c kernel/log/format.c
/*
 * What the operator asks for, as the control gate gets it. A refusal has a reason that ends.
 */
#include "kernel/abi/layout.h"
#include "kernel/domain/tenant_parts.h"
#include "tests/fuzz/fuzz.h"

static void check(const struct tenant_configuration *wanted, uint32_t cpu_count) {
    PROMISE(memchr(wanted->name, '\0', sizeof wanted->name) && wanted->name[0] != '\0');
    PROMISE(memchr(wanted->manager, '\0', sizeof wanted->manager));
    PROMISE(memchr(wanted->image, '\0', sizeof wanted->image));
    PROMISE(wanted->frames >= 1 && wanted->frames <= MANAGER_WINDOW_FRAMES);
    PROMISE(wanted->cpu_reservation <= wanted->cpu_cap && wanted->cpu_cap <= 100 * cpu_count);
    PROMISE(wanted->cpu_weight >= 1 && wanted->cpu_weight <= 10000 && wanted->restart <= 1);
    for (uint32_t i = 0; i < CONFIGURATION_DISKS; i++) {
        const struct disk_grant *disk = &wanted->disks[i];

        if (disk->device[0] == '\0')
            continue;
        PROMISE(memchr(disk->device, '\0', sizeof disk->device));
        PROMISE(memchr(disk->name, '\0', sizeof disk->name));
        PROMISE(disk->bytes > 0 && disk->offset + disk->bytes >= disk->offset);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct input input = {data, data + size};
    uint32_t cpu_count = 1 + take8(&input) % 8;
    struct tenant_configuration wanted;
    char *reason = malloc(TENANT_REASON);

    take(&input, &wanted, sizeof wanted);
    memset(reason, 'x', TENANT_REASON);
    if (configuration_check(&wanted, cpu_count, reason))
        check(&wanted, cpu_count);
    else
        PROMISE(memchr(reason, '\0', TENANT_REASON));
    free(reason);
    return 0;
}
