// SPDX-License-Identifier: MIT
/*
 * Reading multiboot 1 and 2 information into struct boot_information. Pure: `memory` translates a physical
 * address, so that the host tests can hand in a made-up machine.
 */
#ifndef KERNEL_MULTIBOOT_H
#define KERNEL_MULTIBOOT_H

#include "kernel/boot_information.h"

#include <stdbool.h>

#define MULTIBOOT1_LOADED 0x2BADB002u
#define MULTIBOOT2_LOADED 0x36D76289u

typedef const void *physical_memory(uint32_t address);

/* False if the magic is neither's, or nothing usable is said about memory. */
bool multiboot_read(uint32_t magic, uint32_t address, physical_memory *memory,
                    struct boot_information *boot);

#endif
