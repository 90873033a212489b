// SPDX-License-Identifier: MIT
/* The PS/2 keyboard behind the 8042 controller, which the core has configured
 * (kernel/dev/keyboard_controller.h) and whose command port it keeps. */
#ifndef DRIVERS_CONSOLE_KEYBOARD_H
#define DRIVERS_CONSOLE_KEYBOARD_H

#include "drivers/console/console/queue.h"

#include <stdbool.h>

#define KEYBOARD_DATA_PORT 0x60

/* Takes back a byte that the copy before has left, and turns the keyboard on. False: none there. */
bool keyboard_start(void);

/* At an interrupt: moves the one byte that it stands for into the queue, as a terminal would send it. */
void keyboard_receive(struct byte_queue *queue);

#endif
