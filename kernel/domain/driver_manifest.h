// SPDX-License-Identifier: MIT
/*
 * What a driver asks for, judged by itself: the numbers make sense, whoever else is there. Whether
 * the ports and lines are free is for the loader to say. Pure logic.
 */
#ifndef KERNEL_DOMAIN_DRIVER_MANIFEST_H
#define KERNEL_DOMAIN_DRIVER_MANIFEST_H

#include "kernel/abi/driver.h"

#include <stdbool.h>

#define MANIFEST_BUDGET_DEFAULT 50000u /* microseconds of one activation */
#define MANIFEST_BUDGET_MOST    100000u

/* NULL, or what is wrong with it. */
const char *manifest_check(const struct driver_manifest *manifest);
bool manifest_is_legacy(const struct driver_manifest *manifest); /* needs no PCI function */
bool manifest_matches(const struct driver_manifest *manifest, uint16_t vendor, uint16_t device,
                      uint16_t class);

#endif
