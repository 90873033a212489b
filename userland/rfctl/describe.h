// SPDX-License-Identifier: MIT
/*
 * Words and JSON for what the control gate reports, shared by the commands.
 */
#ifndef USERLAND_RFCTL_DESCRIBE_H
#define USERLAND_RFCTL_DESCRIBE_H

#include "kernel/abi/control.h"

struct cJSON;

const char *tenant_state_text(uint32_t state); /* "running" */
const char *driver_state_text(uint32_t state);
#define DRIVER_TEXT (2 * DRIVER_NAME + 4)
/* "blk0 (virtio_blk)"; "ata" if it has no device. Returns `text`. */
const char *driver_text(char text[DRIVER_TEXT], const struct driver_status *status);
const char *device_class_text(uint32_t class);
const char *fence_text(uint32_t fence);

/* Upper bound of the latency below which so many of a thousand requests stayed, in nanoseconds (1000: all); 0: there were
 * none. */
uint64_t latency_below(const uint32_t buckets[LATENCY_BUCKETS], unsigned permille);

/* New objects; the caller owns them. */
struct cJSON *tenant_json(const struct tenant_status *status);
struct cJSON *network_json(const struct tenant_status *status); /* of its port at the switch */
struct cJSON *driver_json(const struct driver_status *status);

#endif
