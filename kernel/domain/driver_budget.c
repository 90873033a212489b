// SPDX-License-Identifier: MIT
/*
 * Liveness of a driver, by time.
 *
 *   activation    awake since DRIVER_WAIT returned: its manifest's budget
 *   restless      awake again and again without a rest, and no request taken or finished: RESTLESS_MOST, or
 *                 RESTLESS_ACTIVATIONS without any sleep between
 *   fruitless     interrupts in a row, and no request taken or finished: after FRUITLESS_MOST of them each one
 *                 costs its driver a pause, so that a line that stays up leaves the CPU to others
 *   request       the oldest one in flight, the driver awake or asleep: REQUEST_MOST; of one that OVERTAKEN_MOST
 *                 younger ones have overtaken, OVERTAKEN_PATIENCE, for it is lost: a device may change the order
 *                 of requests, but not by so many
 *
 * Time awake is counted as the scheduler charges it, and one charge counts little, however long it was: on a
 * machine that is itself suspended for a while (an emulator on a busy host, or one whose clock jumps while it
 * idles) a few late charges must not condemn a driver. Rest pays for restlessness, REST_WORTH for one. Reads
 * of a console wait for a person and are no requests in this sense.
 *
 * And what a driver may take from tenants, since it may run before them (kernel/sched/README.md): time that no tenant pays for, or that
 * goes on for longer than an activation since a request was taken or finished, and the work of its restarts, is bounded by
 * driver_unpaid.h. Beyond that it runs when no tenant can: neither a crash nor counted as awake meanwhile.
 */
#include "kernel/defence.h"
#include "kernel/domain/driver_manifest.h"
#include "kernel/domain/driver_restart.h"

#include <stddef.h>

#define RESTLESS_MOST 1000000000ull
#define RESTLESS_ACTIVATIONS                                                                       \
    2048u /* many times what a request of 64 KiB takes by programmed IO, sector by sector */
#define REST_WORTH 4u /* whoever is awake for more than a fifth of the time gets restless */
#define FRUITLESS_MOST                                                                             \
    256u /* more than a request of 64 KiB takes by programmed IO, sector by sector */
#define REQUEST_MOST       5000000000ull
#define REQUEST_STEP       25000000ull
#define OVERTAKEN_MOST     128u
#define OVERTAKEN_PATIENCE 100000000ull
#define URGENT_MOST        100000ull
#define ARRIVAL_PATIENCE   200000ull

static uint64_t at_most(uint64_t value, uint64_t most) {
    return value < most ? value : most;
}

static uint64_t budget_of(const struct driver *driver) {
    uint32_t microseconds = driver->manifest.budget_microseconds;
    return (microseconds != 0 ? microseconds : MANIFEST_BUDGET_DEFAULT) * 1000ull;
}

void budget_charge(struct driver *driver, uint64_t now, uint64_t nanoseconds,
                   enum payment payment) {
    uint64_t step = at_most(nanoseconds, budget_of(driver) / 4);

    driver->activation_used += step;
    driver->restless_used += step;
    if (payment == PAID_BY_TENANT) {
        uint64_t paid = at_most(nanoseconds, driver->paid_left);

        driver->paid_left -= paid;
        nanoseconds -= paid;
    }
    if (payment != PAID_BY_IDLING && nanoseconds > 0)
        unpaid_charge(&driver->unpaid, now, nanoseconds);
}

uint64_t budget_left(struct driver *driver, uint64_t now, enum payment payment) {
    if (payment == PAID_BY_TENANT && driver->paid_left > 0)
        return driver->paid_left;
    return unpaid_left(&driver->unpaid, now);
}

bool budget_is_urgent(const struct driver *driver) {
    return driver->manifest.class == DEVICE_CONSOLE && driver->irq_told != 0 &&
           driver->activation_used < URGENT_MOST;
}

uint64_t budget_patience(const struct driver *driver) {
    return driver->manifest.class == DEVICE_NETWORK ? driver->woken_at + ARRIVAL_PATIENCE : 0;
}

uint64_t budget_renewal(const struct driver *driver) {
    return unpaid_renewal(&driver->unpaid);
}

void budget_begin(struct driver *driver, uint64_t now) {
    if (!driver->awake) {
        driver->restless_used -=
            at_most(driver->restless_used, (now - driver->slept_at) / REST_WORTH);
        driver->restless_activations = 0;
        driver->woken_at = now;
    }
    driver->restless_activations++;
    driver->awake = true;
    driver->activation_used = 0;
}

void budget_end(struct driver *driver, uint64_t now) {
    driver->awake = false;
    driver->slept_at = now;
}

void budget_progress(struct driver *driver) {
    driver->restless_used = 0;
    driver->restless_activations = 0;
    driver->paid_left = budget_of(driver);
    driver->fruitless = 0;
}

bool budget_wants_pause(struct driver *driver) {
    driver->fruitless += driver->fruitless < FRUITLESS_MOST;
    return driver->fruitless == FRUITLESS_MOST;
}

const char *budget_check(struct driver *driver, uint64_t now, uint64_t *next) {
    uint64_t budget = budget_of(driver);

    *next = now + budget / 4 + 1;
    if (DEFENCE_DRIVER_BUDGET && driver->activation_used >= budget)
        return "the time budget of its activation is used up";
    if (DEFENCE_DRIVER_REST && driver->restless_activations >= RESTLESS_ACTIVATIONS)
        return "no rest in two thousand activations, and no request taken or finished,";
    if (DEFENCE_DRIVER_REST && driver->restless_used >= RESTLESS_MOST)
        return "no rest for a second, and no request taken or finished,";
    return NULL;
}

const char *patience_check(struct driver *driver, uint64_t sent, uint32_t overtaken, uint64_t now,
                           uint64_t *next) {
    if (sent == 0 || sent != driver->oldest_sent) {
        driver->oldest_sent = sent;
        driver->oldest_seen = now;
        driver->oldest_waited = 0;
    }
    if (sent == 0)
        return NULL;
    driver->oldest_waited += at_most(now - driver->oldest_seen, REQUEST_STEP);
    driver->oldest_seen = now;
    *next = at_most(*next, now + REQUEST_STEP);
    if (overtaken >= OVERTAKEN_MOST && driver->oldest_waited >= OVERTAKEN_PATIENCE)
        return "a request in flight was overtaken by more than a hundred others";
    return driver->oldest_waited >= REQUEST_MOST ? "a request is in flight for 5 s" : NULL;
}
