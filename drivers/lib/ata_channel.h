// SPDX-License-Identifier: MIT
/*
 * The primary ATA channel at its legacy ports, and the master disk on it (ATA/ATAPI-7 volume 2; the
 * secondary channel is never touched).
 *
 *   1F0 data  1F1 error  1F2 count  1F3..1F5 LBA  1F6 device  1F7 status/command  3F6 control
 */
#ifndef DRIVERS_LIB_ATA_CHANNEL_H
#define DRIVERS_LIB_ATA_CHANNEL_H

#include "drivers/lib/ata_taskfile.h"

#include <stdbool.h>
#include <stdint.h>

#define ATA_COMMAND_PORT  0x1F0
#define ATA_COMMAND_PORTS 8
#define ATA_CONTROL_PORT  0x3F6
#define ATA_INTERRUPT     14

/* Status bits. A floating bus reads as all ones, one without a disk as 0 or 7F. */
#define ATA_STATUS_ERROR   0x01
#define ATA_STATUS_REQUEST 0x08 /* DRQ: data wants to move */
#define ATA_STATUS_FAULT   0x20
#define ATA_STATUS_READY   0x40
#define ATA_STATUS_BUSY    0x80 /* no other bit means anything */
#define ATA_STATUS_ABSENT  0xFF

/* Status; reading it takes the disk's interrupt back. */
uint8_t ata_channel_status(void);
/* Status, and the interrupt stays. */
uint8_t ata_channel_peek(void);
uint8_t ata_channel_error(void);

/* Writes the registers of a command; it starts with the last. The disk must not be busy. */
void ata_channel_issue(const struct ata_taskfile *taskfile);

/* Begins a soft reset with interrupts off, and ends the pulse at least 5 us later. The disk is then
 * busy until its reset is complete. */
void ata_channel_assert_reset(void);
void ata_channel_release_reset(void);
/* A busy disk ignores this: whichever the firmware selected last stays selected. */
void ata_channel_select_master(void);
void ata_channel_enable_interrupt(void);

/* After a reset: the master is a disk, not a packet device such as a CD drive. */
bool ata_channel_has_disk(void);

/* Moves data through the data port. */
void ata_channel_read(void *data, uint32_t bytes);
void ata_channel_write(const void *data, uint32_t bytes);

#endif
