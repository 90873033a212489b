// SPDX-License-Identifier: MIT
/* What a disk says about itself in answer to IDENTIFY DEVICE (ATA/ATAPI-8 ACS, 7.16). Pure. */
#ifndef DRIVERS_LIB_ATA_IDENTITY_H
#define DRIVERS_LIB_ATA_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#define ATA_SECTOR_BYTES   512u
#define ATA_IDENTITY_WORDS 256u
#define ATA_MODEL_BYTES    40u

struct ata_identity {
    uint64_t sectors;
    bool lba;   /* sectors have one number; without it only cylinders, heads and so on */
    bool lba48; /* 48-bit numbers, and the EXT commands */
    bool dma;
    bool sector512; /* logical sectors of 512 bytes */
    char model[ATA_MODEL_BYTES + 1];
};

struct ata_identity ata_identity_read(const uint16_t words[ATA_IDENTITY_WORDS]);

#endif
