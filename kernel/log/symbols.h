// SPDX-License-Identifier: MIT
/*
 * The core's own symbols, for backtraces. The build makes the table from a first link.
 */
#ifndef KERNEL_LOG_SYMBOLS_H
#define KERNEL_LOG_SYMBOLS_H

#include <stdint.h>

struct symbol {
    uint32_t address;
    uint32_t name_offset;
};

const struct symbol *symbol_find(uint32_t address); /* the last one at or below; NULL if none */
const char *symbol_name(const struct symbol *symbol);

#endif
