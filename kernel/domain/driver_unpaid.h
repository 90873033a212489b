// SPDX-License-Identifier: MIT
/*
 * What a driver takes from tenants and nobody pays for.
 *
 *   a period of 100 ms:   4 ms; what is over is a debt to the next ones
 *   a crash:              a clean slate, if the last one is 80 ms old; else the fresh copy goes on with what its
 *                         predecessors have left, without their debt
 *
 * The core's own work at a driver's crashes counts, too: to contain it, and to make the fresh copy. So, however often it crashes
 * and whatever its copies do, a driver takes in T no more than 4 ms * (T / 100 ms + T / 80 ms + 2): 9 % of a CPU, which is what
 * reservations leave. One charge may exceed what is left, by the work of a crash or of a slice of a copy, once a period.
 *
 * Who crashes ten times a second has a clean slate each time. A restart takes some 0.1 ms, so beyond that a driver that does no
 * more than it has to may crash hundreds of times a second before its fresh copy waits; and then it waits only for tenants that run.
 *
 * Nanoseconds. Pure logic.
 */
#ifndef KERNEL_DOMAIN_DRIVER_UNPAID_H
#define KERNEL_DOMAIN_DRIVER_UNPAID_H

#include <stdint.h>

#define UNPAID_PERIOD 100000000ull
#define UNPAID_MOST   4000000ull
#define UNPAID_DEBT                                                                                \
    (5 * UNPAID_MOST) /* a charge that was late stops it for half a second at most */
#ifndef UNPAID_SLATE  /* the control of tests/guest/stolen_time.py sets it to 0 */
#define UNPAID_SLATE 80000000ull
#endif

/* All zero: nothing was taken yet. */
struct unpaid {
    uint64_t start, used; /* in the period that began then */
    uint64_t slate;       /* from then on a crash brings a clean one */
};

void unpaid_charge(struct unpaid *unpaid, uint64_t now, uint64_t nanoseconds);
/* 0: it waits until unpaid_renewal(), or runs when no tenant can. */
uint64_t unpaid_left(struct unpaid *unpaid, uint64_t now);
uint64_t unpaid_renewal(const struct unpaid *unpaid);
void unpaid_crash(struct unpaid *unpaid, uint64_t now);

#endif
