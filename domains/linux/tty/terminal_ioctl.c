// SPDX-License-Identifier: MIT
/*
 * The ioctls of a terminal: settings, window, foreground group, queues. Whatever changes it first
 * asks job control, since a background process may not.
 */
#include "domains/linux/errno.h"
#include "domains/linux/process/process.h"
#include "domains/linux/signal/signal.h"
#include "domains/linux/tty/job.h"
#include "domains/linux/tty/requests.h"
#include "domains/linux/tty/terminal_state.h"

static int answer_number(uint32_t argument, uint32_t number) {
    return copy_out(argument, &number, sizeof number);
}

/* ---- Settings -------------------------------------------------------------------------------- */

struct settings_change {
    uint32_t bytes; /* of struct termios: all of it in the TC*2 calls */
    bool drain, flush;
};

static int set_settings(struct terminal *terminal, uint32_t argument, struct settings_change how) {
    int error = job_check_change(terminal);
    if (!error && how.drain)
        error = terminal_drain(terminal);
    if (error)
        return error;
    struct termios termios = terminal->line.termios;
    error = copy_in(&termios, argument, how.bytes);
    if (error)
        return error;
    if (how.flush)
        line_flush_input(&terminal->line);
    line_set(&terminal->line, &termios);
    terminal_input_changed(terminal);
    terminal_output_changed(terminal);
    poll_wake(&terminal->input_event);
    return 0;
}

static int settings(struct terminal *terminal, uint32_t request, uint32_t argument) {
    struct termios now = terminal->line.termios;
    switch (request) {
    case TCGETS:
        return copy_out(argument, &now, TERMIOS_BYTES);
    case TCGETS2:
        return copy_out(argument, &now, sizeof now);
    case TCSETS:
        return set_settings(terminal, argument, (struct settings_change){TERMIOS_BYTES, 0, 0});
    case TCSETSW:
        return set_settings(terminal, argument, (struct settings_change){TERMIOS_BYTES, 1, 0});
    case TCSETSF:
        return set_settings(terminal, argument, (struct settings_change){TERMIOS_BYTES, 1, 1});
    case TCSETS2:
        return set_settings(terminal, argument, (struct settings_change){sizeof now, 0, 0});
    case TCSETSW2:
        return set_settings(terminal, argument, (struct settings_change){sizeof now, 1, 0});
    case TCSETSF2:
        return set_settings(terminal, argument, (struct settings_change){sizeof now, 1, 1});
    default:
        return -ENOTTY;
    }
}

/* ---- Window ---------------------------------------------------------------------------------- */

static int get_window(struct terminal *terminal, uint32_t argument) {
    struct window_size window = terminal->window;
    return copy_out(argument, &window, sizeof window);
}

static int set_window(struct terminal *terminal, uint32_t argument) {
    struct window_size window;
    int error = copy_in(&window, argument, sizeof window);
    if (error)
        return error;
    terminal_resize(terminal, window.rows, window.columns);
    terminal->window = window;
    return 0;
}

/* ---- Sessions and groups --------------------------------------------------------------------- */

static int give_up(struct terminal *terminal) {
    struct process *process = current_process();
    if (process->terminal != terminal)
        return -ENOTTY;
    if (process->session == process->pid) {
        terminal_disown(terminal, process->session);
    } else {
        process->terminal = NULL;
        terminal_release(terminal);
    }
    return 0;
}

static int set_foreground(struct terminal *terminal, uint32_t argument) {
    int32_t group;
    int error = copy_in(&group, argument, sizeof group);
    return error ? error : job_set_foreground(terminal, group);
}

static int session_request(struct terminal *terminal, uint32_t request, uint32_t argument) {
    bool mine = current_process()->terminal == terminal;
    switch (request) {
    case TIOCSCTTY:
        return terminal_give(terminal, current_process());
    case TIOCNOTTY:
        return give_up(terminal);
    case TIOCGPGRP:
        return mine ? answer_number(argument, (uint32_t)terminal->foreground) : -ENOTTY;
    case TIOCGSID:
        return mine ? answer_number(argument, (uint32_t)terminal->session) : -ENOTTY;
    case TIOCSPGRP:
        return set_foreground(terminal, argument);
    default:
        return -ENOTTY;
    }
}

/* ---- Queues ---------------------------------------------------------------------------------- */

static int flush(struct terminal *terminal, uint32_t queue) {
    int error = job_check_change(terminal);
    if (error)
        return error;
    if (queue > TCIOFLUSH)
        return -EINVAL;
    if (queue != TCOFLUSH) {
        line_flush_input(&terminal->line);
        terminal_input_changed(terminal);
    }
    if (queue != TCIFLUSH) {
        line_flush_output(&terminal->line);
        poll_wake(&terminal->output_event);
    }
    return 0;
}

static int flow(struct terminal *terminal, uint32_t action) {
    int error = job_check_change(terminal);
    if (error)
        return error;
    if (action > TCION)
        return -EINVAL;
    if (action == TCOOFF || action == TCOON) {
        terminal->line.stopped = action == TCOOFF;
        terminal_output_changed(terminal);
    }
    return 0;
}

static int queue_request(struct terminal *terminal, uint32_t request, uint32_t argument) {
    switch (request) {
    case FIONREAD:
        return answer_number(argument, line_waiting(&terminal->line));
    case TIOCOUTQ:
        return answer_number(argument, terminal->line.output_tail - terminal->line.output_head);
    case TCFLSH:
        return flush(terminal, argument);
    case TCXONC:
        return flow(terminal, argument);
    case TCSBRK: /* no line to send a break on: both mean "wait for the output" */
    case TCSBRKP: {
        int error = job_check_change(terminal);
        return error ? error : terminal_drain(terminal);
    }
    default:
        return -ENOTTY;
    }
}

int terminal_ioctl(struct terminal *terminal, uint32_t request, uint32_t argument) {
    if (terminal->hung_up)
        return -EIO;
    switch (request) {
    case TIOCGWINSZ:
        return get_window(terminal, argument);
    case TIOCSWINSZ:
        return set_window(terminal, argument);
    case TIOCGETD:
        return answer_number(argument, 0);
    case TIOCSTI: /* typing in another's name is how sandboxes are left */
        return -EPERM;
    case TIOCEXCL:
    case TIOCNXCL:
        return -EINVAL;
    case TIOCSCTTY:
    case TIOCNOTTY:
    case TIOCGPGRP:
    case TIOCGSID:
    case TIOCSPGRP:
        return session_request(terminal, request, argument);
    case FIONREAD:
    case TIOCOUTQ:
    case TCFLSH:
    case TCXONC:
    case TCSBRK:
    case TCSBRKP:
        return queue_request(terminal, request, argument);
    default:
        return settings(terminal, request, argument);
    }
}
