// SPDX-License-Identifier: MIT
/*
 * Signals, as the rest of the manager uses them. Numbers and structures are Linux i386's.
 */
#ifndef DOMAINS_LINUX_SIGNAL_SIGNAL_H
#define DOMAINS_LINUX_SIGNAL_SIGNAL_H

#include "domains/linux/process/process.h"

enum {
    SIGHUP = 1,
    SIGINT,
    SIGQUIT,
    SIGILL,
    SIGTRAP,
    SIGABRT,
    SIGBUS,
    SIGFPE,
    SIGKILL,
    SIGUSR1,
    SIGSEGV,
    SIGUSR2,
    SIGPIPE,
    SIGALRM,
    SIGTERM,
    SIGSTKFLT,
    SIGCHLD,
    SIGCONT,
    SIGSTOP,
    SIGTSTP,
    SIGTTIN,
    SIGTTOU,
    SIGURG,
    SIGXCPU,
    SIGXFSZ,
    SIGVTALRM,
    SIGPROF,
    SIGWINCH,
    SIGIO,
    SIGPWR,
    SIGSYS
};

/* Queues a signal of the manager itself (si_code SI_KERNEL) and pokes whoever must see it. */
void signal_process(struct process *process, int signal);
void signal_group(int32_t process_group, int signal); /* all processes of the group */
/* True if the current thread must return to the app to handle a signal: sleepers answer -EINTR (or
 * -ERESTARTSYS, which the exit path turns into a restart or EINTR). */
bool signal_pending(void);
/* For terminals: would this signal do nothing to the current process (ignored or blocked)? */
bool signal_is_ignored(int signal);

/* Answer of an interrupted call that Linux restarts if the handler has SA_RESTART. Never seen by
 * apps. */
#define ERESTARTSYS 512

#endif
