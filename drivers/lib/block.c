// SPDX-License-Identifier: MIT
#include "drivers/lib/block.h"

static const struct block_functions *block;

static void dispatch(const struct driver_request *request) {
    switch (request->operation) {
    case IO_READ:
    case IO_WRITE:
        block->transfer(request);
        break;
    case IO_FLUSH:
        block->flush(request->id);
        break;
    default:
        loop_complete(request->id, STATUS_UNSUPPORTED, 0);
    }
}

_Noreturn void block_run(const struct block_functions *functions) {
    block = functions;
    const struct loop_functions device = {functions->start, functions->interrupt, functions->timer,
                                          dispatch};
    loop_run(&device);
}
