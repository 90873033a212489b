// SPDX-License-Identifier: MIT
/*
 * A driver names what it needs in one constant, and gets exactly that:
 *
 *     DRIVER_MANIFEST = { .name = "ata", .class = DEVICE_BLOCK, … };
 */
#ifndef DRIVERS_LIB_MANIFEST_H
#define DRIVERS_LIB_MANIFEST_H

#include "kernel/abi/driver.h"

#define NO_PCI_CLASS 0xFFFF

#define DRIVER_MANIFEST                                                                            \
    __attribute__((section(".manifest"), used)) const struct driver_manifest manifest

#endif
