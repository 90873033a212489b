// SPDX-License-Identifier: MIT
/*
 * Devices: the queue between tenants' rings and a driver.
 *
 *   tenant's ring ──IO_SUBMIT──> binding's queue ──limit, choice──> in flight (id) ──COMPLETE──> ring
 *                                (bounded)             ^                 │ driver crash: replayed first
 *                                                      └─────────────────┘
 *
 * A binding is one tenant's place at one device: its ring, its volume, its bounded queue, and its flow (flow.h):
 * reservation, weight and limit, by which schedule.h says whose request goes next.
 */
#ifndef KERNEL_IO_DEVICE_H
#define KERNEL_IO_DEVICE_H

#include "kernel/abi/control.h"
#include "kernel/abi/driver.h"
#include "kernel/abi/io.h"
#include "kernel/abi/status.h"

#include <stdbool.h>

struct tenant;
struct driver;
struct io_device;
struct io_binding;

struct io_device *io_device_find(const char *name); /* NULL: none of this name is there */
/* A new device for this driver, kept over restarts. A console has its name at once; block devices get
 * theirs ("blk0", "blk1") by io_name_devices(), in the order of their drivers. */
struct io_device *io_device_make(struct driver *driver);
/* Names every device that is up and has no name yet. */
void io_name_devices(void);
/* false: there are too many of its class, or there is no memory for it; its driver is not to be started. */
bool io_device_is_usable(const struct io_device *device);

/* Gives a tenant its place at a device as tenant->bindings[index], and describes it in
 * tenant->information->devices[index]; paid by the tenant. On refusal says why in `reason` (>= 96
 * bytes). `class` is DEVICE_BLOCK or DEVICE_CONSOLE, and the device must be of it; for a console the grant's
 * volume and limits are ignored. Network cards: network_bind(). */
enum status io_bind(struct tenant *tenant, uint32_t class, const struct disk_grant *grant,
                    uint32_t index, char *reason);
/* The tenant dies: its bindings go, queued requests are dropped, those in flight orphaned (their frames stay
 * pinned until they complete or the device's reset is seen). True when nothing of the tenant is left in
 * flight; may be called again. */
bool io_unbind(struct tenant *tenant);
/* `disk` counts the tenant's block devices. */
enum status io_set_share(struct tenant *tenant, uint32_t disk, const struct disk_grant *grant);
/* What a request costs there, and how much may be in flight. NO_MEMORY: `reserved` reads of 4 KiB a second, which
 * tenants have, are more than it could do. */
enum status io_set_model(struct driver *driver, const struct device_model *model,
                         uint32_t reserved);
uint64_t io_device_bytes(const char *device); /* of a block device; 0: there is none */
/* Reads of 4 KiB a second that may be reserved at it; 0: it is not there, or its costs are not known. */
uint32_t io_capacity(const char *device);
void io_fill_status(struct tenant *tenant, struct tenant_status *status);
void io_fill_driver_status(struct driver *driver, struct driver_status *status);

/* The IO gate; `device` is an index of tenant->bindings[]. */
enum status io_attach(struct tenant *tenant, uint32_t device, uint32_t frame_index);
enum status io_detach(struct tenant *tenant, uint32_t device);
enum status io_submit(struct tenant *tenant, uint32_t device, uint32_t *accepted);
enum status io_status(struct tenant *tenant, uint32_t device, struct io_status *status);

/* For the driver gate and the restart rules. */
enum status io_fetch(struct driver *driver, struct driver_request *request);
/* Nothing was completed, and the driver is to start afresh: BAD_ARGUMENT: no honest driver makes this completion;
 * AGAIN: it says that its device failed; IO_ERROR: it brings what was not written (verify.h). The last two are said
 * once of a request. */
enum status io_complete(struct driver *driver, uint32_t id, uint32_t status, uint32_t bytes);
bool io_may_fetch(struct driver *driver, uint64_t now); /* is there a request that may go now? */
bool io_is_done(
    const struct driver *driver); /* a block device's: none is in flight, and none waits */
enum status io_check_description(struct driver *driver,
                                 const struct device_description *description);
/* The device works (again); returns how many requests are to be replayed. */
uint32_t io_driver_ready(struct driver *driver, const struct device_description *description);
/* In flight → to be replayed, pins kept; `blame`: it counts against them. Returns how many were in flight. */
uint32_t io_driver_crashed(struct driver *driver, bool blame);
void io_driver_reset_done(
    struct driver *driver); /* pins of orphans go; third crashes are answered */
uint64_t
io_oldest_sent(struct driver *driver); /* when; 0: none in flight, but reads of a console */
/* Requests, at least, that were sent after the oldest one in flight and are completed; of reads of a console, none. */
uint32_t io_oldest_overtaken(struct driver *driver);
struct tenant *
io_oldest_tenant(struct driver *driver); /* whose request is longest in flight; NULL */
/* Each tenant that waits for the driver with a request in flight, to be replayed or queued; some more than once, and
 * of a long line of queues those whose turn is next. From *at = 0 on; NULL: no more. */
struct tenant *io_next_waiting(const struct driver *driver, uint32_t *at);
/* Requests that a limit held back may go now; returns when to look again. */
uint64_t io_work(uint64_t now);
uint64_t io_next(void); /* when that has anything to do */

#endif
