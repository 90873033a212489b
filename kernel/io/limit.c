// SPDX-License-Identifier: MIT
/*
 * Costs are rounded up, so that many small requests never add up to more than the rate.
 */
#include "kernel/io/limit.h"

#define SECOND 1000000000ull

static uint64_t time_for(uint64_t amount, uint64_t per_second) {
    return per_second == 0 ? 0 : (amount * SECOND + per_second - 1) / per_second;
}

static uint64_t charged(uint64_t full_at, uint64_t now, uint64_t cost) {
    return (full_at > now ? full_at : now) + cost;
}

static uint64_t at_most(uint64_t value, uint64_t most) {
    return value < most ? value : most;
}

void limit_set(struct limit *limit, uint64_t now, uint64_t operations_per_second,
               uint64_t bytes_per_second, uint64_t burst) {
    limit->operations_per_second = operations_per_second;
    limit->operation_time = time_for(1, operations_per_second);
    limit->bytes_per_second = bytes_per_second;
    limit->burst = burst;
    limit->operations_full_at = at_most(limit->operations_full_at, now + burst);
    limit->bytes_full_at = at_most(limit->bytes_full_at, now + burst);
}

uint64_t limit_ready_at(const struct limit *limit) {
    uint64_t operations = limit->operations_per_second != 0 ? limit->operations_full_at : 0;
    uint64_t bytes = limit->bytes_per_second != 0 ? limit->bytes_full_at : 0;
    uint64_t full_at = operations > bytes ? operations : bytes;
    return full_at > limit->burst ? full_at - limit->burst : 0;
}

void limit_charge(struct limit *limit, uint64_t now, uint32_t bytes) {
    limit->operations_full_at = charged(limit->operations_full_at, now, limit->operation_time);
    limit->bytes_full_at =
        charged(limit->bytes_full_at, now, time_for(bytes, limit->bytes_per_second));
}
