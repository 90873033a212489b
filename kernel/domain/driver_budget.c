// SPDX-License-Identifier: MIT
/*
 * Liveness of a driver, by time.
 *
 *   activation    awake since DRIVER_WAIT returned: its manifest's budget
 *   restless      awake again and again without a rest, and no request taken or finished: RESTLESS_MOST
 *   fruitless     interrupts in a row, and no request taken or finished: after FRUITLESS_MOST of them each one
 *                 costs its driver a pause, so that a line that stays up leaves the CPU to others
 *   request       the oldest one in flight, the driver awake or asleep: REQUEST_MOST
 *
 * Time is counted in steps, one at each look, and a step counts little, however late the look came: on a
 * machine that is itself suspended for a while (an emulator on a busy host, or one whose clock jumps while it
 * idles) a few late looks must not condemn a driver. Reads of a console wait for a person and are no requests
 * in this sense.
 */
#include "kernel/domain/driver_manifest.h"
#include "kernel/domain/driver_restart.h"

#include <stddef.h>

#define RESTLESS_MOST 1000000000ull
#define REST_LEAST    1000000ull /* a shorter sleep is none: an interrupt that does not go away */
#define FRUITLESS_MOST                                                                             \
    256u /* more than a request of 64 KiB takes by programmed IO, sector by sector */
#define REQUEST_MOST 5000000000ull
#define REQUEST_STEP 5000000ull

static uint64_t at_most(uint64_t value, uint64_t most) {
    return value < most ? value : most;
}

static uint64_t budget_of(const struct driver *driver) {
    uint32_t microseconds = driver->manifest.budget_microseconds;
    return (microseconds != 0 ? microseconds : MANIFEST_BUDGET_DEFAULT) * 1000ull;
}

/* Counts the time awake since the last look. */
static void add_step(struct driver *driver, uint64_t now) {
    if (driver->activation_start == 0)
        return;
    uint64_t step = at_most(now - driver->activation_seen, budget_of(driver) / 4);
    driver->activation_seen = now;
    driver->activation_used += step;
    driver->restless_used += step;
}

void budget_begin(struct driver *driver, uint64_t now) {
    add_step(driver, now); /* of the activation before, if it ended without sleep */
    if (driver->activation_start == 0 && now - driver->slept_at >= REST_LEAST)
        driver->restless_used = 0;
    driver->activation_start = driver->activation_seen = now;
    driver->activation_used = 0;
}

void budget_end(struct driver *driver, uint64_t now) {
    add_step(driver, now);
    driver->activation_start = 0;
    driver->slept_at = now;
}

void budget_progress(struct driver *driver) {
    driver->restless_used = 0;
    driver->fruitless = 0;
}

bool budget_wants_pause(struct driver *driver) {
    driver->fruitless += driver->fruitless < FRUITLESS_MOST;
    return driver->fruitless == FRUITLESS_MOST;
}

const char *budget_check(struct driver *driver, uint64_t now, uint64_t *next) {
    uint64_t budget = budget_of(driver);
    add_step(driver, now);
    *next = now + budget / 4 + 1;
    if (driver->activation_used >= budget)
        return "the time budget of its activation is used up";
    if (driver->restless_used >= RESTLESS_MOST)
        return "no rest for a second, and no request taken or finished,";
    return NULL;
}

const char *patience_check(struct driver *driver, uint64_t sent, uint64_t now, uint64_t *next) {
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
    return driver->oldest_waited >= REQUEST_MOST ? "a request is in flight for 5 s" : NULL;
}
