// SPDX-License-Identifier: MIT
#include "drivers/lib/console.h"

static const struct console_functions *console;

static void dispatch(const struct driver_request *request) {
    switch (request->operation) {
    case IO_READ:
        console->read(request->id, request->bytes);
        break;
    case IO_WRITE:
        console->write(request->id, request->bytes);
        break;
    default:
        loop_complete(request->id, STATUS_UNSUPPORTED, 0);
    }
}

_Noreturn void console_run(const struct console_functions *functions) {
    console = functions;
    const struct loop_functions device = {functions->start, functions->interrupt, functions->timer,
                                          dispatch};
    loop_run(&device);
}
