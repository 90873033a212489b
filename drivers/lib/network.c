// SPDX-License-Identifier: MIT
#include "drivers/lib/network.h"

static const struct network_functions *network;

static void dispatch(const struct driver_request *request) {
    if (request->operation == IO_READ)
        network->receive(request);
    else if (request->operation == IO_WRITE)
        network->send(request);
    else
        loop_complete(request->id, STATUS_UNSUPPORTED, 0);
}

_Noreturn void network_run(const struct network_functions *functions) {
    network = functions;
    const struct loop_functions device = {functions->start, functions->interrupt, functions->timer,
                                          dispatch};
    loop_run(&device);
}

void network_received(uint32_t id, uint32_t bytes) {
    if (bytes < NETWORK_FRAME_LEAST || bytes > NETWORK_FRAME_MOST)
        loop_complete(id, STATUS_IO_ERROR, 0);
    else
        loop_complete(id, STATUS_OK, bytes);
}
