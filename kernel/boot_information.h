// SPDX-License-Identifier: MIT
/*
 * What the boot loader said, in one form for multiboot 1 and 2. Filled by kernel/boot.c, before anything
 * else runs; plain data, so that the parsers behind it are tested on the host.
 */
#ifndef KERNEL_BOOT_INFORMATION_H
#define KERNEL_BOOT_INFORMATION_H

#include <stdint.h>

#define BOOT_RANGES  64
#define BOOT_MODULES 4
#define BOOT_COMMAND 256

struct boot_range {
    uint64_t start, bytes;
    uint32_t usable; /* 1: RAM */
};

struct boot_module {
    uint32_t start, bytes; /* physical */
};

struct boot_information {
    struct boot_range ranges[BOOT_RANGES];
    uint32_t range_count;
    struct boot_module modules[BOOT_MODULES];
    uint32_t module_count;
    char command_line[BOOT_COMMAND];
    uint32_t framebuffer_address, framebuffer_pitch, framebuffer_width,
        framebuffer_height; /* 0: none */
    uint8_t rsdp[36]; /* ACPI root pointer, from multiboot 2; all zero: search the BIOS area */
};

extern struct boot_information boot_information;

#endif
