// SPDX-License-Identifier: MIT
/*
 * The inside of a terminal, shared by the files of this folder.
 *
 *   session == 0   nobody's controlling terminal; then foreground == 0 too
 *   hung_up        for good: reads answer end of file, writes -EIO
 */
#ifndef DOMAINS_LINUX_TTY_TERMINAL_STATE_H
#define DOMAINS_LINUX_TTY_TERMINAL_STATE_H

#include "domains/linux/tty/line.h"
#include "domains/linux/tty/terminal.h"

struct terminal {
    uint32_t references;
    uint32_t number;
    struct terminal_device device;
    struct window_size window;
    int32_t session, foreground;
    uint32_t open_files;
    bool hung_up;
    bool sending; /* the device has taken bytes that are not out yet */
    struct wait_queue input_event, output_event;
    struct line line;
};

/* Tells the device side about output, and the sleepers about room. */
void terminal_output_changed(struct terminal *terminal);
/* Readers took bytes or flushed: the device side may go on. */
void terminal_input_changed(struct terminal *terminal);
/* Sleeps until the device has put out all output. 0 or -ERESTARTSYS. */
int terminal_drain(struct terminal *terminal);

int terminal_ioctl(struct terminal *terminal, uint32_t request, uint32_t argument);

#endif
