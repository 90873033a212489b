// SPDX-License-Identifier: MIT
/*
 * Going through tenants and drivers, and finding one by what a person calls it.
 */
#include "userland/lib/control.h"

#include <stdlib.h>
#include <string.h>

bool control_next_tenant(uint32_t *tenant, struct tenant_status *status) {
    for (; *tenant < TENANT_MAX; ++*tenant) {
        enum status answer = control_tenant_status(*tenant, status);
        if (answer == STATUS_OK) {
            ++*tenant;
            return true;
        }
        if (answer != STATUS_GONE)
            return false;
    }
    return false;
}

bool control_next_driver(uint32_t *driver, struct driver_status *status) {
    enum status answer = control_driver_status(*driver, status);
    ++*driver;
    return answer == STATUS_OK;
}

/* A number from the first to the last character; false: it is a name. */
static bool as_number(const char *name, uint32_t *number) {
    char *end;
    unsigned long value = strtoul(name, &end, 10);
    *number = (uint32_t)value;
    return name[0] >= '0' && name[0] <= '9' && !*end && value <= UINT32_MAX;
}

bool control_find_tenant(const char *name, struct tenant_status *status) {
    uint32_t number = 0;
    if (strlen(name) < TENANT_NAME) {
        strcpy(status->configuration.name, name);
        if (control_tenant_status(TENANT_BY_NAME, status) == STATUS_OK)
            return true;
    }
    return as_number(name, &number) && control_tenant_status(number, status) == STATUS_OK;
}

bool control_find_driver(const char *name, struct driver_status *status) {
    uint32_t number, found = 0;
    struct driver_status match;
    for (uint32_t driver = 0; control_next_driver(&driver, status);) {
        if (strncmp(status->device, name, DRIVER_NAME) == 0)
            return true;
        if (strncmp(status->name, name, DRIVER_NAME) == 0) {
            match = *status;
            found++;
        }
    }
    if (found == 1)
        *status = match;
    return found == 1 ||
           (as_number(name, &number) && control_driver_status(number, status) == STATUS_OK);
}
