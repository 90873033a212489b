// SPDX-License-Identifier: MIT
/*
 * See keyboard.h. The controller takes a command when its input buffer is empty and answers within
 * microseconds. Waiting for that is bounded by PATIENCE, far below the budget of an activation.
 */
#include "drivers/console/console/keyboard.h"

#include "drivers/console/console/scancode.h"
#include "drivers/lib/clock.h"
#include "drivers/lib/port.h"

#define STATUS_OUTPUT_FULL 0x01 /* a byte for us */
#define STATUS_INPUT_FULL  0x02 /* our last byte is not taken yet */
#define STATUS_AUXILIARY   0x20 /* the byte is the mouse's */
#define ABSENT             0xFF

#define COMMAND_READ_CONFIGURATION  0x20
#define COMMAND_WRITE_CONFIGURATION 0x60
#define COMMAND_DISABLE_KEYBOARD    0xAD
#define COMMAND_ENABLE_KEYBOARD     0xAE

#define CONFIGURATION_INTERRUPT 0x01
#define CONFIGURATION_DISABLE   0x10
#define CONFIGURATION_TRANSLATE 0x40

#define KEYBOARD_ENABLE_SCANNING 0xF4

#define PATIENCE     MILLISECONDS(2)
#define RECEIVE_MOST 32

static struct scancode_state state;

static bool status_becomes(uint8_t mask, uint8_t value) {
    uint64_t deadline = clock_now() + PATIENCE;
    do {
        if ((port_read8(KEYBOARD_COMMAND_PORT) & mask) == value)
            return true;
    } while (clock_now() < deadline);
    return false;
}

static bool write_byte(uint16_t port, uint8_t byte) {
    if (!status_becomes(STATUS_INPUT_FULL, 0))
        return false;
    port_write8(port, byte);
    return true;
}

static void drop_input(void) {
    for (uint32_t i = 0; i < RECEIVE_MOST; i++) {
        if (!(port_read8(KEYBOARD_COMMAND_PORT) & STATUS_OUTPUT_FULL))
            return;
        port_read8(KEYBOARD_DATA_PORT);
    }
}

static bool configure(void) {
    if (!write_byte(KEYBOARD_COMMAND_PORT, COMMAND_READ_CONFIGURATION) ||
        !status_becomes(STATUS_OUTPUT_FULL, STATUS_OUTPUT_FULL))
        return false;
    uint8_t configuration = port_read8(KEYBOARD_DATA_PORT);
    configuration |= CONFIGURATION_INTERRUPT | CONFIGURATION_TRANSLATE;
    configuration &= (uint8_t)~CONFIGURATION_DISABLE;
    return write_byte(KEYBOARD_COMMAND_PORT, COMMAND_WRITE_CONFIGURATION) &&
           write_byte(KEYBOARD_DATA_PORT, configuration);
}

bool keyboard_start(void) {
    if (port_read8(KEYBOARD_COMMAND_PORT) == ABSENT)
        return false;
    /* Off while it is configured: a key must not be taken for the controller's answer. */
    if (!write_byte(KEYBOARD_COMMAND_PORT, COMMAND_DISABLE_KEYBOARD))
        return false;
    drop_input();
    if (!configure() || !write_byte(KEYBOARD_COMMAND_PORT, COMMAND_ENABLE_KEYBOARD))
        return false;
    write_byte(KEYBOARD_DATA_PORT, KEYBOARD_ENABLE_SCANNING);
    return true;
}

void keyboard_receive(struct byte_queue *queue) {
    for (uint32_t i = 0; i < RECEIVE_MOST; i++) {
        uint8_t status = port_read8(KEYBOARD_COMMAND_PORT);
        if (status == ABSENT || !(status & STATUS_OUTPUT_FULL))
            return;
        uint8_t scancode = port_read8(KEYBOARD_DATA_PORT);
        if (status & STATUS_AUXILIARY)
            continue;
        uint8_t bytes[SCANCODE_BYTES];
        uint32_t count = scancode_decode(&state, scancode, bytes);
        for (uint32_t j = 0; j < count; j++)
            queue_put(queue, bytes[j]);
    }
}
