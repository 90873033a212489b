// SPDX-License-Identifier: MIT
/*
 * Terminals as files, and as the device side sees them. The bytes are the line discipline's
 * (line.h); here is who waits for whom:
 *
 *   readers wait on input_event     for a line (canonical) or VMIN and VTIME (raw)
 *   writers wait on output_event    for room in the output ring, or for it to be empty (drain)
 *   the device side never waits     it is called back when there is output, and when input fits
 * again
 *
 * The lock is released while bytes move from and to an app, so every loop looks at the terminal
 * afresh.
 */
#include "domains/linux/tty/terminal.h"

#include "domains/lib/clock.h"
#include "domains/lib/heap.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/flags.h"
#include "domains/linux/process/process.h"
#include "domains/linux/signal/signal.h"
#include "domains/linux/tty/job.h"
#include "domains/linux/tty/terminal_state.h"
#include "kernel/abi/gate.h"

#define PIECE        256
#define TENTH_SECOND (NANOSECONDS / 10)

struct terminal *terminal_make(const struct terminal_device *device, uint32_t number) {
    struct terminal *terminal = heap_allocate(sizeof *terminal);
    if (!terminal)
        return NULL;
    terminal->references = 1;
    terminal->number = number;
    terminal->device = *device;
    line_start(&terminal->line);
    return terminal;
}

void terminal_hold(struct terminal *terminal) {
    terminal->references++;
}

void terminal_release(struct terminal *terminal) {
    if (--terminal->references == 0)
        heap_free(terminal);
}

uint32_t terminal_device_number(const struct terminal *terminal) {
    return terminal->number;
}

int32_t terminal_foreground(const struct terminal *terminal) {
    return terminal->foreground;
}

/* ---- The device side ------------------------------------------------------------------------- */

static int signal_of(enum line_event event) {
    switch (event) {
    case LINE_INTERRUPT:
        return SIGINT;
    case LINE_QUIT:
        return SIGQUIT;
    case LINE_SUSPEND:
        return SIGTSTP;
    default:
        return 0;
    }
}

uint32_t terminal_input(struct terminal *terminal, const char *bytes, uint32_t count) {
    uint32_t taken = 0;
    for (; taken < count; taken++) {
        enum line_event event = line_receive(&terminal->line, (uint8_t)bytes[taken]);
        if (event == LINE_FULL)
            break;
        int signal = signal_of(event);
        if (signal && terminal->foreground)
            signal_group(terminal->foreground, signal);
    }
    if (taken) {
        poll_wake(&terminal->input_event);
        terminal_output_changed(terminal);
    }
    return taken;
}

uint32_t terminal_output(const struct terminal *terminal, const char **bytes) {
    return line_output(&terminal->line, bytes);
}

void terminal_output_taken(struct terminal *terminal, uint32_t count) {
    line_output_taken(&terminal->line, count);
    if (line_writable(&terminal->line))
        poll_wake(&terminal->output_event);
}

void terminal_output_sending(struct terminal *terminal, bool sending) {
    terminal->sending = sending;
    if (!sending)
        poll_wake(&terminal->output_event);
}

void terminal_output_changed(struct terminal *terminal) {
    const char *bytes;
    if (terminal->device.output_ready && line_output(&terminal->line, &bytes))
        terminal->device.output_ready(terminal->device.context);
    if (terminal->output_event.sleepers)
        wait_wake(&terminal->output_event);
}

void terminal_input_changed(struct terminal *terminal) {
    if (terminal->device.input_room)
        terminal->device.input_room(terminal->device.context);
}

/* ---- Reading --------------------------------------------------------------------------------- */

static bool is_canonical(const struct terminal *terminal) {
    return terminal->line.termios.local_flags & ICANON;
}

/* Sleeps until a read has something to say: 0, -EAGAIN or -ERESTARTSYS. In raw mode VTIME counts
 * from the start if VMIN is 0, else from the last byte that came. */
static int wait_for_input(struct terminal *terminal, uint32_t wanted, bool may_sleep) {
    uint64_t deadline = DEADLINE_NEVER;
    uint32_t seen = 0;
    for (;;) {
        const struct termios *termios = &terminal->line.termios;
        bool canonical = is_canonical(terminal);
        uint32_t minimum = canonical ? 1 : termios->control[VMIN];
        uint64_t patience = canonical ? 0 : termios->control[VTIME] * TENTH_SECOND;
        uint32_t waiting = line_waiting(&terminal->line);
        if (terminal->hung_up ||
            line_readable(&terminal->line, minimum < wanted ? minimum : wanted) ||
            (minimum == 0 && patience == 0))
            return 0;
        if (!may_sleep)
            return waiting ? 0 : -EAGAIN;
        if (patience && (minimum == 0 ? deadline == DEADLINE_NEVER : waiting != seen))
            deadline = clock_nanoseconds() + patience;
        seen = waiting;
        enum wait_result result = wait_on(&terminal->input_event, deadline);
        if (result == WAIT_TIMED_OUT)
            return 0;
        if (result == WAIT_INTERRUPTED && signal_pending())
            return waiting ? 0 : -ERESTARTSYS;
    }
}

/* Moves what is there to the reader: a line, or all raw bytes that fit. */
static int take_input(struct terminal *terminal, struct transfer *to) {
    char piece[PIECE];
    int done = 0;
    bool end = false;
    while (to->total && !end && line_readable(&terminal->line, 1)) {
        uint32_t room = to->total < PIECE ? to->total : PIECE;
        uint32_t count = line_read(&terminal->line, piece, room, &end);
        terminal_input_changed(terminal);
        int moved = count ? transfer_put(to, piece, count) : 0;
        if (moved < 0)
            return done ? done : moved;
        done += moved;
    }
    return done;
}

static int read_terminal(struct file *file, struct transfer *to, uint64_t *offset) {
    (void)offset;
    struct terminal *terminal = file->private;
    if (to->total == 0)
        return 0;
    int error = job_check_read(terminal);
    if (!error)
        error = wait_for_input(terminal, to->total, !(file->flags & O_NONBLOCK));
    return error ? error : take_input(terminal, to);
}

/* ---- Writing --------------------------------------------------------------------------------- */

static int wait_for_output(struct terminal *terminal) {
    enum wait_result result = wait_on(&terminal->output_event, DEADLINE_NEVER);
    return result == WAIT_INTERRUPTED && signal_pending() ? -ERESTARTSYS : 0;
}

int terminal_drain(struct terminal *terminal) {
    const struct line *line = &terminal->line;
    while ((line->output_head != line->output_tail || terminal->sending) && !terminal->hung_up) {
        int error = wait_for_output(terminal);
        if (error)
            return error;
    }
    return 0;
}

/* Writes all of it unless a signal, a hangup or O_NONBLOCK ends it: bytes written or an errno. */
static int put_output(struct terminal *terminal, const char *bytes, uint32_t count,
                      bool may_sleep) {
    uint32_t done = 0;
    while (done < count) {
        if (terminal->hung_up)
            return -EIO;
        done += line_write(&terminal->line, bytes + done, count - done);
        terminal_output_changed(terminal);
        if (done == count || line_writable(&terminal->line))
            continue;
        int error = may_sleep ? wait_for_output(terminal) : -EAGAIN;
        if (error)
            return done ? (int)done : error;
    }
    return (int)done;
}

static int write_terminal(struct file *file, struct transfer *from, uint64_t *offset) {
    (void)offset;
    struct terminal *terminal = file->private;
    char piece[PIECE];
    int done = 0;
    int error = job_check_write(terminal);
    if (error)
        return error;
    while (from->total) {
        uint32_t wanted = from->total < PIECE ? from->total : PIECE;
        int taken = transfer_take(from, piece, wanted);
        if (taken <= 0)
            return done ? done : taken;
        int put = put_output(terminal, piece, (uint32_t)taken, !(file->flags & O_NONBLOCK));
        if (put < 0)
            return done ? done : put;
        done += put;
        if (put < taken)
            break;
    }
    return done;
}

/* ---- The open file --------------------------------------------------------------------------- */

static uint32_t poll_terminal(struct file *file) {
    struct terminal *terminal = file->private;
    const struct termios *termios = &terminal->line.termios;
    if (terminal->hung_up)
        return POLLIN | POLLOUT | POLLERR | POLLHUP;
    uint32_t minimum = termios->control[VTIME] ? 1 : termios->control[VMIN];
    return (line_readable(&terminal->line, minimum) ? POLLIN : 0u) |
           (line_writable(&terminal->line) ? POLLOUT : 0u);
}

static int ioctl_terminal(struct file *file, uint32_t request, uint32_t argument) {
    return terminal_ioctl(file->private, request, argument);
}

static void release_terminal(struct file *file) {
    struct terminal *terminal = file->private;
    if (--terminal->open_files == 0 && terminal->device.opened)
        terminal->device.opened(terminal->device.context, false);
    terminal_release(terminal);
}

static const struct file_operations terminal_operations = {
    .read = read_terminal,
    .write = write_terminal,
    .poll = poll_terminal,
    .ioctl = ioctl_terminal,
    .release = release_terminal,
};

static void attach(struct terminal *terminal, struct file *file) {
    terminal_hold(terminal);
    file->operations = &terminal_operations;
    file->private = terminal;
    if (terminal->open_files++ == 0 && terminal->device.opened)
        terminal->device.opened(terminal->device.context, true);
}

int terminal_attach(struct terminal *terminal, struct file *file) {
    if (terminal->hung_up)
        return -EIO;
    attach(terminal, file);
    struct process *process = current_process();
    /* Refused for everybody who is not a leader without a terminal: then nothing changes. */
    if (process && !(file->flags & O_NOCTTY))
        (void)terminal_give(terminal, process);
    return 0;
}

struct terminal *terminal_of_file(const struct file *file) {
    return file->operations == &terminal_operations ? file->private : NULL;
}
