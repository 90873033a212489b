// SPDX-License-Identifier: MIT
/*
 * The order in which devices come up: those that need nothing, then what stands on the event
 * service.
 */
#include "domains/linux/block/block.h"
#include "domains/linux/channel/service.h"
#include "domains/linux/control/control.h"
#include "domains/linux/device/device.h"
#include "domains/linux/device/event.h"
#include "domains/linux/link/device.h"
#include "domains/linux/network/stack.h"
#include "domains/linux/tty/console.h"
#include "domains/linux/tty/pty.h"

int devices_start(void) {
    static int (*const starts[])(void) = {
        memory_devices_start, log_device_start, boot_files_start,
        console_start,        pty_start,        block_start,
        control_start,        network_start,    channel_service_start,
        vsock_device_start,   vsock_start,      event_service_start,
    };
    int error = 0;
    for (unsigned i = 0; i < sizeof starts / sizeof starts[0] && !error; i++)
        error = starts[i]();
    return error;
}
