// SPDX-License-Identifier: MIT
/*
 * Processes and threads of the tenant.
 *
 *   process: address space, open files, working directory, ids, signal handlers, children
 *   thread:  a ring-2 stack, a core thread, a signal mask, pending signals
 *
 * A process is born by fork, vfork or clone; it turns into a zombie when its last thread ends, and
 * is freed when its parent has waited for it. Process groups and sessions are numbers kept in the
 * process; the terminal of a session is a struct terminal (domains/linux/tty/terminal.h).
 */
#ifndef DOMAINS_LINUX_PROCESS_PROCESS_H
#define DOMAINS_LINUX_PROCESS_PROCESS_H

#include "domains/lib/lock.h"
#include "domains/linux/process/limit.h"
#include "domains/linux/signal/queue.h"

#include <stdbool.h>
#include <stdint.h>

struct file_table;    /* domains/linux/file/table.h */
struct path_context;  /* root, working directory, umask: domains/linux/file/path.h */
struct address_space; /* domains/linux/memory/space.h */
struct signal_table;  /* domains/linux/signal/signal.h */
struct terminal;      /* domains/linux/tty/terminal.h */
struct file;

#define PROCESS_NAME 16

/* What a process and the children that it has waited for have moved: file/io_count.h. */
struct process_io {
    uint64_t reads, writes, read_bytes, written_bytes; /* by system calls on files */
    uint64_t disk_read_bytes, disk_written_bytes;
};

/* Called once, when the process has become a zombie, with its wait status. For spawned commands
 * that have no parent. */
typedef void process_ended(void *context, int32_t pid, int32_t wait_status);

struct process {
    int32_t pid, process_group, session;
    struct process *parent, *first_child, *next_sibling;
    struct process *next; /* of all processes, in pid order */
    struct thread *threads;
    struct address_space *space;
    struct file_table *files;
    struct path_context *paths;
    struct signal_table *signals;
    struct terminal *terminal; /* controlling terminal of the session, or NULL */
    uint32_t uid, euid, suid, gid, egid, sgid;
    uint32_t fsuid, fsgid; /* for files: the effective ones, unless setfsuid(2) set them apart */
    uint32_t group_count;
    uint32_t groups[32];
    int32_t nice;
    bool zombie, stopped, stop_reported, continued;
    int32_t exit_status; /* as wait4 reports it */
    struct wait_queue child_event;
    struct file *executable;
    char name[PROCESS_NAME]; /* comm */
    uint64_t started;        /* nanoseconds since boot */
    uint64_t child_app_time, child_manager_time;

    /* Inside domains/linux/process, signal and time: */
    int32_t parent_pid;             /* 0: the manager's own child */
    int32_t exit_signal;            /* to the parent at the end; 0: none */
    uint32_t thread_count;          /* threads that have not ended */
    bool ending;                    /* exit_group or a fatal signal: every thread ends */
    struct thread *survivor;        /* execve: all threads but this one end */
    bool vfork_waits;               /* the parent sleeps until this process execs or ends */
    int32_t stop_signal;            /* the signal that stopped it */
    struct wait_queue stop_event;   /* continued, or killed */
    struct wait_queue thread_event; /* a thread has ended */
    struct signal_queue pending;    /* for any thread of it */
    struct wait_queue signalled;    /* a signal has become pending, for it or for a thread of it */
    struct resource_limit limits[RLIMIT_COUNT];
    uint64_t app_time, manager_time; /* of threads that have ended, nanoseconds */
    uint64_t child_peak_frames, peak_frames;
    struct process_io io;
    struct timer *timers; /* interval timers and timer_create: domains/linux/time/timer.h */
    int32_t parent_death_signal;
    bool has_executed; /* since fork: setpgid by the parent is refused */
    bool not_dumpable, no_new_privileges, subreaper, expects_barriers;
    uint32_t personality;
    int32_t shortage_adjustment; /* memory_shortage.h */
    int32_t shortage_least;      /* who is not root cannot go below it */
    uint32_t core_filter;        /* what a core would hold, if any were written: /proc alone */
    bool spawned; /* without a parent: stays a zombie until process_on_exit() has asked for it */
    process_ended *on_exit;
    void *on_exit_context;
};

extern struct process *process_list; /* all, zombies too */
struct process *process_find(int32_t pid);
struct process *current_process(void);
struct thread *current_thread(void);

/* Starts the first process of this tenant, or the command behind an accepted channel, with file
 * descriptors 0..2 already open as given (references are taken over). argv and envp end with NULL.
 * `terminal`, if not NULL, becomes the controlling terminal of a new session. Returns the pid or a
 * negative errno. Called by manager-only threads too. */
int process_spawn(const char *path, const char *const *argv, const char *const *envp,
                  struct file *files[3], struct terminal *terminal);
/* For a command that was spawned: who is told of its end. */
void process_on_exit(int32_t pid, process_ended *callback, void *context);

/* A thread that never leaves ring 2 (console and channel service). Returns 0 or -ENOMEM. */
int manager_thread(void (*body)(void *), void *argument);

#endif
