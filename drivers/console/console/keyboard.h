// SPDX-License-Identifier: MIT
/* The PS/2 keyboard behind the 8042 controller (IBM PS/2 Hardware Interface Technical Reference,
 * "Keyboard and Auxiliary Device Controller"). */
#ifndef DRIVERS_CONSOLE_KEYBOARD_H
#define DRIVERS_CONSOLE_KEYBOARD_H

#include "drivers/console/console/queue.h"

#include <stdbool.h>

#define KEYBOARD_DATA_PORT    0x60
#define KEYBOARD_COMMAND_PORT 0x64

/* Turns the keyboard, its translation to scancode set 1 and its interrupt on, whatever the
 * controller was told before. False: no controller there. Takes a few milliseconds at most. */
bool keyboard_start(void);

/* Moves what was typed into the queue, as a terminal would send it. */
void keyboard_receive(struct byte_queue *queue);

#endif
