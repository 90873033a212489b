// SPDX-License-Identifier: MIT
/*
 * Scancodes of set 1 (what the 8042 gives after translation) to the bytes that a terminal sends: US
 * layout, xterm's sequences for the other keys. Pure.
 */
#ifndef DRIVERS_CONSOLE_SCANCODE_H
#define DRIVERS_CONSOLE_SCANCODE_H

#include <stdbool.h>
#include <stdint.h>

#define SCANCODE_BYTES 8 /* most bytes that one key sends */

struct scancode_state {
    bool extended; /* the last byte was E0 */
    uint8_t skip;  /* bytes of the E1 sequence (Pause) still to come */
    bool left_shift, right_shift, left_control, right_control, left_alt, right_alt;
    bool caps_lock, number_lock;
};

/* Takes one scancode; answers how many bytes, 0..SCANCODE_BYTES, it put into `bytes`. */
uint32_t scancode_decode(struct scancode_state *state, uint8_t scancode,
                         uint8_t bytes[SCANCODE_BYTES]);

#endif
