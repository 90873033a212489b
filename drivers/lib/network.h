// SPDX-License-Identifier: MIT
/*
 * The class of network cards. A driver fills one struct of functions and calls network_run(); it answers every receive()
 * and send() with one loop_complete(): receive() when a frame has come into the request's one segment, with the frame's
 * length; send() when the card has taken the frame. Frames have no checksum at the end.
 *
 * The card lets in what is for any address: who is behind which one is known to the switch in the core.
 */
#ifndef DRIVERS_LIB_NETWORK_H
#define DRIVERS_LIB_NETWORK_H

#include "drivers/lib/loop.h"
#include "kernel/abi/network.h"

struct network_functions {
    void (*start)(void);
    void (*interrupt)(uint32_t lines);
    void (*timer)(void);
    void (*receive)(const struct driver_request *request);
    void (*send)(const struct driver_request *request);
};

_Noreturn void network_run(const struct network_functions *functions);

/* A frame of so many bytes has come for the request `id`. One of no possible length is given up. */
void network_received(uint32_t id, uint32_t bytes);

#endif
