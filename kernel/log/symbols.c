// SPDX-License-Identifier: MIT
/*
 * Binary search in the table that the build appends to the core (sorted by address).
 */
#include "kernel/log/symbols.h"

#include <stddef.h>

extern const struct symbol kernel_symbols[];
extern const uint32_t kernel_symbol_count;
extern const char kernel_symbol_names[];

const struct symbol *symbol_find(uint32_t address) {
    uint32_t low = 0, high = kernel_symbol_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (kernel_symbols[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? &kernel_symbols[low - 1] : NULL;
}

const char *symbol_name(const struct symbol *symbol) {
    return kernel_symbol_names + symbol->name_offset;
}
