// SPDX-License-Identifier: MIT
/*
 * Ports: IOPL is 0, and while a tenant runs there is no bitmap either, so that every port of every width is
 * closed. The driver that ran last left its own in it: the console's.
 */
#include "domains/hostile/attack.h"

#define LINE_STATUS   0x3FD /* of the UART; reading it and writing it changes nothing */
#define SCRATCH       0x3FF
#define MODEM_CONTROL 0x3FC

static uint32_t word;

static void read_port(void) {
    uint8_t value;
    __asm__ volatile("inb %w1, %0" : "=a"(value) : "d"(LINE_STATUS));
    escaped("port %x reads %x", LINE_STATUS, value);
}

static void write_port(void) {
    __asm__ volatile("outb %0, %w1" : : "a"((uint8_t)0), "d"(SCRATCH));
}

static void read_wide_port(void) {
    uint32_t value;
    __asm__ volatile("inl %w1, %0" : "=a"(value) : "d"(MODEM_CONTROL));
    escaped("ports from %x on read %x", MODEM_CONTROL, value);
}

/* String IO checks memory and port. */
static void read_port_string(void) {
    __asm__ volatile("cld\n\t"
                     "insb"
                     :
                     : "d"(LINE_STATUS), "D"(&word)
                     : "memory", "cc");
    escaped("port %x reads %x", LINE_STATUS, word);
}

static void write_port_string(void) {
    __asm__ volatile("cld\n\t"
                     "outsb"
                     :
                     : "d"(SCRATCH), "S"(&word)
                     : "memory", "cc");
}

const struct attack port_attacks[] = {
    {"read-port", read_port},
    {"write-port", write_port},
    {"read-wide-port", read_wide_port},
    {"read-port-string", read_port_string},
    {"write-port-string", write_port_string},
    {0, 0},
};
