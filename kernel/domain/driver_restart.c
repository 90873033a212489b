// SPDX-License-Identifier: MIT
/*
 * Crash and restart.
 *
 *   alive ──crash──> contained ──(backoff)──> refilled, in slices ──> started ──RESET_DONE──> READY
 *            │                                                                   │
 *            │ thread off, IRQs masked, INTx off,                                └ pins of dead tenants go,
 *            └ bus mastering off, in flight kept pinned                            replay may begin
 *
 * Bus mastering comes first among all that touches memory: as long as the device could write, not one
 * frame that it knows of is used for anything else. It stays off until the fresh copy has seen the device's
 * reset complete.
 *
 * Backoff: a driver that completed something since its last start is restarted at once. One that did not is
 * restarted at once the first time, then after 10 ms, doubled up to 1 s, until its first completion. One that
 * had nothing to complete, but lived for LIVED_LONG, counts as one that did. However many restarts there are, their work is
 * time that nobody pays for (driver_unpaid.h): without any left, a copy is made when no tenant can run.
 */
#include "kernel/domain/driver_restart.h"

#include "kernel/defence.h"
#include "kernel/dev/clock.h"
#include "kernel/dev/interrupt.h"
#include "kernel/dev/pci.h"
#include "kernel/domain/driver_slot.h"
#include "kernel/fault/injector.h"
#include "kernel/io/device.h"
#include "kernel/log/log.h"
#include "kernel/sched/choice.h"
#include "kernel/sched/deadline.h"
#include "kernel/sched/scheduler.h"

#include <stddef.h>

#define MILLISECONDS(n) ((n)*1000000ull)
#define BACKOFF_FIRST   MILLISECONDS(10)
#define BACKOFF_MOST    MILLISECONDS(1000)
#define LIVED_LONG      MILLISECONDS(250)
#define READY_PATIENCE  MILLISECONDS(40000) /* a disk may take 31 s to spin up (ATA-7, 9.2) */
#define SETTLE_PATIENCE MILLISECONDS(3000)
#define REFILL_PATIENCE MILLISECONDS(5) /* behind tenants who do not wait for the driver */
#define REFILL_LOOK     250000ull
#define SPENT_LOOK      MILLISECONDS(1) /* behind all tenants, with nothing left: do they rest? */
#define WORK_MOST       100000ull

static uint64_t settle_by; /* whoever has not answered by then gets its name later */
static void (*when_settled)(void);

const char *driver_label(const struct driver *driver) {
    static char label[2 * DRIVER_NAME + 4];
    if (driver->counters.device[0] == '\0')
        return driver->manifest.name;
    format_text(label, sizeof label, "%s (%s)", driver->manifest.name, driver->counters.device);
    return label;
}

bool driver_is_alive(const struct driver *driver) {
    return driver->started;
}

/* ---- Starting ---- */

static void start(struct driver *driver, uint64_t now) {
    driver->started = true;
    driver->started_at = now;
    driver->completed_since_start = false;
    driver->reset_done = driver->information->restarts == 0;
    driver->ready_by = now + READY_PATIENCE;
    driver->waiting = false;
    budget_begin(driver, now);
    budget_progress(driver);
    thread_start_driver(&driver->thread, driver, driver->image.entry);
    interrupt_enable_driver(driver);
    if (driver->function != NULL && !driver->by_message)
        pci_interrupt(driver->function, true);
}

void driver_first_start(struct driver *driver) {
    driver->state = DRIVER_STARTING;
    settle_by = clock_now() + SETTLE_PATIENCE;
    while (!slot_refill(driver))
        ;
    start(driver, clock_now());
}

/* What the core has done for a restart since then is the driver's own time. It is a few thousand instructions: what seems longer
 * is a machine that stood still. */
static void charge_work(struct driver *driver, uint64_t since, enum payment payment) {
    uint64_t now = clock_now(), spent = now - since;
    budget_charge(driver, now, spent < WORK_MOST ? spent : WORK_MOST, payment);
}

/* When a slice may be made. A fresh copy is made for those who wait for it, and goes before others as the driver would: but not
 * for ever after. With nothing left to run on it is made when no tenant can run. */
static uint64_t refill_time(struct driver *driver, bool idling, uint64_t now) {
    if (idling)
        return now;
    if (budget_left(driver, now, PAID_BY_NOBODY) == 0)
        return earlier(budget_renewal(driver), now + SPENT_LOOK);
    if (now >= driver->restart_at + REFILL_PATIENCE || choice_lets_go(driver, now))
        return now;
    return now + REFILL_LOOK;
}

static void start_again(struct driver *driver, uint64_t now) {
    driver->information->restarts++;
    driver->information->interrupts = 0;
    driver->information->crash_kind = CRASH_NONE;
    injector_fresh_copy(driver);
    start(driver, now);
}

uint64_t driver_restart_work(struct driver *driver, uint64_t now) {
    if (driver->state == DRIVER_BACKOFF) {
        if (now < driver->restart_at)
            return driver->restart_at;
        driver->state = DRIVER_RESETTING;
    }
    bool idling = choice_has_no_tenant(now);
    uint64_t time = refill_time(driver, idling, now);
    if (time > now)
        return time;
    bool is_complete = slot_refill(driver);
    charge_work(driver, now, idling ? PAID_BY_IDLING : PAID_BY_NOBODY);
    if (is_complete)
        start_again(driver, now);
    return DRIVERS_AT_ONCE;
}

/* ---- Stopping ---- */

static void contain(struct driver *driver) {
    bool silent = true;
    scheduler_remove(&driver->thread);
    driver->started = driver->reset_done = false;
    if (driver->function != NULL) {
        silent = driver->by_message || pci_interrupt(driver->function, false);
        pci_bus_master(driver->function, false);
    }
    interrupt_mask_driver(driver, silent);
    driver->waiting = false;
    driver->events = driver->irq_pending = driver->irq_told = 0;
    driver->fault_by = 0;
    driver->serving = NULL;
    driver->rearm_at = 0;
    budget_end(driver, clock_now());
}

static uint64_t next_delay(struct driver *driver, uint64_t now) {
    bool worked = driver->completed_since_start || now - driver->started_at >= LIVED_LONG;
    uint64_t delay = worked ? 0 : driver->backoff;
    uint64_t doubled = delay == 0 ? BACKOFF_FIRST : delay * 2;
    driver->backoff = doubled < BACKOFF_MOST ? doubled : BACKOFF_MOST;
    return delay;
}

/* `crashed`: when it was found to be at fault. */
static void begin_restart(struct driver *driver, uint64_t crashed) {
    uint64_t now = clock_now(), delay = next_delay(driver, now);
    unpaid_crash(&driver->unpaid, now);
    if (driver->crashed_at == 0)
        driver->crashed_at = now; /* of an outage in several attempts, the first */
    driver->restart_at = now + delay;
    driver->state = delay != 0 ? DRIVER_BACKOFF : DRIVER_RESETTING;
    driver->refill_offset = DEFENCE_PRISTINE_RESTART ? 0 : DRIVER_MMIO;
    driver->counters.restarts++;
    driver_look_again(driver);
    scheduler_request();
    charge_work(driver, crashed, PAID_BY_NOBODY);
}

static void crash(struct driver *driver, const char *cause, bool suspects_requests) {
    if (!driver_is_alive(driver))
        return;
    uint64_t now = clock_now();
    contain(driver);
    uint32_t in_flight = io_driver_crashed(driver, suspects_requests);
    log_line("driver %s crashed: %s; %u requests in flight", driver_label(driver), cause,
             in_flight);
    format_text(driver->counters.last_crash, sizeof driver->counters.last_crash, "%s", cause);
    driver->counters.last_crash_nanoseconds = clock_now();
    injector_driver_failed(driver, cause);
    begin_restart(driver, now);
}

void driver_crash(struct driver *driver, const char *cause) {
    crash(driver, cause, true);
}

void driver_doubt(struct driver *driver, const char *cause) {
    crash(driver, cause, false);
}

void driver_restart(struct driver *driver) {
    if (!driver_is_alive(driver))
        return;
    uint64_t now = clock_now();
    contain(driver);
    uint32_t in_flight = io_driver_crashed(driver, false);
    log_line("driver %s: restart asked for; %u requests in flight", driver_label(driver),
             in_flight);
    driver->completed_since_start = true;
    begin_restart(driver, now);
}

/* ---- Coming back ---- */

enum status driver_reset_seen(struct driver *driver) {
    if (!driver->reset_done)
        io_driver_reset_done(driver);
    driver->reset_done = true;
    return STATUS_OK;
}

enum status driver_bus_master(struct driver *driver, bool on) {
    if (driver->function == NULL)
        return STATUS_UNSUPPORTED;
    if (DEFENCE_BUS_MASTER_GRANT && on && (!driver->reset_done || !driver->manifest.dma))
        return STATUS_NOT_PERMITTED;
    pci_bus_master(driver->function, on);
    return STATUS_OK;
}

static void end_outage(struct driver *driver, uint32_t replayed) {
    uint64_t outage = clock_now() - driver->crashed_at;
    driver->crashed_at = 0;
    driver->counters.last_outage_nanoseconds = outage;
    log_line("driver %s is back after %u us; %u requests to replay", driver_label(driver),
             (uint32_t)(outage / 1000), replayed);
}

enum status driver_is_ready(struct driver *driver, const struct device_description *description) {
    if (!driver->reset_done)
        return STATUS_NOT_PERMITTED;
    if (DEFENCE_READY_ONCE && driver->state == DRIVER_RUNNING)
        return STATUS_BUSY;
    enum status status = io_check_description(driver, description);
    if (status != STATUS_OK)
        return status;
    bool had_outage = driver->crashed_at != 0;
    driver->state = DRIVER_RUNNING;
    driver->answered = true;
    uint32_t replayed = io_driver_ready(driver, description);
    injector_driver_ready(driver, replayed);
    if (had_outage)
        end_outage(driver, replayed);
    return STATUS_OK;
}

void driver_has_no_device(struct driver *driver) {
    if (driver->answered) {
        driver_crash(driver, "its device did not come back");
        return;
    }
    contain(driver);
    interrupt_release(driver); /* the line is others' alone now */
    driver->state = DRIVER_ABSENT;
    driver->answered = true;
    log_line("driver %s: no device", driver_label(driver));
}

static bool all_answered(void) {
    for (uint32_t n = 0; n < DRIVER_MAX && drivers[n] != NULL; n++)
        if (!drivers[n]->answered)
            return false;
    return true;
}

uint64_t drivers_settle(uint64_t now) {
    if (when_settled != NULL && !all_answered() && now < settle_by)
        return settle_by;
    io_name_devices();
    void (*then)(void) = when_settled;
    when_settled = NULL;
    if (then != NULL)
        then();
    return DEADLINE_NEVER;
}

void drivers_when_settled(void (*then)(void)) {
    when_settled = then;
}
