// SPDX-License-Identifier: MIT
/*
 * The class of block drivers. A driver fills one struct of functions and calls block_run(); it
 * answers every transfer() and flush() with one loop_complete(), then or later.
 */
#ifndef DRIVERS_LIB_BLOCK_H
#define DRIVERS_LIB_BLOCK_H

#include "drivers/lib/loop.h"

struct block_functions {
    void (*start)(void);
    void (*interrupt)(uint32_t lines);
    void (*timer)(void);
    void (*transfer)(const struct driver_request *request); /* IO_READ or IO_WRITE */
    void (*flush)(uint32_t id);
};

_Noreturn void block_run(const struct block_functions *functions);

#endif
