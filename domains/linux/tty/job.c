// SPDX-License-Identifier: MIT
/*
 * Job control. A terminal belongs to a session; of that session's process groups one is in the
 * foreground, and the others are stopped when they touch the terminal:
 *
 *             read     change     write with TOSTOP
 *   group     SIGTTIN  SIGTTOU    SIGTTOU
 *   ignored   -EIO     allowed    allowed
 *   orphaned  -EIO     -EIO       -EIO
 *
 * A group is orphaned when no process in it has a parent in the same session but in another group:
 * then nobody is left who would continue it.
 */
#include "domains/linux/tty/job.h"

#include "domains/linux/errno.h"
#include "domains/linux/process/tree.h"
#include "domains/linux/signal/signal.h"
#include "domains/linux/tty/terminal_state.h"

static bool is_background(const struct terminal *terminal, const struct process *process) {
    return process && process->terminal == terminal && terminal->foreground != 0 &&
           process->process_group != terminal->foreground;
}

static int stop_group(int32_t group, int signal) {
    if (group_is_orphaned(group, NULL))
        return -EIO;
    signal_group(group, signal);
    return -ERESTARTSYS;
}

int job_check_read(struct terminal *terminal) {
    struct process *process = current_process();
    if (!is_background(terminal, process))
        return 0;
    if (signal_is_ignored(SIGTTIN))
        return -EIO;
    return stop_group(process->process_group, SIGTTIN);
}

int job_check_change(struct terminal *terminal) {
    struct process *process = current_process();
    if (!is_background(terminal, process) || signal_is_ignored(SIGTTOU))
        return 0;
    return stop_group(process->process_group, SIGTTOU);
}

int job_check_write(struct terminal *terminal) {
    return terminal->line.termios.local_flags & TOSTOP ? job_check_change(terminal) : 0;
}

/* The session of a group, 0 if there is no such group. */
static int32_t session_of(int32_t group) {
    for (struct process *process = process_list; process; process = process->next)
        if (process->process_group == group && !process->zombie)
            return process->session;
    return 0;
}

int job_set_foreground(struct terminal *terminal, int32_t group) {
    struct process *process = current_process();
    if (process->terminal != terminal || process->session != terminal->session)
        return -ENOTTY;
    int error = job_check_change(terminal);
    if (error)
        return error;
    if (group <= 0)
        return -EINVAL;
    int32_t session = session_of(group);
    if (session == 0)
        return -ESRCH;
    if (session != process->session)
        return -EPERM;
    terminal->foreground = group;
    return 0;
}

/* ---- Sessions -------------------------------------------------------------------------------- */

int terminal_give(struct terminal *terminal, struct process *leader) {
    if (leader->terminal == terminal && terminal->session == leader->session)
        return 0;
    if (leader->session != leader->pid || leader->terminal || terminal->session != 0)
        return -EPERM;
    terminal_hold(terminal);
    leader->terminal = terminal;
    terminal->session = leader->session;
    terminal->foreground = leader->process_group;
    return 0;
}

void terminal_disown(struct terminal *terminal, int32_t session) {
    if (terminal->session != session)
        return;
    if (terminal->foreground) {
        signal_group(terminal->foreground, SIGHUP);
        signal_group(terminal->foreground, SIGCONT);
    }
    terminal->session = 0;
    terminal->foreground = 0;
    terminal_hold(terminal);
    for (struct process *process = process_list; process; process = process->next)
        if (process->session == session && process->terminal == terminal) {
            process->terminal = NULL;
            terminal_release(terminal);
        }
    terminal_release(terminal);
}

void terminal_hangup(struct terminal *terminal) {
    if (terminal->hung_up)
        return;
    terminal->hung_up = true;
    struct process *leader = terminal->session ? process_find(terminal->session) : NULL;
    if (leader) {
        signal_process(leader, SIGHUP);
        signal_process(leader, SIGCONT);
    }
    if (terminal->foreground) {
        signal_group(terminal->foreground, SIGHUP);
        signal_group(terminal->foreground, SIGCONT);
    }
    line_flush_output(&terminal->line);
    poll_wake(&terminal->input_event);
    poll_wake(&terminal->output_event);
}

void terminal_resize(struct terminal *terminal, uint16_t rows, uint16_t columns) {
    if (terminal->window.rows == rows && terminal->window.columns == columns)
        return;
    terminal->window = (struct window_size){.rows = rows, .columns = columns};
    if (terminal->foreground)
        signal_group(terminal->foreground, SIGWINCH);
}
