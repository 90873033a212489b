// SPDX-License-Identifier: MIT
/*
 * See taskfile.h. An extended command's registers take two bytes each:
 *
 *            written first        written second
 *   high     LBA 47..40           LBA 23..16
 *   middle   LBA 39..32           LBA 15..8
 *   low      LBA 31..24           LBA 7..0
 */
#include "drivers/lib/ata_taskfile.h"

#define DEVICE_MASTER 0xA0 /* bits 7 and 5 are obsolete, and set */
#define DEVICE_LBA    0x40

struct ata_taskfile ata_taskfile_plain(uint8_t command) {
    return (struct ata_taskfile){.command = command, .device = DEVICE_MASTER};
}

struct ata_taskfile ata_taskfile_transfer(uint8_t command, bool extended, uint64_t first,
                                          uint32_t sectors) {
    struct ata_taskfile taskfile = {
        .command = command,
        .device = DEVICE_MASTER | DEVICE_LBA,
        .count = {(uint8_t)sectors, (uint8_t)(sectors >> 8)},
        .low = {(uint8_t)first, (uint8_t)(first >> 24)},
        .middle = {(uint8_t)(first >> 8), (uint8_t)(first >> 32)},
        .high = {(uint8_t)(first >> 16), (uint8_t)(first >> 40)},
        .extended = extended,
    };
    if (!extended)
        taskfile.device |= (uint8_t)(first >> 24 & 0xF);
    return taskfile;
}
