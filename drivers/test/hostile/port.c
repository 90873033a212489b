// SPDX-License-Identifier: MIT
/*
 * Ports and flags. The driver's own ports are OWN_PORTS to OWN_PORTS + 3, right behind two of the console's, which
 * was awake just before. A wide access needs a clear bit for each of its ports.
 */
#include "drivers/test/hostile/port.h"
#include "drivers/lib/log.h"
#include "drivers/test/hostile/attack.h"

#define LINE_STATUS    0x3FD /* of the UART, which the console driver has */
#define SCRATCH        0x3FF
#define INTERRUPT_MASK 0x21 /* of the 8259, which the core has */

static uint32_t word;

static uint8_t read8(uint16_t port) {
    uint8_t value;
    __asm__ volatile("inb %w1, %0" : "=a"(value) : "d"(port));
    return value;
}

static uint32_t read32(uint16_t port) {
    uint32_t value;
    __asm__ volatile("inl %w1, %0" : "=a"(value) : "d"(port));
    return value;
}

/* Each driver has its own ports only while it runs. */
void read_foreign_port(void) {
    driver_log("escaped: port %x reads %x", LINE_STATUS, read8(LINE_STATUS));
}

void write_foreign_port(void) {
    __asm__ volatile("outb %0, %w1" : : "a"((uint8_t)0), "d"(SCRATCH));
    driver_log("escaped: port %x was written", SCRATCH);
}

/* Reads only: who can read the port can write it. */
void write_core_port(void) {
    driver_log("escaped: port %x reads %x", INTERRUPT_MASK, read8(INTERRUPT_MASK));
}

/* Two of the console's, two of its own. */
void straddle_ports_below(void) {
    read32(OWN_PORTS);
    driver_log("escaped: ports from %x on read %x", OWN_PORTS - 2, read32(OWN_PORTS - 2));
}

/* Two of its own, two of nobody's. */
void straddle_ports_above(void) {
    driver_log("escaped: ports from %x on read %x", OWN_PORTS + 2, read32(OWN_PORTS + 2));
}

/* The bits of the last port but two lie in the bitmap, the last two's in the byte behind it. */
void read_last_port(void) {
    driver_log("escaped: ports from fffe on read %x", read32(0xFFFE));
}

void read_foreign_port_string(void) {
    __asm__ volatile("cld\n\t"
                     "insb"
                     :
                     : "d"(LINE_STATUS), "D"(&word)
                     : "memory", "cc");
    driver_log("escaped: port %x reads %x", LINE_STATUS, word);
}

void write_foreign_port_string(void) {
    __asm__ volatile("cld\n\t"
                     "outsb"
                     :
                     : "d"(SCRATCH), "S"(&word)
                     : "memory", "cc");
    driver_log("escaped: port %x was written", SCRATCH);
}

/* ---- Flags that ports hang on ---- */

static uint32_t read_flags(void) {
    uint32_t flags;
    __asm__ volatile("pushfl\n\t"
                     "popl %0"
                     : "=r"(flags));
    return flags;
}

static void change_by_popf(uint32_t clear, uint32_t set) {
    __asm__ volatile("pushl %0\n\t"
                     "popfl"
                     :
                     : "r"((read_flags() & ~clear) | set)
                     : "memory", "cc");
}

static void change_by_iret(uint32_t clear, uint32_t set) {
    __asm__ volatile("pushl %0\n\t"
                     "pushl %%cs\n\t"
                     "pushl $1f\n\t"
                     "iretl\n"
                     "1:"
                     :
                     : "r"((read_flags() & ~clear) | set)
                     : "memory", "cc");
}

void disable_interrupts(void) {
    __asm__ volatile("cli\n\t"
                     "sti");
    driver_log("escaped: interrupts were off");
}

static void report_flags(void) {
    uint32_t flags = read_flags();
    if (!(flags & FLAG_INTERRUPT) || flags & FLAG_IO_LEVEL)
        driver_log("escaped: flags %x", flags);
    else
        driver_log("refused: IF and IOPL are as they were");
}

void interrupts_off_by_popf(void) {
    change_by_popf(FLAG_INTERRUPT, 0);
    report_flags();
}

void interrupts_off_by_iret(void) {
    change_by_iret(FLAG_INTERRUPT, 0);
    report_flags();
}

void raise_io_level_by_popf(void) {
    change_by_popf(0, FLAG_IO_LEVEL);
    report_flags();
}

void raise_io_level_by_iret(void) {
    change_by_iret(0, FLAG_IO_LEVEL);
    report_flags();
}
