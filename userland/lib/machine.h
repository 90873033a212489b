// SPDX-License-Identifier: MIT
/*
 * The machine description, as `rf` writes it from TOML: which tenants there are, what each may use
 * and what it runs, and what requests cost the devices. The values were checked on the host; here every one is checked again, since
 * this is the last place that can name the key that is wrong.
 */
#ifndef USERLAND_LIB_MACHINE_H
#define USERLAND_LIB_MACHINE_H

#include "userland/lib/configuration.h"

struct machine_tenant {
    struct tenant_configuration configuration;
    char **command;  /* argv, ended by NULL; NULL: none */
    char *partition; /* whose place on its disk is its volume's; NULL: the place was said */
    char **peers;    /* tenants that it may talk to, ended by NULL; NULL: none */
};

struct machine_device {
    char name[DRIVER_NAME];
    struct device_model model;
};

struct machine {
    struct machine_tenant *tenants;
    unsigned count;
    struct machine_device *devices;
    unsigned device_count;
};

/* false: *complaint says which key is wrong and how; nothing is left allocated. */
bool machine_parse(struct machine *machine, const char *json, char complaint[COMPLAINT_TEXT]);
void machine_free(struct machine *machine);

#endif
