// SPDX-License-Identifier: MIT
#include "kernel/io/pace.h"

/* Nanoseconds for which a device may have rested though somebody wanted: a timer was late. */
#define CATCH_UP_MOST 5000000ull

uint64_t pace_until(const struct io_device *device, uint32_t cost, uint64_t now) {
    uint64_t target = device->model.latency_target;
    uint64_t ahead = now + (target > cost ? target - cost : 0);
    return target != 0 && device->busy_until > ahead ? now + (device->busy_until - ahead) : 0;
}

void pace_charge(struct io_device *device, uint32_t cost, uint64_t now) {
    uint64_t from =
        device->busy_until + CATCH_UP_MOST > now ? device->busy_until : now - CATCH_UP_MOST;
    device->busy_until = from + cost;
}
