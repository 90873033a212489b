// SPDX-License-Identifier: MIT
/*
 * rfctl tenants, create, destroy, set.
 */
#include "kernel/abi/layout.h"
#include "userland/lib/configuration.h"
#include "userland/lib/control.h"
#include "userland/lib/refusal.h"
#include "userland/lib/size.h"
#include "userland/rfctl/command.h"
#include "userland/rfctl/describe.h"
#include "userland/rfctl/table.h"

#include <cJSON.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- tenants --------------------------------------------------------------------------------- */

static void add_row(struct table *table, const struct tenant_status *status) {
    const struct tenant_configuration *configuration = &status->configuration;
    char memory[SIZE_TEXT], used[SIZE_TEXT], peak[SIZE_TEXT], time[DURATION_TEXT], disk[SIZE_TEXT];
    uint64_t in_use =
        (uint64_t)status->memory.bound + status->memory.page_tables + status->memory.objects;
    bool has_disk = configuration->disks[0].device[0];
    table_add(table, "%u\t%s\t%s\t%s\t%s\t%s\t%u/%u/%u\t%s\t%u\t%s%s%s\t%s", status->tenant,
              configuration->name, tenant_state_text(status->state),
              size_format(memory, (uint64_t)configuration->frames * PAGE_SIZE),
              size_format(used, in_use * PAGE_SIZE),
              size_format(peak, (uint64_t)status->memory.peak * PAGE_SIZE),
              configuration->cpu_reservation, configuration->cpu_weight, configuration->cpu_cap,
              duration_format(time, status->cpu_nanoseconds), status->restarts,
              has_disk ? configuration->disks[0].device : "-", has_disk ? ":" : "",
              has_disk ? size_format(disk, configuration->disks[0].bytes) : "",
              status->last_death[0] ? status->last_death : "-");
}

static int run_tenants(int count, char **words) {
    bool as_json = take_option(&count, words, "--json");
    struct table table = {0};
    struct tenant_status status;
    cJSON *list = cJSON_CreateArray();
    if (!check_words(&tenants_command, count, words, 0, 0))
        return 2;
    table_add(&table,
              ">ID\tNAME\tSTATE\t>MEMORY\t>USED\t>PEAK\t>CPU r/w/c\t>TIME\t>RESTARTS\tDISK\t"
              "LAST DEATH");
    for (uint32_t tenant = 0; control_next_tenant(&tenant, &status);) {
        add_row(&table, &status);
        cJSON_AddItemToArray(list, tenant_json(&status));
    }
    if (as_json) {
        json_print(list);
    } else {
        table_print(&table);
        cJSON_Delete(list);
    }
    return 0;
}

const struct command tenants_command = {
    "tenants", "[--json]",
    "list the tenants\n\n"
    "MEMORY is reserved, USED and PEAK are frames in use now and at most: data, page tables and\n"
    "core objects. CPU is reservation/weight/cap: percent of one CPU, share, percent.",
    run_tenants};

/* ---- create ---------------------------------------------------------------------------------- */

static int run_create(int count, char **words) {
    struct tenant_configuration configuration;
    char complaint[COMPLAINT_TEXT];
    uint32_t tenant;
    if (!check_words(&create_command, count, words, 2, 100))
        return 2;
    bool good = configuration_start(&configuration, words[0], complaint) &&
                configuration_is_said_once(count - 1, words + 1, complaint);
    for (int i = 1; i < count && good; i++)
        good = configuration_apply(&configuration, words[i], complaint);
    if (!good || !configuration_check(&configuration, complaint))
        return fail("create: %s", complaint);
    enum status status = control_tenant_create(&configuration, &tenant);
    if (status != STATUS_OK) {
        char why[REFUSAL_TEXT];
        return fail("create: %s", refusal_of_tenant(why, &configuration, status));
    }
    printf("%s is tenant %u\n", configuration.name, tenant);
    return 0;
}

const struct command create_command = {
    "create", "NAME KEY=VALUE…",
    "create a tenant\n\n"
    "Its memory is reserved at once, or it is refused.\n\n" CONFIGURATION_KEYS,
    run_create};

/* ---- destroy --------------------------------------------------------------------------------- */

#define DESTROY_SECONDS 10
#define LOOK_AGAIN      2000 /* microseconds */

/* The core gives the frames back in slices; done means that it has finished. */
static bool wait_until_gone(uint32_t tenant) {
    struct tenant_status status;
    for (int looks = DESTROY_SECONDS * 1000000 / LOOK_AGAIN; looks; looks--) {
        enum status answer = control_tenant_status(tenant, &status);
        if (answer != STATUS_OK || status.state == TENANT_FREE)
            return true;
        usleep(LOOK_AGAIN);
    }
    return false;
}

static int run_destroy(int count, char **words) {
    struct tenant_status tenant;
    if (!check_words(&destroy_command, count, words, 1, 1))
        return 2;
    if (!need_tenant(words[0], &tenant))
        return 1;
    enum status status = control_numbers(CONTROL_TENANT_DESTROY, tenant.tenant, 0);
    if (status == STATUS_NOT_PERMITTED)
        return fail("destroy: %s runs this command; `rfctl poweroff` ends the machine", words[0]);
    if (status != STATUS_OK)
        return fail("destroy: %s: %s", words[0], status_text(status));
    if (!wait_until_gone(tenant.tenant))
        return fail("destroy: %s is still giving back its frames after %d seconds; a device may "
                    "hold some of them",
                    words[0], DESTROY_SECONDS);
    return 0;
}

const struct command destroy_command = {
    "destroy", "TENANT",
    "stop a tenant at once and give all it had back\n\n"
    "Its processes get no signal and write nothing back: like pulling the plug of a machine.",
    run_destroy};

/* ---- set ------------------------------------------------------------------------------------- */

static bool read_changes(struct tenant_changes *changes, int count, char **words,
                         char complaint[COMPLAINT_TEXT]) {
    if (!configuration_is_said_once(count, words, complaint))
        return false;
    for (int i = 0; i < count; i++)
        if (!configuration_change(&changes->change[changes->count++], words[i], complaint))
            return false;
    return true;
}

static int run_set(int count, char **words) {
    struct tenant_changes changes = {0};
    struct tenant_status tenant;
    char complaint[COMPLAINT_TEXT];
    if (!check_words(&set_command, count, words, 2, 1 + TENANT_KEY_COUNT))
        return 2;
    if (!read_changes(&changes, count - 1, words + 1, complaint))
        return fail("set: %s", complaint);
    if (!need_tenant(words[0], &tenant))
        return 1;
    changes.tenant = tenant.tenant;
    enum status status = control_tenant_set(&changes);
    if (status != STATUS_OK)
        return fail("set: %s", changes.reason[0] ? changes.reason : status_text(status));
    return 0;
}

const struct command set_command = {
    "set", "TENANT KEY=VALUE…",
    "change the quotas of a running tenant\n\n"
    "All words are applied together, or none of them. image, manager and the disk's place\n"
    "cannot change; memory can shrink to what is in use.\n\n" CHANGEABLE_KEYS,
    run_set};
