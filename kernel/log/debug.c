// SPDX-License-Identifier: MIT
/*
 * The debug port, 0xE9: QEMU's -debugcon, Bochs' port_e9_hack. Frames, so that a reader finds its way in
 * whatever else an emulator prints:
 *
 *   F5  type  length (16 bits, little endian)  payload  sum of type, length and payload, modulo 256
 */
#include "kernel/cpu/registers.h"
#include "kernel/log/log.h"

#define DEBUG_PORT   0xE9
#define FRAME_START  0xF5
#define PAYLOAD_MOST 4096u

static void out_bytes(uint16_t port, const uint8_t *bytes, uint32_t count) {
    __asm__ volatile("rep outsb" : "+S"(bytes), "+c"(count) : "d"(port) : "memory");
}

void debug_frame(char type, const void *payload, uint32_t bytes) {
    const uint8_t *text = payload;
    uint32_t length = bytes < PAYLOAD_MOST ? bytes : PAYLOAD_MOST;
    uint8_t sum = (uint8_t)((uint8_t)type + (length & 0xFF) + (length >> 8));

    out8(DEBUG_PORT, FRAME_START);
    out8(DEBUG_PORT, (uint8_t)type);
    out8(DEBUG_PORT, (uint8_t)length);
    out8(DEBUG_PORT, (uint8_t)(length >> 8));
#pragma GCC unroll 8 /* with interrupts off, 4 KiB must not take long */
    for (uint32_t i = 0; i < length; i++)
        sum = (uint8_t)(sum + text[i]);
    out_bytes(DEBUG_PORT, text, length);
    out8(DEBUG_PORT, sum);
}

void debug_test_result(bool passed, const char *name, const char *detail) {
    char line[160];

    debug_frame('T', line,
                format_text(line, sizeof line, "%s|%s|%s", passed ? "PASS" : "FAIL", name, detail));
}
