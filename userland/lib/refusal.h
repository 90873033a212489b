// SPDX-License-Identifier: MIT
/*
 * Why the core refused a tenant, with the numbers that a person needs to ask again.
 */
#ifndef USERLAND_LIB_REFUSAL_H
#define USERLAND_LIB_REFUSAL_H

#include "kernel/abi/status.h"
#include "userland/lib/configuration.h"

#define REFUSAL_TEXT 320

/* Returns `text`. */
const char *refusal_of_tenant(char text[REFUSAL_TEXT],
                              const struct tenant_configuration *configuration, enum status status);

#endif
