// SPDX-License-Identifier: MIT
/*
 * The end of a process: what it had is given back, its children get another parent, its own parent
 * hears of it.
 */
#include "domains/lib/heap.h"
#include "domains/linux/entry/call.h"
#include "domains/linux/file/table.h"
#include "domains/linux/memory/space.h"
#include "domains/linux/process/thread.h"
#include "domains/linux/process/tree.h"
#include "domains/linux/signal/state.h"
#include "domains/linux/time/timer.h"
#include "domains/linux/tty/terminal.h"

static void leave_terminal(struct process *process) {
    if (process->terminal != NULL && process->session == process->pid)
        terminal_disown(process->terminal, process->session);
    if (process->terminal != NULL) {
        terminal_release(process->terminal);
        process->terminal = NULL;
    }
}

void process_release_resources(struct process *process) {
    timers_free(process);
    if (process->space->peak_frames > process->peak_frames)
        process->peak_frames = process->space->peak_frames;
    if (process->files != NULL) {
        file_table_release(process->files);
        process->files = NULL;
    }
    if (process->paths != NULL) {
        path_context_release(process->paths);
        process->paths = NULL;
    }
    if (process->executable != NULL) {
        file_release(process->executable);
        process->executable = NULL;
    }
    leave_terminal(process);
}

/* ---- Orphans --------------------------------------------------------------------------------- */

bool group_is_orphaned(int32_t group, const struct process *except) {
    for (struct process *member = process_list; member != NULL; member = member->next) {
        const struct process *parent = member->parent;
        if (member == except || member->process_group != group || member->zombie || parent == NULL)
            continue;
        if (parent->process_group != group && parent->session == member->session)
            return false;
    }
    return true;
}

static bool group_has_stopped(int32_t group, const struct process *except) {
    for (struct process *member = process_list; member != NULL; member = member->next)
        if (member != except && member->process_group == group && member->stopped)
            return true;
    return false;
}

static void tell_if_orphaned(int32_t group, const struct process *except) {
    if (!group_has_stopped(group, except) || !group_is_orphaned(group, except))
        return;
    signal_group(group, SIGHUP);
    signal_group(group, SIGCONT);
}

void group_check_orphans(struct process *process) {
    const struct process *parent = process->parent;
    if (parent != NULL && parent->process_group != process->process_group &&
        parent->session == process->session)
        tell_if_orphaned(process->process_group, process);
}

static struct process *new_parent_for_children(const struct process *process) {
    for (struct process *ancestor = process->parent; ancestor != NULL; ancestor = ancestor->parent)
        if (ancestor->subreaper && !ancestor->zombie)
            return ancestor;
    struct process *init = process_find(1);
    return init != process && init != NULL && !init->zombie ? init : NULL;
}

static void adopt(struct process *child, struct process *parent) {
    bool was_apart = child->process_group != child->parent->process_group &&
                     child->session == child->parent->session;
    process_set_parent(child, parent);
    if (child->parent_death_signal != 0 && !child->zombie)
        signal_process(child, child->parent_death_signal);
    if (was_apart)
        tell_if_orphaned(child->process_group, NULL);
    if (!child->zombie)
        return;
    if (parent == NULL)
        process_free(child);
    else
        process_tell_parent(child, CLD_EXITED, child->exit_status >> 8);
}

static void give_children_away(struct process *process) {
    struct process *parent = new_parent_for_children(process);
    while (process->first_child != NULL)
        adopt(process->first_child, parent);
}

/* ---- Zombies --------------------------------------------------------------------------------- */

static bool parent_wants_no_zombies(const struct process *process) {
    const struct process *parent = process->parent;
    if (parent == NULL)
        return process->on_exit == NULL && !process->spawned;
    if (process->exit_signal != SIGCHLD)
        return false;
    const struct signal_action *action = signal_action(parent, SIGCHLD);
    return action->handler == SIGNAL_IGNORE || action->flags & SA_NOCLDWAIT;
}

static void tell_of_end(struct process *process) {
    int32_t status = process->exit_status;
    if ((status & 0x7F) == 0)
        process_tell_parent(process, CLD_EXITED, status >> 8 & 0xFF);
    else
        process_tell_parent(process, CLD_KILLED, status & 0x7F);
}

void process_become_zombie(struct process *process) {
    group_check_orphans(process);
    give_children_away(process);
    bool unwanted = parent_wants_no_zombies(process);
    if (process->signals != NULL)
        signal_table_release(process->signals);
    process->signals = NULL;
    process->zombie = true;
    process->stopped = false;
    if (process->vfork_waits)
        process_vfork_done(process);
    if (process->parent != NULL && process->parent->signals != NULL)
        tell_of_end(process);
    if (process->parent == NULL && process->on_exit != NULL)
        process_report_exit(process);
    else if (unwanted)
        process_free(process);
}

void process_report_exit(struct process *process) {
    process_ended *callback = process->on_exit;
    void *context = process->on_exit_context;
    int32_t pid = process->pid, status = process->exit_status;
    process_free(process);
    callback(context, pid, status);
}

void process_on_exit(int32_t pid, process_ended *callback, void *context) {
    struct process *process = process_find(pid);
    if (process == NULL)
        return;
    process->on_exit = callback;
    process->on_exit_context = context;
    if (process->zombie)
        process_report_exit(process);
}

void process_vfork_done(struct process *process) {
    process->vfork_waits = false;
    if (process->parent != NULL)
        wait_wake(&process->parent->child_event);
}

/* ---- Calls ----------------------------------------------------------------------------------- */

void process_end(struct process *process, int32_t wait_status) {
    if (process->ending || process->zombie)
        return;
    process->ending = true;
    process->exit_status = wait_status;
    signals_recalculate_all(process);
    wait_wake(&process->stop_event);
}

SYSTEM_CALL_1(exit, status) {
    struct process *process = current_process();
    if (process->thread_count == 1 && !process->ending)
        process->exit_status = (int32_t)(status & 0xFF) << 8;
    thread_exit();
}

SYSTEM_CALL_1(exit_group, status) {
    process_end(current_process(), (int32_t)(status & 0xFF) << 8);
    thread_exit();
}
