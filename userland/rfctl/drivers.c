// SPDX-License-Identifier: MIT
/*
 * rfctl drivers, restart.
 */
#include "userland/lib/control.h"
#include "userland/lib/size.h"
#include "userland/rfctl/command.h"
#include "userland/rfctl/describe.h"
#include "userland/rfctl/table.h"

#include <cJSON.h>
#include <stdio.h>
#include <string.h>

/* ---- drivers --------------------------------------------------------------------------------- */

static const char *dma_text(const struct driver_status *status) {
    return status->dma_unfenced ? "unfenced" : "-";
}

static void add_row(struct table *table, const struct driver_status *status) {
    char capacity[SIZE_TEXT], moved[SIZE_TEXT], outage[DURATION_TEXT];
    table_add(table, "%s\t%s\t%s\t%s\t0x%08x\t%s\t%u\t%llu\t%s\t%u\t%s\t%s",
              status->device[0] ? status->device : "-", status->name,
              driver_state_text(status->state),
              status->bytes ? size_format(capacity, status->bytes) : "-", status->slot_address,
              dma_text(status), status->in_flight, (unsigned long long)status->served,
              size_format(moved, status->bytes_moved), status->restarts,
              status->restarts ? duration_format(outage, status->last_outage_nanoseconds) : "-",
              status->last_crash[0] ? status->last_crash : "-");
}

static int run_drivers(int count, char **words) {
    bool as_json = take_option(&count, words, "--json");
    struct table table = {0};
    struct driver_status status;
    if (!check_words(&drivers_command, count, words, 0, 0))
        return 2;
    cJSON *list = cJSON_CreateArray();
    table_add(&table, "DEVICE\tDRIVER\tSTATE\t>SIZE\t>SLOT\tDMA\t>IN FLIGHT\t>SERVED\t>MOVED\t"
                      ">RESTARTS\t>OUTAGE\tLAST CRASH");
    for (uint32_t driver = 0; control_next_driver(&driver, &status);) {
        add_row(&table, &status);
        cJSON_AddItemToArray(list, driver_json(&status));
    }
    if (as_json) {
        json_print(list);
    } else {
        table_print(&table);
        cJSON_Delete(list);
    }
    return 0;
}

const struct command drivers_command = {
    "drivers", "[--json]",
    "list the ring-1 drivers and their devices\n\n"
    "SLOT is where its segment starts. DMA is unfenced if the device can reach all memory because\n"
    "no IOMMU holds it; else it has none or is held. OUTAGE is the time from the last crash until "
    "it worked again.",
    run_drivers};

/* ---- restart --------------------------------------------------------------------------------- */

static int run_restart(int count, char **words) {
    struct tenant_status tenant;
    struct driver_status driver;
    enum status status;
    if (!check_words(&restart_command, count, words, 1, 1))
        return 2;
    if (control_find_tenant(words[0], &tenant))
        status = control_numbers(CONTROL_TENANT_RESTART, tenant.tenant, 0);
    else if (control_find_driver(words[0], &driver))
        status = control_numbers(CONTROL_DRIVER_RESTART, driver.driver, 0);
    else
        return need_tenant(words[0], &tenant) + need_driver(words[0], &driver) + 1;
    if (status == STATUS_NOT_PERMITTED)
        return fail("restart: %s runs this command", words[0]);
    return status == STATUS_OK ? 0 : fail("restart: %s: %s", words[0], status_text(status));
}

const struct command restart_command = {
    "restart", "TENANT|DEVICE",
    "stop a tenant or a driver and start a fresh copy\n\n"
    "A tenant loses what it had in memory. A driver's requests are replayed; nobody loses any.",
    run_restart};
