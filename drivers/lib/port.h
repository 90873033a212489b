// SPDX-License-Identifier: MIT
/* Port IO. A port that the manifest does not name raises #GP, which ends the driver. */
#ifndef DRIVERS_LIB_PORT_H
#define DRIVERS_LIB_PORT_H

#include <stdint.h>

static inline uint8_t port_read8(uint16_t port) {
    uint8_t value;
    __asm__ volatile("inb %w1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline uint16_t port_read16(uint16_t port) {
    uint16_t value;
    __asm__ volatile("inw %w1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline uint32_t port_read32(uint16_t port) {
    uint32_t value;
    __asm__ volatile("inl %w1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline void port_write8(uint16_t port, uint8_t value) {
    __asm__ volatile("outb %0, %w1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void port_write16(uint16_t port, uint16_t value) {
    __asm__ volatile("outw %0, %w1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void port_write32(uint16_t port, uint32_t value) {
    __asm__ volatile("outl %0, %w1" : : "a"(value), "Nd"(port) : "memory");
}

/* Moves `words` 16-bit words from or to one port. */
static inline void port_read_words(uint16_t port, void *words, uint32_t count) {
    __asm__ volatile("rep insw" : "+D"(words), "+c"(count) : "d"(port) : "memory");
}

static inline void port_write_words(uint16_t port, const void *words, uint32_t count) {
    __asm__ volatile("rep outsw" : "+S"(words), "+c"(count) : "d"(port) : "memory");
}

#endif
