// SPDX-License-Identifier: MIT
/*
 * rfctl audit and poweroff.
 */
#include "userland/lib/control.h"
#include "userland/rfctl/command.h"
#include "userland/rfctl/table.h"

#include <cJSON.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

/* ---- audit ----------------------------------------------------------------------------------- */

static void print_audit(const struct audit_result *result) {
    struct table table = {0};
    printf("frames charged: %u\nframes found:   %u\nleaked:         %u\nforeign:        %u\n",
           result->charged, result->found, result->leaked, result->foreign);
    table_add(&table, "TENANT\t>CHARGED\t>FOUND");
    for (uint32_t i = 0; i < 64; i++)
        if (result->tenant_charged[i] || result->tenant_found[i])
            table_add(&table, "%u\t%u\t%u", i, result->tenant_charged[i], result->tenant_found[i]);
    table_print(&table);
}

static cJSON *audit_json(const struct audit_result *result) {
    cJSON *object = cJSON_CreateObject();
    cJSON_AddNumberToObject(object, "charged", result->charged);
    cJSON_AddNumberToObject(object, "found", result->found);
    cJSON_AddNumberToObject(object, "leaked", result->leaked);
    cJSON_AddNumberToObject(object, "foreign", result->foreign);
    cJSON *tenants = cJSON_AddArrayToObject(object, "tenants");
    for (uint32_t i = 0; i < 64; i++) {
        cJSON *tenant = cJSON_CreateObject();
        cJSON_AddNumberToObject(tenant, "id", i);
        cJSON_AddNumberToObject(tenant, "charged", result->tenant_charged[i]);
        cJSON_AddNumberToObject(tenant, "found", result->tenant_found[i]);
        if (result->tenant_charged[i] || result->tenant_found[i])
            cJSON_AddItemToArray(tenants, tenant);
        else
            cJSON_Delete(tenant);
    }
    return object;
}

static int run_audit(int count, char **words) {
    bool as_json = take_option(&count, words, "--json");
    struct audit_result result = {0};
    if (!check_words(&audit_command, count, words, 0, 0))
        return 2;
    enum status status = control_audit(&result);
    if (status != STATUS_OK)
        return fail("audit: %s", status_text(status));
    if (as_json)
        json_print(audit_json(&result));
    else
        print_audit(&result);
    return result.charged == result.found && !result.leaked && !result.foreign ? 0 : 1;
}

const struct command audit_command = {
    "audit", "[--json]",
    "compare the frames that are charged with those that are in use\n\n"
    "Walks all page tables and live objects. Leaked frames are in use by their record and reached\n"
    "by nothing; foreign ones are reached by somebody who does not pay. Exit status 1 if any.",
    run_audit};

/* ---- poweroff -------------------------------------------------------------------------------- */

static int run_poweroff(int count, char **words) {
    if (!check_words(&poweroff_command, count, words, 0, 0))
        return 2;
    tcdrain(STDERR_FILENO); /* what it shows is on its way to the UART yet */
    return fail("poweroff: %s", status_text(control_numbers(CONTROL_POWER_OFF, 0, 0)));
}

const struct command poweroff_command = {
    "poweroff", "", "turn the machine off\n\nAt once: what tenants have not written is lost.",
    run_poweroff};
