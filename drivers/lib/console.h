// SPDX-License-Identifier: MIT
/*
 * The class of console drivers: bytes out, bytes in. The data lies in bounce_buffer(id), which is
 * the driver's until it calls loop_complete(); it answers every write() and read() with one.
 */
#ifndef DRIVERS_LIB_CONSOLE_H
#define DRIVERS_LIB_CONSOLE_H

#include "drivers/lib/loop.h"

struct console_functions {
    void (*start)(void);
    void (*interrupt)(uint32_t lines);
    void (*timer)(void);
    void (*write)(uint32_t id, uint32_t bytes);
    void (*read)(uint32_t id, uint32_t capacity); /* ends with at least one byte */
};

_Noreturn void console_run(const struct console_functions *functions);

#endif
