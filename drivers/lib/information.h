// SPDX-License-Identifier: MIT
/* The page in which the core tells a driver about itself; read-only, changed by the core. */
#ifndef DRIVERS_LIB_INFORMATION_H
#define DRIVERS_LIB_INFORMATION_H

#include "kernel/abi/driver.h"

static inline const volatile struct driver_information *driver_information(void) {
    return (const volatile struct driver_information *)DRIVER_INFORMATION;
}

#endif
