// SPDX-License-Identifier: MIT
/*
 * The 8042 keyboard controller (IBM PS/2 Hardware Interface Technical Reference, "Keyboard and
 * Auxiliary Device Controller"). Its command port can also reset the machine and hold address line
 * 20 down, so the core keeps that port; the console's driver gets the data port and line 1.
 */
#ifndef KERNEL_DEV_KEYBOARD_CONTROLLER_H
#define KERNEL_DEV_KEYBOARD_CONTROLLER_H

/* Once, while the core starts: keyboard, translation to scancode set 1 and interrupt on, mouse off.
 * Takes a few milliseconds at most; a machine without the controller is none the worse. */
void keyboard_controller_initialise(void);

#endif
