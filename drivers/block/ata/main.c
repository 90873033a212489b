// SPDX-License-Identifier: MIT
/*
 * An ATA disk behind a PCI IDE controller that is a bus master: the controller moves the data
 * between the disk and the frames that the core named, this driver never sees it. What all ATA
 * disks share is in drivers/lib/ata_disk.h.
 *
 *   BAR 4:  0 command (bit 0 start, bit 3 towards memory)   2 status   4 address of the region
 * table
 */
#include "drivers/block/ata/region.h"
#include "drivers/lib/ata_channel.h"
#include "drivers/lib/ata_disk.h"
#include "drivers/lib/gate.h"
#include "drivers/lib/information.h"
#include "drivers/lib/loop.h"
#include "drivers/lib/manifest.h"
#include "drivers/lib/port.h"

#define PCI_CLASS_IDE             0x0101
#define PCI_PROGRAMMING_INTERFACE 0x09
#define INTERFACE_PRIMARY_NATIVE  0x01 /* not at the legacy ports */

#define BUS_MASTER_BAR     4
#define BUS_MASTER_COMMAND 0
#define BUS_MASTER_STATUS  2
#define BUS_MASTER_TABLE   4

#define COMMAND_START     0x01
#define COMMAND_TO_MEMORY 0x08

#define STATUS_FAILED      0x02 /* written as 1: cleared, like the next */
#define STATUS_INTERRUPTED 0x04 /* the disk is done and its data has arrived */
#define STATUS_KEPT        0x60 /* what the firmware noted about the disks */

DRIVER_MANIFEST = {
    .magic = MANIFEST_MAGIC,
    .name = "ata",
    .device = "blk",
    .class = DEVICE_BLOCK,
    .pci_class = PCI_CLASS_IDE,
    .port_count = 2,
    .ports = {{ATA_COMMAND_PORT, ATA_COMMAND_PORTS}, {ATA_CONTROL_PORT, 1}},
    .irq_count = 1,
    .irqs = {ATA_INTERRUPT},
    .use_bars = 1u << BUS_MASTER_BAR,
    .dma = 1,
    .dma_frames = 1,
};

static uint16_t base; /* of the bus master's ports; 0: none */
static uint8_t direction;

static uint16_t at(uint32_t offset) {
    return (uint16_t)(base + offset);
}

static void stop(void) {
    port_write8(at(BUS_MASTER_COMMAND), 0);
}

static const char *refuse_controller(void) {
    base = (uint16_t)driver_information()->bar_address[BUS_MASTER_BAR];
    if (gate_pci_read(PCI_PROGRAMMING_INTERFACE, 1) & INTERFACE_PRIMARY_NATIVE)
        return "the primary channel is not at its legacy ports";
    if (driver_information()->dma_bus_address >> 32 != 0)
        return "the controller cannot reach the region table";
    return base == 0 ? "the controller is no bus master" : 0;
}

static const char *refuse(const struct ata_identity *identity) {
    return identity->dma ? 0 : "it has no DMA";
}

static bool prepare(const struct driver_request *request) {
    volatile struct region *table = (volatile struct region *)DRIVER_DMA;
    if (!regions_describe(table, request->segments, request->segment_count))
        return false;
    direction = request->operation == IO_READ ? COMMAND_TO_MEMORY : 0;
    stop();
    uint8_t kept = port_read8(at(BUS_MASTER_STATUS)) & STATUS_KEPT;
    port_write8(at(BUS_MASTER_STATUS), kept | STATUS_FAILED | STATUS_INTERRUPTED);
    port_write32(at(BUS_MASTER_TABLE), (uint32_t)driver_information()->dma_bus_address);
    port_write8(at(BUS_MASTER_COMMAND), direction);
    return true;
}

static enum ata_progress begin(void) {
    port_write8(at(BUS_MASTER_COMMAND), direction | COMMAND_START);
    return ATA_MORE;
}

static enum ata_progress advance(uint8_t status) {
    uint8_t result = port_read8(at(BUS_MASTER_STATUS));
    bool failed = (result & STATUS_FAILED) || (status & (ATA_STATUS_ERROR | ATA_STATUS_FAULT));
    if (!failed && !(result & STATUS_INTERRUPTED))
        return ATA_MORE;
    stop();
    return failed ? ATA_FAILED : ATA_DONE;
}

void driver_main(void) {
    const struct ata_transfer bus_master = {
        .read = 0xC8, /* READ DMA, WRITE DMA and their EXT forms */
        .write = 0xCA,
        .read_extended = 0x25,
        .write_extended = 0x35,
        .segment_limit = IO_SEGMENTS + 1,
        .refuse_controller = refuse_controller,
        .refuse = refuse,
        .prepare = prepare,
        .begin = begin,
        .advance = advance,
        .stop = stop,
    };
    ata_disk_run(&bus_master);
}
