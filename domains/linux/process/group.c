// SPDX-License-Identifier: MIT
/*
 * Process groups and sessions.
 */
#include "domains/linux/entry/call.h"
#include "domains/linux/errno.h"
#include "domains/linux/process/process.h"
#include "domains/linux/process/thread.h"
#include "domains/linux/tty/terminal.h"

static struct process *find_or_current(int32_t pid) {
    struct process *process = pid == 0 ? current_process() : process_find(pid);
    return process != NULL && !process->zombie ? process : NULL;
}

static bool session_has_group(int32_t session, int32_t group) {
    for (struct process *process = process_list; process != NULL; process = process->next)
        if (process->process_group == group && process->session == session)
            return true;
    return false;
}

SYSTEM_CALL_2(setpgid, id, group_id) {
    struct process *self = current_process();
    struct process *process = find_or_current((int32_t)id);
    int32_t group = (int32_t)group_id;
    if (group < 0)
        return -EINVAL;
    if (process == NULL || (process != self && process->parent != self))
        return -ESRCH;
    if (group == 0)
        group = process->pid;
    if (process != self && process->has_executed)
        return -EACCES;
    if (process->session == process->pid || process->session != self->session)
        return -EPERM;
    if (group != process->pid && !session_has_group(self->session, group))
        return -EPERM;
    process->process_group = group;
    return 0;
}

SYSTEM_CALL_1(getpgid, id) {
    struct process *process = id == 0 ? current_process() : process_find((int32_t)id);
    return process == NULL ? -ESRCH : process->process_group;
}

SYSTEM_CALL_0(getpgrp) {
    return current_process()->process_group;
}

SYSTEM_CALL_1(getsid, id) {
    struct process *process = id == 0 ? current_process() : process_find((int32_t)id);
    return process == NULL ? -ESRCH : process->session;
}

static bool group_exists(int32_t group) {
    for (struct process *process = process_list; process != NULL; process = process->next)
        if (process->process_group == group)
            return true;
    return false;
}

SYSTEM_CALL_0(setsid) {
    struct process *process = current_process();
    if (group_exists(process->pid))
        return -EPERM;
    process->session = process->process_group = process->pid;
    if (process->terminal != NULL) {
        terminal_release(process->terminal);
        process->terminal = NULL;
    }
    return process->pid;
}

SYSTEM_CALL_0(getpid) {
    return current_process()->pid;
}

SYSTEM_CALL_0(getppid) {
    return current_process()->parent_pid;
}

SYSTEM_CALL_0(gettid) {
    return current_thread()->tid;
}
