// SPDX-License-Identifier: MIT
/*
 * The core has written its reason into the log; there it is read back, so that only one place says
 * why.
 */
#include "userland/lib/refusal.h"

#include "userland/lib/control.h"

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
