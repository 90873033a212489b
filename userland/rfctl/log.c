// SPDX-License-Identifier: MIT
/*
 * rfctl log.
 */
#include "userland/lib/control.h"
#include "userland/rfctl/command.h"
#include "userland/rfctl/table.h"

#include <cJSON.h>
#include <stdio.h>
#include <string.h>

#define ALL_TENANTS 0xFFFFFFFFu

static void add_lines(cJSON *list, char *text) {
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        cJSON_AddItemToArray(list, cJSON_CreateString(line));
}

static int run_log(int count, char **words) {
    bool as_json = take_option(&count, words, "--json");
    struct log_query query = {.tenant = ALL_TENANTS};
    struct tenant_status tenant;
    if (!check_words(&log_command, count, words, 0, 1))
        return 2;
    if (count == 1) {
        if (!need_tenant(words[0], &tenant))
            return 1;
        query.tenant = tenant.tenant;
    }
    cJSON *list = cJSON_CreateArray();
    for (;;) {
        char text[sizeof query.text + 1];
        uint64_t position = query.position;
        query.bytes = sizeof query.text;
        enum status status = control_log_read(&query);
        if (status != STATUS_OK && status != STATUS_AGAIN)
            return fail("log: %s", status_text(status));
        if (query.bytes == 0 && query.position == position)
            break;
        snprintf(text, sizeof text, "%.*s", (int)query.bytes, query.text);
        if (as_json)
            add_lines(list, text);
        else
            fputs(text, stdout);
    }
    if (as_json)
        json_print(list);
    else
        cJSON_Delete(list);
    return 0;
}

const struct command log_command = {
    "log", "[TENANT] [--json]",
    "print the core's log\n\n"
    "With a tenant: only the lines about it. The log is a ring; the oldest lines go first.",
    run_log};
