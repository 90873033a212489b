// SPDX-License-Identifier: MIT
/*
 * Signals as the process and signal folders share them: tables of actions, sending with details,
 * and the pending word of each thread.
 *
 * thread_control.pending is not 0 while the thread has to leave for return_with_work() before it
 * goes on in ring 3: a signal that it does not block, a stop, or its end. It is computed anew
 * whenever one of these changes, under the lock. Whoever sets it pokes the thread afterwards.
 */
#ifndef DOMAINS_LINUX_SIGNAL_STATE_H
#define DOMAINS_LINUX_SIGNAL_STATE_H

#include "domains/linux/process/thread.h"
#include "domains/linux/signal/signal.h"

#define SIGNAL_DEFAULT 0u /* handlers below an address */
#define SIGNAL_IGNORE  1u

#define SA_NOCLDSTOP 0x00000001u
#define SA_NOCLDWAIT 0x00000002u
#define SA_SIGINFO   0x00000004u
#define SA_RESTORER  0x04000000u
#define SA_ONSTACK   0x08000000u
#define SA_RESTART   0x10000000u
#define SA_NODEFER   0x40000000u
#define SA_RESETHAND 0x80000000u

enum { SI_USER = 0, SI_KERNEL = 0x80, SI_QUEUE = -1, SI_TIMER = -2, SI_MESGQ = -3, SI_TKILL = -6 };
enum { CLD_EXITED = 1, CLD_KILLED, CLD_DUMPED, CLD_TRAPPED, CLD_STOPPED, CLD_CONTINUED };

struct signal_action {
    uint32_t handler, flags, restorer;
    signal_set mask;
};

struct signal_table {
    uint32_t references;
    struct signal_action actions[SIGNAL_COUNT];
};

struct signal_table *signal_table_make(void); /* all default; NULL: no memory */
struct signal_table *signal_table_copy(const struct signal_table *from);
void signal_table_hold(struct signal_table *table);
void signal_table_release(struct signal_table *table);
/* execve: handlers become default, what is ignored stays so. */
void signal_table_exec(struct signal_table *table);

static inline struct signal_action *signal_action(const struct process *process, int signal) {
    return &process->signals->actions[signal - 1];
}

/* 0, or -EAGAIN if a real-time signal found its queue full. */
int signal_send_process(struct process *process, const struct signal_information *information);
int signal_send_thread(struct thread *thread, const struct signal_information *information);
/* A signal that the current thread's own instruction caused: it is delivered next, even if blocked
 * or ignored (then by its default, which ends the process). */
void signal_force(const struct signal_information *information);
/* fields[0] = pid, fields[1] = uid of the current process; the rest is for the caller. */
struct signal_information signal_from_current(int signal, int code);

/* Computes the pending word of the thread anew; for a thread other than the current one also pokes
 * it. */
void signals_recalculate(struct thread *thread);
void signals_recalculate_all(struct process *process);
/* A thread is gone or blocks more: the process's pending signals look for another one. */
void signals_reassign(struct process *process);
/* Takes one instance of a pending signal out of a queue of the thread's or of its process's. */
void signal_take(struct thread *thread, struct signal_queue *queue, int signal,
                 struct signal_information *information);
/* Takes a pending signal of the set out, of the current thread or else of its process; its number, 0: none. */
int signals_take_one(signal_set set, struct signal_information *information);
/* Sets the current thread's mask (SIGKILL and SIGSTOP stay out of it). */
void signals_block(signal_set set);

/* The whole process ends with this wait status: every thread on its way out. Returns at once. */
void process_end(struct process *process, int32_t wait_status);
/* The process stops, or goes on; its parent hears of it. */
void process_stop(struct process *process, int signal);
void process_continue(struct process *process);
/* SIGCHLD to the parent, with what happened. */
void process_tell_parent(struct process *process, int code, int32_t status);

#endif
