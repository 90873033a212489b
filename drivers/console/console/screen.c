// SPDX-License-Identifier: MIT
/* See screen.h. Only rows that changed are copied: each access to video memory is slow. */
#include "drivers/console/console/screen.h"

#include "drivers/console/console/terminal.h"
#include "drivers/lib/information.h"
#include "drivers/lib/port.h"

#define ROWS    TERMINAL_ROWS
#define COLUMNS TERMINAL_COLUMNS

#define CRTC_CURSOR_START 0x0A
#define CRTC_CURSOR_HIGH  0x0E
#define CRTC_CURSOR_LOW   0x0F
#define CURSOR_OFF        0x20
#define CURSOR_FIRST_LINE 14

static struct terminal terminal;

static volatile uint16_t *video_row(uint32_t row) {
    uint32_t memory = driver_information()->mmio_address[0];
    return (volatile uint16_t *)memory + row * COLUMNS;
}

static uint8_t crtc_read(uint8_t index) {
    port_write8(SCREEN_CRTC_PORT, index);
    return port_read8(SCREEN_CRTC_PORT + 1);
}

static void crtc_write(uint8_t index, uint8_t value) {
    port_write8(SCREEN_CRTC_PORT, index);
    port_write8(SCREEN_CRTC_PORT + 1, value);
}

void screen_start(void) {
    terminal_initialise(&terminal);
    for (uint32_t row = 0; row < ROWS; row++)
        for (uint32_t column = 0; column < COLUMNS; column++)
            terminal_row(&terminal, row)[column] = video_row(row)[column];

    uint32_t place =
        (uint32_t)crtc_read(CRTC_CURSOR_HIGH) << 8 | (uint32_t)crtc_read(CRTC_CURSOR_LOW);
    uint32_t last = ROWS * COLUMNS - 1;
    terminal.cursor.row = (uint8_t)((place < last ? place : last) / COLUMNS);
    terminal.cursor.column = 0;
    terminal.dirty = 0;
}

void screen_write(const uint8_t *bytes, uint32_t count) {
    terminal_write(&terminal, bytes, count);
}

void screen_show(void) {
    for (uint32_t row = 0; row < ROWS; row++) {
        if (!(terminal.dirty & 1u << row))
            continue;
        volatile uint16_t *video = video_row(row);
        const uint16_t *cells = terminal_row(&terminal, row);
        for (uint32_t column = 0; column < COLUMNS; column++)
            video[column] = cells[column];
    }
    terminal.dirty = 0;

    uint32_t place = (uint32_t)terminal.cursor.row * COLUMNS + terminal.cursor.column;
    crtc_write(CRTC_CURSOR_HIGH, (uint8_t)(place >> 8));
    crtc_write(CRTC_CURSOR_LOW, (uint8_t)place);
    crtc_write(CRTC_CURSOR_START, CURSOR_FIRST_LINE | (terminal.cursor_shown ? 0 : CURSOR_OFF));
}
