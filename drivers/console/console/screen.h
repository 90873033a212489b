// SPDX-License-Identifier: MIT
/*
 * The VGA text mode of 80x25: shows a terminal in the memory at 0xB8000 and moves the CRT
 * controller's cursor (IBM VGA: CRTC registers 0Ah, 0Eh, 0Fh). Where there is no VGA, or it shows
 * graphics, the writes are harmless.
 */
#ifndef DRIVERS_CONSOLE_SCREEN_H
#define DRIVERS_CONSOLE_SCREEN_H

#include <stdint.h>

#define SCREEN_MEMORY       0xB8000
#define SCREEN_MEMORY_BYTES 0x1000
#define SCREEN_CRTC_PORT    0x3D4
#define SCREEN_CRTC_PORTS   2

/* Takes the screen over as it is, text and cursor: a fresh copy of the driver goes on below what
 * its predecessor showed. */
void screen_start(void);

void screen_write(const uint8_t *bytes, uint32_t count);

/* Brings what was written since the last time into sight. */
void screen_show(void);

#endif
