// SPDX-License-Identifier: MIT
/*
 * A driver that means harm and has a device with DMA: the network card i82551, whose self-test writes eight bytes
 * to any bus address that it is told, and which raises its line as often as it is asked to.
 *
 * Without an IOMMU nobody holds such a device: the core says `unfenced` of it from the start (rfctl drivers), and the
 * attack shows that it is true. What a line that is never lowered costs is another matter: it is masked while its
 * driver does not ask for more.
 *
 * The referee tells an address four bits at a time, since a fault has a number and no argument.
 */
#include "drivers/lib/block.h"
#include "drivers/lib/clock.h"
#include "drivers/lib/crash.h"
#include "drivers/lib/gate.h"
#include "drivers/lib/information.h"
#include "drivers/lib/log.h"
#include "drivers/lib/manifest.h"

#define INTEL         0x8086
#define I82551        0x1209
#define REGISTERS     0 /* the BAR in memory */
#define CAPACITY      0x100000u
#define ACKNOWLEDGE   1 /* register: what the line was raised for, written back to lower it */
#define COMMAND_UPPER 3 /* register: bit 1 raises the line */
#define PORT          8 /* register: a bus address, and in its low bits what to do there */
#define RAISE         2u
#define SELF_TEST     1u
#define NIBBLE        16u /* numbers below it are four bits of the address */
#define WRITE_BY_DMA  16u
#define FLOOD         17u
#define FLOOD_TIME    MILLISECONDS(300)

DRIVER_MANIFEST = {
    .magic = MANIFEST_MAGIC,
    .name = "i82551",
    .device = "dma",
    .class = DEVICE_BLOCK,
    .pci_id_count = 1,
    .pci_ids = {{INTEL, I82551}},
    .pci_class = NO_PCI_CLASS,
    .use_bars = 1u << REGISTERS,
    .dma = 1,
    .dma_frames = 1,
};

static uint32_t address, interrupts;
static bool flooding;

static volatile uint8_t *registers(uint32_t offset) {
    return (volatile uint8_t *)(driver_information()->bar_address[REGISTERS] + offset);
}

static void write_by_dma(void) {
    if (gate_bus_master(true) != STATUS_OK) {
        driver_log("refused: the core keeps bus mastering off");
        return;
    }
    *(volatile uint32_t *)registers(PORT) = (address & ~0xFu) | SELF_TEST;
    driver_log("done: the device was told to write to %x", address & ~0xFu);
}

/* From here on the line stays up: each DRIVER_WAIT lets it through anew. */
static void flood_interrupts(void) {
    flooding = true;
    interrupts = 0;
    loop_set_deadline(clock_now() + FLOOD_TIME);
    *registers(COMMAND_UPPER) = RAISE;
}

void driver_own_fault(uint32_t number) {
    if (number < NIBBLE)
        address = address << 4 | number;
    else if (number == WRITE_BY_DMA)
        write_by_dma();
    else if (number == FLOOD)
        flood_interrupts();
}

static void start(void) {
    const struct device_description description = {
        .bytes = CAPACITY, .depth = 1, .segment_limit = IO_SEGMENTS + 1};
    *(volatile uint32_t *)registers(PORT) = 0; /* reset */
    gate_reset_done();
    loop_ready(&description);
}

static void interrupt(uint32_t lines) {
    (void)lines;
    interrupts++;
    if (!flooding)
        *registers(ACKNOWLEDGE) = 0xFF;
}

static void timer(void) {
    if (!flooding)
        return;
    flooding = false;
    *registers(ACKNOWLEDGE) = 0xFF;
    driver_log("refused: %u interrupts", interrupts);
}

static void transfer(const struct driver_request *request) {
    loop_complete(request->id, STATUS_IO_ERROR, 0);
}

static void flush(uint32_t id) {
    loop_complete(id, STATUS_OK, 0);
}

void driver_main(void) {
    const struct block_functions functions = {start, interrupt, timer, transfer, flush};
    block_run(&functions);
}
