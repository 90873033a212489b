// SPDX-License-Identifier: MIT
/*
 * The tenant information page as the manager reads it.
 */
#ifndef DOMAINS_LIB_INFORMATION_H
#define DOMAINS_LIB_INFORMATION_H

#include "kernel/abi/information.h"
#include "kernel/abi/layout.h"

/* Volatile: the core changes event_sequence and the wall clock while the tenant runs. */
static inline const volatile struct tenant_information *information(void) {
    return (const volatile struct tenant_information *)MANAGER_INFORMATION;
}

#endif
