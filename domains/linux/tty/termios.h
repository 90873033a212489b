// SPDX-License-Identifier: MIT
/*
 * Terminal settings as Linux i386 programs pass them: struct termios2 of the kernel's interface. A
 * struct termios (TCGETS) is its first TERMIOS_BYTES bytes.
 */
#ifndef DOMAINS_LINUX_TTY_TERMIOS_H
#define DOMAINS_LINUX_TTY_TERMIOS_H

#include <stdint.h>

enum control_character {
    VINTR,
    VQUIT,
    VERASE,
    VKILL,
    VEOF,
    VTIME,
    VMIN,
    VSWTC,
    VSTART,
    VSTOP,
    VSUSP,
    VEOL,
    VREPRINT,
    VDISCARD,
    VWERASE,
    VLNEXT,
    VEOL2,
    CONTROL_CHARACTERS = 19
};

struct termios {
    uint32_t input_flags;
    uint32_t output_flags;
    uint32_t control_flags;
    uint32_t local_flags;
    uint8_t discipline;
    uint8_t control[CONTROL_CHARACTERS]; /* by enum control_character; 0 turns one off */
    uint32_t input_speed, output_speed;  /* bits per second: stored, and without effect */
};

#define TERMIOS_BYTES 36
_Static_assert(sizeof(struct termios) == TERMIOS_BYTES + 8, "Linux's struct termios2");

struct window_size {
    uint16_t rows, columns, width_pixels, height_pixels;
};

enum input_flag {
    ISTRIP = 0x20,
    INLCR = 0x40,
    IGNCR = 0x80,
    ICRNL = 0x100,
    IUCLC = 0x200,
    IXON = 0x400,
    IXANY = 0x800,
    IMAXBEL = 0x2000,
    IUTF8 = 0x4000
};

enum output_flag {
    OPOST = 0x1,
    OLCUC = 0x2,
    ONLCR = 0x4,
    OCRNL = 0x8,
    ONOCR = 0x10,
    ONLRET = 0x20,
    XTABS = 0x1800
};

enum control_flag { B38400 = 0xF, CS8 = 0x30, CREAD = 0x80, HUPCL = 0x400 };

enum local_flag {
    ISIG = 0x1,
    ICANON = 0x2,
    ECHO = 0x8,
    ECHOE = 0x10,
    ECHOK = 0x20,
    ECHONL = 0x40,
    NOFLSH = 0x80,
    TOSTOP = 0x100,
    ECHOCTL = 0x200,
    ECHOKE = 0x800,
    IEXTEN = 0x8000
};

#endif
