// SPDX-License-Identifier: MIT
/*
 * The inner side of the restart rules, for the other files that make a driver.
 */
#ifndef KERNEL_DOMAIN_DRIVER_RESTART_H
#define KERNEL_DOMAIN_DRIVER_RESTART_H

#include "kernel/domain/driver.h"

/* At boot: loads the image at once and makes the thread ready. */
void driver_first_start(struct driver *driver);
/* Moves a restart on by one slice; the next time at which it has something to do. */
uint64_t driver_restart_work(struct driver *driver, uint64_t now);
/* Is there a thread that may run or wait? Not while its copy is being made, or if it has no device. */
bool driver_is_alive(const struct driver *driver);
/* Something has changed that drivers_work() has to look at before the time that it named last for this driver. */
void driver_look_again(struct driver *driver);
/* A driver that waits without a deadline before it said READY has found no device. */
void driver_has_no_device(struct driver *driver);
/* Names devices that have come up, and calls what drivers_when_settled() was given when it is time. The
 * next time at which it wants to be called. */
uint64_t drivers_settle(uint64_t now);
/* "virtio_blk (blk0)", for log lines; good until the next call. */
const char *driver_label(const struct driver *driver);

/* Liveness by time (driver_budget.c); what the scheduler needs of it is in driver.h. */
void budget_begin(struct driver *driver, uint64_t now);
void budget_end(struct driver *driver, uint64_t now); /* it sleeps */
void budget_progress(struct driver *driver);          /* it has finished or taken a request */
/* An activation that was told of interrupts ends: shall the next one be held back for a while? */
bool budget_wants_pause(struct driver *driver);
/* NULL, or the cause of a crash; *next: when to look again. */
const char *budget_check(struct driver *driver, uint64_t now, uint64_t *next);

/* The same for the oldest request in flight, sent at `sent` (0: there is none). */
const char *patience_check(struct driver *driver, uint64_t sent, uint32_t overtaken, uint64_t now,
                           uint64_t *next);

#endif
