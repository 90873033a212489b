// SPDX-License-Identifier: MIT
/*
 * See keyboard.h. Without the status port there is one rule: a byte is read if and only if the
 * interrupt came, and the next byte brings the next interrupt.
 */
#include "drivers/console/console/keyboard.h"

#include "drivers/console/console/scancode.h"
#include "drivers/lib/port.h"

#define ABSENT          0xFF
#define ENABLE_SCANNING 0xF4

static struct scancode_state state;

bool keyboard_start(void) {
    if (port_read8(KEYBOARD_DATA_PORT) == ABSENT)
        return false;
    port_write8(KEYBOARD_DATA_PORT, ENABLE_SCANNING);
    return true;
}

void keyboard_receive(struct byte_queue *queue) {
    uint8_t bytes[SCANCODE_BYTES];
    uint32_t count = scancode_decode(&state, port_read8(KEYBOARD_DATA_PORT), bytes);
    for (uint32_t i = 0; i < count; i++)
        queue_put(queue, bytes[i]);
}
