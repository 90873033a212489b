// SPDX-License-Identifier: MIT
/*
 * What `rf run` says of the terminal that it stands on, from which the console's size and TERM
 * follow. Pure.
 */
#ifndef USERLAND_INIT_TERMINAL_H
#define USERLAND_INIT_TERMINAL_H

#include <stdint.h>

struct terminal_settings {
    uint16_t rows, columns; /* 0: unknown */
    const char *type;       /* for TERM; "linux" if it is none that programs here know */
};

/* What is missing or out of range counts as unknown; `json` may be NULL. */
struct terminal_settings terminal_parse(const char *json);

#endif
