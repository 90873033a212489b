// SPDX-License-Identifier: MIT
/*
 * A quota: limit, used, peak. Pure arithmetic; every frame that the core spends for somebody is
 * withdrawn from one of these first.
 */
#ifndef KERNEL_MEM_QUOTA_H
#define KERNEL_MEM_QUOTA_H

#include "kernel/defence.h"

#include <stdbool.h>
#include <stdint.h>

struct quota {
    uint32_t limit, used, peak;
};

static inline uint32_t quota_left(const struct quota *quota) {
    return quota->limit - quota->used;
}

static inline bool quota_withdraw(struct quota *quota, uint32_t amount) {
    if (DEFENCE_FRAME_QUOTA && amount > quota->limit - quota->used)
        return false;
    quota->used += amount;
    if (quota->used > quota->peak)
        quota->peak = quota->used;
    return true;
}

static inline void quota_replenish(struct quota *quota, uint32_t amount) {
    quota->used -= amount;
}

#endif
