// SPDX-License-Identifier: MIT
/*
 * An ATA disk through the data port, for a machine whose IDE controller is no PCI function: the
 * data goes through bounce buffers, 512 bytes an interrupt. Where there is a PCI controller the
 * driver `ata` owns the ports and the core does not load this one. What all ATA disks share is in
 * drivers/lib/ata_disk.h.
 *
 *   read:   command ──interrupt──> take a sector ──interrupt──> ... last sector: done
 *   write:  command ──DRQ, no interrupt──> give a sector ──interrupt──> ... interrupt after the
 * last: done
 */
#include "drivers/lib/ata_channel.h"
#include "drivers/lib/ata_disk.h"
#include "drivers/lib/bounce.h"
#include "drivers/lib/loop.h"
#include "drivers/lib/manifest.h"

DRIVER_MANIFEST = {
    .magic = MANIFEST_MAGIC,
    .name = "ata_pio",
    .device = "blk",
    .class = DEVICE_BLOCK,
    .pci_class = NO_PCI_CLASS,
    .port_count = 2,
    .ports = {{ATA_COMMAND_PORT, ATA_COMMAND_PORTS}, {ATA_CONTROL_PORT, 1}},
    .irq_count = 1,
    .irqs = {ATA_INTERRUPT},
};

static struct {
    uint8_t *next; /* place of the next sector in the bounce buffer */
    uint32_t sectors_left;
    bool reads;
} current;

static const char *refuse_controller(void) {
    return 0;
}

static const char *refuse(const struct ata_identity *identity) {
    (void)identity; /* every disk can do this */
    return 0;
}

static bool prepare(const struct driver_request *request) {
    current.next = bounce_buffer(request->id);
    current.sectors_left = request->bytes / ATA_SECTOR_BYTES;
    current.reads = request->operation == IO_READ;
    return true;
}

static void move_sector(void) {
    if (current.reads)
        ata_channel_read(current.next, ATA_SECTOR_BYTES);
    else
        ata_channel_write(current.next, ATA_SECTOR_BYTES);
    current.next += ATA_SECTOR_BYTES;
    current.sectors_left--;
}

static enum ata_progress advance(uint8_t status) {
    if (status & (ATA_STATUS_ERROR | ATA_STATUS_FAULT))
        return ATA_FAILED;
    if (current.sectors_left == 0)
        return ATA_DONE;
    if (!(status & ATA_STATUS_REQUEST))
        return ATA_POLL;
    move_sector();
    return current.reads && current.sectors_left == 0 ? ATA_DONE : ATA_MORE;
}

/* The disk asks for the first sector of a write without an interrupt. */
static enum ata_progress begin(void) {
    if (current.reads)
        return ATA_MORE;
    uint8_t status = ata_channel_peek();
    return status & ATA_STATUS_BUSY ? ATA_POLL : advance(status);
}

static void stop(void) {
    current.sectors_left = 0;
}

void driver_main(void) {
    const struct ata_transfer data_port = {
        .read = 0x20, /* READ SECTORS, WRITE SECTORS and their EXT forms */
        .write = 0x30,
        .read_extended = 0x24,
        .write_extended = 0x34,
        .segment_limit = 1,
        .refuse_controller = refuse_controller,
        .refuse = refuse,
        .prepare = prepare,
        .begin = begin,
        .advance = advance,
        .stop = stop,
    };
    ata_disk_run(&data_port);
}
