// SPDX-License-Identifier: MIT
/*
 * The controller takes a byte when its input buffer is empty and answers within microseconds; waiting
 * for that is bounded by PATIENCE. Both devices are off while it is configured: a key must not be taken
 * for the controller's answer.
 */
#include "kernel/dev/keyboard_controller.h"

#include "kernel/cpu/registers.h"
#include "kernel/dev/clock.h"
#include "kernel/log/log.h"

#include <stdbool.h>

#define DATA_PORT    0x60
#define COMMAND_PORT 0x64

#define STATUS_OUTPUT_FULL 0x01 /* a byte for us */
#define STATUS_INPUT_FULL  0x02 /* our last byte is not taken yet */
#define ABSENT             0xFF

#define COMMAND_READ_CONFIGURATION  0x20
#define COMMAND_WRITE_CONFIGURATION 0x60
#define COMMAND_DISABLE_MOUSE       0xA7
#define COMMAND_DISABLE_KEYBOARD    0xAD
#define COMMAND_ENABLE_KEYBOARD     0xAE

#define CONFIGURATION_KEYBOARD_INTERRUPT 0x01
#define CONFIGURATION_MOUSE_INTERRUPT    0x02
#define CONFIGURATION_DISABLE_KEYBOARD   0x10
#define CONFIGURATION_DISABLE_MOUSE      0x20
#define CONFIGURATION_TRANSLATE          0x40

#define PATIENCE   2000000ull /* 2 ms */
#define INPUT_MOST 32

static bool status_becomes(uint8_t mask, uint8_t value) {
    uint64_t deadline = clock_now() + PATIENCE;

    do {
        if ((in8(COMMAND_PORT) & mask) == value)
            return true;
    } while (clock_now() < deadline);
    return false;
}

static bool write_byte(uint16_t port, uint8_t byte) {
    if (!status_becomes(STATUS_INPUT_FULL, 0))
        return false;
    out8(port, byte);
    return true;
}

static void drop_input(void) {
    for (uint32_t i = 0; i < INPUT_MOST && in8(COMMAND_PORT) & STATUS_OUTPUT_FULL; i++)
        in8(DATA_PORT);
}

static bool write_configuration(void) {
    uint8_t configuration;

    if (!write_byte(COMMAND_PORT, COMMAND_READ_CONFIGURATION) ||
        !status_becomes(STATUS_OUTPUT_FULL, STATUS_OUTPUT_FULL))
        return false;
    configuration = in8(DATA_PORT);
    configuration |=
        CONFIGURATION_KEYBOARD_INTERRUPT | CONFIGURATION_DISABLE_MOUSE | CONFIGURATION_TRANSLATE;
    configuration &= (uint8_t) ~(CONFIGURATION_MOUSE_INTERRUPT | CONFIGURATION_DISABLE_KEYBOARD);
    return write_byte(COMMAND_PORT, COMMAND_WRITE_CONFIGURATION) &&
           write_byte(DATA_PORT, configuration);
}

static bool configure(void) {
    if (!write_byte(COMMAND_PORT, COMMAND_DISABLE_KEYBOARD) ||
        !write_byte(COMMAND_PORT, COMMAND_DISABLE_MOUSE))
        return false;
    drop_input();
    return write_configuration() && write_byte(COMMAND_PORT, COMMAND_ENABLE_KEYBOARD);
}

void keyboard_controller_initialise(void) {
    if (in8(COMMAND_PORT) == ABSENT)
        return;
    if (!configure())
        log_line("keyboard controller: it does not answer");
}
