// SPDX-License-Identifier: MIT
/* The registers that make up one command, as bytes (ATA/ATAPI-8 ACS, 4.2 and 6). Pure. */
#ifndef DRIVERS_LIB_ATA_TASKFILE_H
#define DRIVERS_LIB_ATA_TASKFILE_H

#include <stdbool.h>
#include <stdint.h>

#define ATA_LBA28_SECTORS (1ull << 28)

struct ata_taskfile {
    uint8_t command;
    uint8_t device;   /* bit 6: LBA; bit 4: slave; bits 0..3: LBA bits 24..27 if not extended */
    uint8_t count[2]; /* [1] is written first, and only by extended commands */
    uint8_t low[2], middle[2], high[2];
    bool extended;
};

/* A command on the master disk without a place. */
struct ata_taskfile ata_taskfile_plain(uint8_t command);

/* A command on `sectors` (1..128) sectors from `first` on. */
struct ata_taskfile ata_taskfile_transfer(uint8_t command, bool extended, uint64_t first,
                                          uint32_t sectors);

#endif
