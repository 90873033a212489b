// SPDX-License-Identifier: MIT
/*
 * Waiting for children: wait4, waitpid, waitid.
 *
 * A wait looks at every child that it is about. One that has something to report (ended, stopped,
 * continued) answers; if none has, but one of them still can, the caller sleeps on child_event.
 */
#include "domains/linux/entry/call.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/user.h"
#include "domains/linux/process/tree.h"
#include "domains/linux/process/usage.h"
#include "domains/linux/signal/state.h"

#define WNOHANG    0x00000001u
#define WSTOPPED   0x00000002u
#define WEXITED    0x00000004u
#define WCONTINUED 0x00000008u
#define WNOWAIT    0x01000000u
#define WNOTHREAD  0x20000000u
#define WALL       0x40000000u
#define WCLONE     0x80000000u

#define STATUS_STOPPED   0x7F
#define STATUS_CONTINUED 0xFFFF

enum { P_ALL, P_PID, P_PGID };

struct wanted {
    uint32_t type; /* P_* */
    int32_t id;
    uint32_t options;
};

struct report {
    int32_t pid;
    uint32_t uid;
    int32_t code;   /* CLD_* */
    int32_t status; /* as wait4 gives it */
    struct app_usage usage;
};

static bool is_wanted(const struct wanted *wanted, const struct process *child) {
    if (wanted->type == P_PID && child->pid != wanted->id)
        return false;
    if (wanted->type == P_PGID && child->process_group != wanted->id)
        return false;
    bool is_clone = child->exit_signal != SIGCHLD;
    return wanted->options & WALL || is_clone == ((wanted->options & WCLONE) != 0);
}

static void fill(struct report *report, const struct process *child, int code, int32_t status) {
    *report = (struct report){child->pid, child->uid, code, status, usage_of_process(child)};
}

/* Takes what the child has to report; false if it has nothing. */
static bool take_report(const struct wanted *wanted, struct process *child, struct report *report) {
    bool keep = wanted->options & WNOWAIT;
    if (child->zombie && wanted->options & WEXITED) {
        bool exited = (child->exit_status & 0x7F) == 0;
        fill(report, child, exited ? CLD_EXITED : CLD_KILLED, child->exit_status);
        if (!keep) {
            usage_add_child(child->parent, child);
            process_free(child);
        }
        return true;
    }
    if (child->stopped && !child->stop_reported && wanted->options & WSTOPPED) {
        fill(report, child, CLD_STOPPED, child->stop_signal << 8 | STATUS_STOPPED);
        child->stop_reported = !keep;
        return true;
    }
    if (child->continued && wanted->options & WCONTINUED) {
        fill(report, child, CLD_CONTINUED, STATUS_CONTINUED);
        child->continued = keep;
        return true;
    }
    return false;
}

/* 1: a report; 0: none yet; -ECHILD: there is no such child. */
static int look(const struct wanted *wanted, struct report *report) {
    int result = -ECHILD;
    for (struct process *child = current_process()->first_child; child;
         child = child->next_sibling) {
        if (!is_wanted(wanted, child))
            continue;
        if (take_report(wanted, child, report))
            return 1;
        result = 0;
    }
    return result;
}

/* As look(), but 0 with WNOHANG alone; else it may be -ERESTARTSYS. What a child has to say, also that it is gone,
 * comes before its own SIGCHLD. */
static int wait_for(const struct wanted *wanted, struct report *report) {
    bool is_interrupted = false;
    for (;;) {
        int found = look(wanted, report);
        if (found != 0 || wanted->options & WNOHANG)
            return found;
        if (is_interrupted)
            return -ERESTARTSYS;
        struct wait_queue *event = &current_process()->child_event;
        is_interrupted = wait_on(event, DEADLINE_NEVER) == WAIT_INTERRUPTED;
    }
}

static int32_t wait_by_pid(int32_t pid, uint32_t status, uint32_t options, uint32_t usage) {
    struct wanted wanted = {P_ALL, pid, options | WEXITED};
    struct report report;
    if (options & ~(WNOHANG | WSTOPPED | WCONTINUED | WNOTHREAD | WALL | WCLONE))
        return -EINVAL;
    if (pid == INT32_MIN)
        return -ESRCH;
    if (pid > 0)
        wanted.type = P_PID;
    else if (pid != -1)
        wanted = (struct wanted){P_PGID, pid == 0 ? current_process()->process_group : -pid,
                                 wanted.options};
    int found = wait_for(&wanted, &report);
    if (found <= 0)
        return found;
    if (status != 0 && copy_out(status, &report.status, sizeof(report.status)) != 0)
        return -EFAULT;
    if (usage != 0 && copy_out(usage, &report.usage, sizeof(report.usage)) != 0)
        return -EFAULT;
    return report.pid;
}

SYSTEM_CALL_4(wait4, id, status, options, usage) {
    return wait_by_pid((int32_t)id, status, options, usage);
}

SYSTEM_CALL_3(waitpid, id, status, options) {
    return wait_by_pid((int32_t)id, status, options, 0);
}

/* What waitid shows is the bare code or signal, not wait4's word. */
static int32_t bare_status(const struct report *report) {
    switch (report->code) {
    case CLD_EXITED:
    case CLD_STOPPED:
        return report->status >> 8 & 0xFF;
    case CLD_CONTINUED:
        return SIGCONT;
    default:
        return report->status & 0x7F;
    }
}

SYSTEM_CALL_5(waitid, type, id, information, options, usage) {
    const struct wanted wanted = {
        type, type == P_PGID && id == 0 ? current_process()->process_group : (int32_t)id, options};
    struct report report = {0};
    if (options &
            ~(WNOHANG | WNOWAIT | WEXITED | WSTOPPED | WCONTINUED | WNOTHREAD | WALL | WCLONE) ||
        !(options & (WEXITED | WSTOPPED | WCONTINUED)) || type > P_PGID)
        return -EINVAL;
    int found = wait_for(&wanted, &report);
    if (found < 0)
        return found;
    uint32_t words[SIGNAL_INFORMATION_BYTES / sizeof(uint32_t)] = {0};
    if (found > 0) {
        words[0] = SIGCHLD;
        words[2] = (uint32_t)report.code;
        words[3] = (uint32_t)report.pid;
        words[4] = report.uid;
        words[5] = (uint32_t)bare_status(&report);
    }
    if (information != 0 && copy_out(information, words, sizeof(words)) != 0)
        return -EFAULT;
    if (usage != 0 && found > 0 && copy_out(usage, &report.usage, sizeof(report.usage)) != 0)
        return -EFAULT;
    return 0;
}
