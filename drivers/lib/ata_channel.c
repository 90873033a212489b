// SPDX-License-Identifier: MIT
/* See channel.h. */
#include "drivers/lib/ata_channel.h"

#include "drivers/lib/port.h"

#define DATA    (ATA_COMMAND_PORT + 0)
#define ERROR   (ATA_COMMAND_PORT + 1)
#define COUNT   (ATA_COMMAND_PORT + 2)
#define LOW     (ATA_COMMAND_PORT + 3)
#define MIDDLE  (ATA_COMMAND_PORT + 4)
#define HIGH    (ATA_COMMAND_PORT + 5)
#define DEVICE  (ATA_COMMAND_PORT + 6)
#define STATUS  (ATA_COMMAND_PORT + 7)
#define COMMAND (ATA_COMMAND_PORT + 7)
#define CONTROL ATA_CONTROL_PORT

#define CONTROL_NO_INTERRUPT 0x02
#define CONTROL_RESET        0x04

#define DEVICE_MASTER 0xA0

uint8_t ata_channel_status(void) {
    return port_read8(STATUS);
}

uint8_t ata_channel_peek(void) {
    return port_read8(CONTROL);
}

uint8_t ata_channel_error(void) {
    return port_read8(ERROR);
}

/* The status is valid 400 ns after a command or a selection: as long as four reads of a port take.
 */
static void settle(void) {
    for (uint32_t i = 0; i < 4; i++)
        ata_channel_peek();
}

static void write_place(const struct ata_taskfile *taskfile, uint32_t half) {
    port_write8(COUNT, taskfile->count[half]);
    port_write8(LOW, taskfile->low[half]);
    port_write8(MIDDLE, taskfile->middle[half]);
    port_write8(HIGH, taskfile->high[half]);
}

void ata_channel_issue(const struct ata_taskfile *taskfile) {
    port_write8(DEVICE, taskfile->device);
    settle();
    if (taskfile->extended)
        write_place(taskfile, 1);
    write_place(taskfile, 0);
    port_write8(COMMAND, taskfile->command);
    settle();
}

void ata_channel_assert_reset(void) {
    port_write8(CONTROL, CONTROL_RESET | CONTROL_NO_INTERRUPT);
}

void ata_channel_release_reset(void) {
    port_write8(CONTROL, CONTROL_NO_INTERRUPT);
    settle();
}

void ata_channel_select_master(void) {
    port_write8(DEVICE, DEVICE_MASTER);
    settle();
}

void ata_channel_enable_interrupt(void) {
    ata_channel_status();
    port_write8(CONTROL, 0);
}

bool ata_channel_has_disk(void) {
    uint8_t status = ata_channel_status();
    bool answers = status != ATA_STATUS_ABSENT && (status & ATA_STATUS_READY);
    return answers && port_read8(MIDDLE) == 0 && port_read8(HIGH) == 0;
}

void ata_channel_read(void *data, uint32_t bytes) {
    port_read_words(DATA, data, bytes / 2);
}

void ata_channel_write(const void *data, uint32_t bytes) {
    port_write_words(DATA, data, bytes / 2);
}
