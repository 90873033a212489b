// SPDX-License-Identifier: MIT
// sources: drivers/console/console/terminal.c drivers/console/console/terminal_edit.c
// sources: drivers/console/console/terminal_sequence.c
/*
 * What tenants print, as the console's driver understands it: text with control sequences.
 */
#include "drivers/console/console/terminal.h"
#include "tests/fuzz/fuzz.h"

static void check(const struct terminal *terminal) {
    uint64_t rows = 0;

    PROMISE(terminal->cursor.row < TERMINAL_ROWS && terminal->cursor.column < TERMINAL_COLUMNS);
    PROMISE(terminal->top < terminal->bottom && terminal->bottom < TERMINAL_ROWS);
    PROMISE(terminal->parameter_count <= TERMINAL_PARAMETERS);
    for (uint32_t row = 0; row < TERMINAL_ROWS; row++)
        rows |= 1ull << terminal->line[row] | 1ull << terminal->hidden_line[row];
    PROMISE(rows == (1ull << 2 * TERMINAL_ROWS) - 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct terminal terminal;

    terminal_initialise(&terminal);
    for (size_t at = 0; at < size; at += 16) {
        terminal_write(&terminal, data + at, (uint32_t)(size - at < 16 ? size - at : 16));
        check(&terminal);
    }
    return 0;
}
