// SPDX-License-Identifier: MIT
/*
 * Which tenants may talk to each other: none, until the operator allows a pair (CONTROL_NETWORK_ALLOW). It holds for both
 * directions, outlives restarts, and ends with either tenant.
 */
#ifndef KERNEL_NETWORK_POLICY_H
#define KERNEL_NETWORK_POLICY_H

#include "kernel/abi/status.h"

#include <stdbool.h>
#include <stdint.h>

struct tenant;

bool tenants_may_talk(const struct tenant *one, const struct tenant *other);
/* By their numbers. AGAIN: they may talk no more, but there are links left to be ended (kernel/link/link.h). */
enum status policy_set(uint32_t one, uint32_t other, bool may);
void policy_forget(const struct tenant *tenant); /* it is gone for good */

#endif
