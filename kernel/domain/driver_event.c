// SPDX-License-Identifier: MIT
/*
 * DRIVER_WAIT, from both sides: what wakes a driver, and what happens to one that should have come back.
 *
 *   awake ──DRIVER_WAIT, nothing there──> waiting ──request, IRQ, deadline, heartbeat, fault──> awake
 *     └── DRIVER_WAIT with something there: the next activation begins at once
 */
#include "kernel/dev/clock.h"
#include "kernel/dev/interrupt.h"
#include "kernel/dev/pci.h"
#include "kernel/domain/driver_restart.h"
#include "kernel/io/device.h"
#include "kernel/log/log.h"
#include "kernel/sched/deadline.h"
#include "kernel/sched/scheduler.h"

#include <stddef.h>
#include <string.h>

#define HEARTBEAT      1000000000ull
#define FAULT_PATIENCE 500000000ull
#define REARM_PAUSE    1000000ull
#define CAUSE_BYTES    96

#define SOON 1ull /* in the next pass, and not before whoever this pass finds */

static uint64_t look_at; /* nothing in drivers_work() is due before this */

void driver_look_again(struct driver *driver) {
    driver->look_at = look_at = SOON;
}

/* The bits for DRIVER_WAIT's answer; what they stand for is handed over with them. */
static uint32_t take_events(struct driver *driver, uint64_t now) {
    uint32_t events = driver->events;
    driver->events = 0;
    if (driver->irq_pending != 0) {
        driver->information->interrupts = driver->irq_pending;
        driver->irq_told |= driver->irq_pending;
        driver->irq_pending = 0;
        events |= EVENT_INTERRUPT;
    }
    if (now >= driver->wait_deadline) {
        driver->wait_deadline = DEADLINE_NEVER;
        events |= EVENT_TIMER;
    }
    if (io_may_fetch(driver, now))
        events |= EVENT_REQUEST;
    if (driver->fault_by != 0 && (now >= driver->fault_by || io_oldest_sent(driver) != 0)) {
        driver->fault_by = 0;
        events |= EVENT_CRASH;
    }
    return events;
}

/* One that was put off for whom it serves is not put off for others. */
static void wake(struct driver *driver, uint64_t now) {
    if (!driver->waiting && scheduler_has_put_off())
        scheduler_request();
    if (!driver->waiting)
        return;
    uint32_t events = take_events(driver, now);
    if (events == 0)
        return;
    driver->waiting = false;
    driver->serving = io_oldest_tenant(driver);
    budget_begin(driver, now);
    driver_look_again(driver);
    thread_wake(&driver->thread, STATUS_OK, events);
}

static bool is_ready(const struct driver *driver) {
    return driver->state == DRIVER_RUNNING;
}

static void rearm(struct driver *driver) {
    interrupt_rearm(driver, driver->irq_told);
    driver->irq_told = 0;
    driver->rearm_at = 0;
}

static void end_interrupts(struct driver *driver, uint64_t now) {
    if (driver->irq_told == 0 || driver->rearm_at != 0)
        return;
    if (!budget_wants_pause(driver)) {
        rearm(driver);
        return;
    }
    driver->rearm_at = now + REARM_PAUSE;
    interrupt_pause(driver);
}

uint32_t driver_begin_wait(struct driver *driver, uint64_t deadline) {
    uint64_t now = clock_now();
    end_interrupts(driver, now);
    driver->information->interrupts = 0;
    driver->wait_deadline = deadline;
    driver_look_again(driver);
    uint32_t events = take_events(driver, now);
    if (events != 0) {
        scheduler_account(); /* what comes now may be for somebody else */
        driver->serving = NULL;
        budget_begin(driver, now);
        return events;
    }
    if (deadline == DEADLINE_NEVER && !is_ready(driver)) {
        driver_has_no_device(driver);
        return 0;
    }
    driver->waiting = true;
    driver->wait_heartbeat = now + HEARTBEAT;
    budget_end(driver, now);
    return 0;
}

void driver_post(struct driver *driver, uint32_t events) {
    if (!driver_is_alive(driver))
        return;
    driver->events |= events;
    wake(driver, clock_now());
}

void driver_interrupt(struct driver *driver, uint32_t irq_bit) {
    driver->counters.interrupts++;
    driver->irq_pending |= irq_bit;
    wake(driver, clock_now());
}

enum status driver_make_fault(struct driver *driver, uint32_t kind) {
    bool is_own = kind - CRASH_OWN < CRASH_OWN_COUNT;
    if (!is_own && (kind == CRASH_NONE || kind >= CRASH_KIND_COUNT))
        return STATUS_BAD_ARGUMENT;
    if (!is_ready(driver) || driver->fault_by != 0)
        return STATUS_BUSY;
    driver->information->crash_kind = kind;
    driver->fault_by = clock_now() + (is_own ? 0 : FAULT_PATIENCE);
    driver_look_again(driver);
    scheduler_request();
    driver_post(driver, 0);
    return STATUS_OK;
}

/* ---- What time brings ---- */

static uint64_t watch_waiting(struct driver *driver, uint64_t now, bool at_work) {
    if (at_work && now >= driver->wait_heartbeat) {
        driver->wait_heartbeat = now + HEARTBEAT;
        driver->events |= EVENT_HEARTBEAT;
    }
    wake(driver, now);
    uint64_t next = driver->wait_deadline;
    if (at_work)
        next = earlier(next, driver->wait_heartbeat);
    return driver->fault_by != 0 ? earlier(next, driver->fault_by) : next;
}

/* What time says against the driver; NULL: nothing. */
static const char *overdue(struct driver *driver, uint64_t now, uint64_t sent, uint64_t *next) {
    const char *cause = driver->waiting ? NULL : budget_check(driver, now, next);
    if (cause != NULL)
        return cause;
    if (!is_ready(driver) && now >= driver->ready_by)
        return "it does not get ready";
    if (!is_ready(driver))
        *next = earlier(*next, driver->ready_by);
    return patience_check(driver, sent, io_oldest_overtaken(driver), now, next);
}

static uint64_t watch(struct driver *driver, uint64_t now) {
    uint64_t next = DEADLINE_NEVER, sent = io_oldest_sent(driver);
    if (driver->rearm_at != 0 && now >= driver->rearm_at)
        rearm(driver);
    if (driver->waiting)
        next = watch_waiting(driver, now, sent != 0);
    const char *why = overdue(driver, now, sent, &next);
    if (driver->rearm_at != 0)
        next = earlier(next, driver->rearm_at);
    if (why == NULL)
        return next;
    char cause[CAUSE_BYTES];
    const struct trap_frame *frame = &driver->thread.frame;
    format_text(cause, sizeof cause, "ring 1: %s at %04x:%08x", why, frame->cs, frame->eip);
    driver_crash(driver, cause);
    return now;
}

static uint64_t work_that_is_due(struct driver *driver, uint64_t now) {
    if (driver_is_alive(driver))
        return watch(driver, now);
    if (driver->state == DRIVER_BACKOFF || driver->state == DRIVER_RESETTING)
        return driver_restart_work(driver, now);
    return DEADLINE_NEVER;
}

/* One that is at work uses its budget up at no time that is known before. What it does here may ask for another look: then it
 * gets one in the next pass. */
static uint64_t work(struct driver *driver, uint64_t now) {
    if (!driver->waiting || now >= driver->look_at) {
        driver->look_at = DEADLINE_NEVER;
        uint64_t next = work_that_is_due(driver, now);
        driver->look_at = earlier(driver->look_at, next);
    }
    return driver->look_at;
}

uint64_t drivers_work(uint64_t now) {
    if (now < look_at)
        return look_at;
    look_at = DEADLINE_NEVER;
    uint64_t next = drivers_settle(now);
    for (uint32_t n = 0; n < DRIVER_MAX && drivers[n] != NULL; n++)
        next = earlier(next, work(drivers[n], now));
    look_at = earlier(look_at, next);
    return look_at;
}

/* ---- Small answers ---- */

void drivers_forget_tenant(const struct tenant *tenant) {
    for (uint32_t n = 0; n < DRIVER_MAX && drivers[n] != NULL; n++)
        if (drivers[n]->serving == tenant)
            drivers[n]->serving = NULL;
}

void driver_fill_status(struct driver *driver, struct driver_status *status) {
    *status = driver->counters;
    status->driver = driver->number;
    status->state = driver->state;
    memcpy(status->name, driver->manifest.name, sizeof status->name);
    status->class = driver->manifest.class;
    status->slot_address = driver->slot;
    status->dma_unfenced = driver->manifest.dma;
    status->pci_address = driver->function != NULL ? driver->function->address : DRIVER_LEGACY;
    io_fill_driver_status(driver, status);
}
