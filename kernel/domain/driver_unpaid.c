// SPDX-License-Identifier: MIT
#include "kernel/domain/driver_unpaid.h"

static uint64_t at_most(uint64_t value, uint64_t most) {
    return value < most ? value : most;
}

/* Into the period of `now`: the ones that have passed have paid. */
static void roll(struct unpaid *unpaid, uint64_t now) {
    uint64_t periods, paid;

    if (now < unpaid->start + UNPAID_PERIOD)
        return;
    periods = (now - unpaid->start) / UNPAID_PERIOD;
    paid = at_most(periods, UNPAID_DEBT / UNPAID_MOST) * UNPAID_MOST;
    unpaid->start += periods * UNPAID_PERIOD;
    unpaid->used -= at_most(unpaid->used, paid);
}

void unpaid_charge(struct unpaid *unpaid, uint64_t now, uint64_t nanoseconds) {
    roll(unpaid, now);
    unpaid->used = at_most(unpaid->used + nanoseconds, UNPAID_DEBT);
}

uint64_t unpaid_left(struct unpaid *unpaid, uint64_t now) {
    roll(unpaid, now);
    return UNPAID_MOST - at_most(unpaid->used, UNPAID_MOST);
}

uint64_t unpaid_renewal(const struct unpaid *unpaid) {
    return unpaid->start + UNPAID_PERIOD;
}

void unpaid_crash(struct unpaid *unpaid, uint64_t now) {
    roll(unpaid, now);
    if (now < unpaid->slate) {
        unpaid->used = at_most(unpaid->used, UNPAID_MOST);
        return;
    }
    *unpaid = (struct unpaid){.start = now, .slate = now + UNPAID_SLATE};
}
