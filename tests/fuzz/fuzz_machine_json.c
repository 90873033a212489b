// SPDX-License-Identifier: MIT
// sources: userland/lib/machine.c userland/lib/configuration.c userland/lib/size.c
// sources: userland/lib/address.c
// sources: build/third-party/cjson/source/cJSON.c
/*
 * The machine description as init reads it, and KEY=VALUE as rfctl does. What passes has texts that end and
 * numbers that fit together; what does not has a complaint that ends.
 */
#include "tests/fuzz/fuzz.h"
#include "userland/lib/machine.h"

static void check(const struct tenant_configuration *configuration) {
    PROMISE(memchr(configuration->name, '\0', sizeof configuration->name));
    PROMISE(memchr(configuration->manager, '\0', sizeof configuration->manager));
    PROMISE(memchr(configuration->image, '\0', sizeof configuration->image));
    PROMISE(configuration->frames > 0 && configuration->cpu_weight >= 1);
    PROMISE(configuration->cpu_reservation <= configuration->cpu_cap);
    for (uint32_t i = 0; i < CONFIGURATION_DISKS; i++)
        PROMISE(memchr(configuration->disks[i].device, '\0', 16));
}

static void check_change(const char *text) {
    struct tenant_change change;
    char complaint[COMPLAINT_TEXT];

    if (configuration_change(&change, text, complaint))
        PROMISE(change.key < TENANT_KEY_COUNT);
    else
        PROMISE(memchr(complaint, '\0', sizeof complaint));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = malloc(size + 1), complaint[COMPLAINT_TEXT];
    struct machine machine;

    memcpy(text, data, size);
    text[size] = '\0';
    if (machine_parse(&machine, text, complaint)) {
        for (unsigned i = 0; i < machine.count; i++)
            check(&machine.tenants[i].configuration);
        machine_free(&machine);
    } else {
        PROMISE(memchr(complaint, '\0', sizeof complaint));
    }
    check_change(text);
    free(text);
    return 0;
}
