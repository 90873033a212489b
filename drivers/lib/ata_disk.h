// SPDX-License-Identifier: MIT
/*
 * An ATA disk as a block device, one request at a time. How the data of a read or write moves is
 * the driver's part: by bus master (drivers/block/ata) or through the data port
 * (drivers/block/ata_pio).
 *
 *   resetting ──> settling ──> identifying ──> idle ──request──> busy ──interrupt, done──> idle
 *       ^             └── no disk: absent          │                │
 *       └──────────────────────────────────────────┴── too late ────┘  request answered IO_ERROR
 */
#ifndef DRIVERS_LIB_ATA_DISK_H
#define DRIVERS_LIB_ATA_DISK_H

#include "drivers/lib/ata_identity.h"
#include "kernel/abi/driver.h"

#include <stdbool.h>
#include <stdint.h>

enum ata_progress {
    ATA_MORE, /* an interrupt will come */
    ATA_POLL, /* look again soon, none will come */
    ATA_DONE,
    ATA_FAILED,
};

struct ata_transfer {
    uint8_t read, write, read_extended, write_extended; /* commands */
    uint32_t segment_limit;
    /* Before anything is touched: NULL, or why the controller is not for this driver. */
    const char *(*refuse_controller)(void);
    /* NULL, or why this disk cannot be driven this way. */
    const char *(*refuse)(const struct ata_identity *identity);
    /* Before the command. False: the request cannot be served like this. */
    bool (*prepare)(const struct driver_request *request);
    /* Right after the command. */
    enum ata_progress (*begin)(void);
    /* At an interrupt, or when it may have been lost; `status` is not busy. */
    enum ata_progress (*advance)(uint8_t status);
    /* Ends whatever still moves. */
    void (*stop)(void);
};

/* Brings the disk up and serves it. If there is none: a line in the log, and never DRIVER_READY. */
_Noreturn void ata_disk_run(const struct ata_transfer *transfer);

#endif
