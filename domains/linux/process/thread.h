// SPDX-License-Identifier: MIT
/*
 * A thread of a process: a ring-2 stack, a core thread, and what Linux keeps for each thread.
 *
 *   made ──thread_launch──> running ──thread_exit──> gone (its memory is freed by itself)
 */
#ifndef DOMAINS_LINUX_PROCESS_THREAD_H
#define DOMAINS_LINUX_PROCESS_THREAD_H

#include "domains/lib/thread.h"
#include "domains/linux/entry/registers.h"
#include "domains/linux/process/process.h"
#include "domains/linux/process/schedule.h"

#include "kernel/abi/selector.h"

struct alternate_stack {
    uint32_t address, flags, bytes; /* as stack_t */
};

struct thread {
    int32_t tid;
    struct process *process;
    struct thread *next; /* of the process */
    struct thread_control *control;
    char name[PROCESS_NAME]; /* comm of this thread */
    struct schedule schedule;

    /* Signals: domains/linux/signal. */
    signal_set blocked;
    signal_set blocked_before; /* by sigsuspend and its like; valid if restore_blocked */
    bool restore_blocked;
    signal_set awaited; /* by sigtimedwait, taken although blocked */
    struct signal_queue pending;
    struct alternate_stack alternate;

    /* How restart_syscall goes on with an interrupted sleep. */
    int32_t (*restart)(struct thread *thread);
    uint64_t restart_deadline;
    uint32_t restart_remaining;
    bool restart_wide;

    uint32_t fault_vector, fault_error, fault_address; /* of the last fault, for signal frames */

    uint64_t tls[TLS_SLOT_COUNT]; /* descriptors as given to the core */
    uint32_t tls_to_load;         /* bit per slot: differs from what the core thread inherits */
    uint32_t fs, gs;              /* selectors to begin with */
    uint32_t clear_tid;           /* app word to clear and wake at the end, or 0 */
    uint32_t set_tid;             /* app word that gets the tid at the start, or 0 */
    uint32_t robust_list;
    int (*begin)(void *argument); /* runs in ring 2 before the first return to the app, or NULL */
    void *begin_argument;
};

extern uint32_t thread_total; /* of all processes */

/* A thread of `process`, with an empty ring-2 stack, not yet running. NULL: no memory. */
struct thread *thread_make(struct process *process);
/* Frees a thread that was never launched. */
void thread_discard(struct thread *thread);
/* Its registers at the next return to the app. */
static inline struct registers *app_registers(struct thread *thread) {
    return thread_registers(thread->control);
}
/* Lets it run: from now on it may end at any time. false: no memory, it is as it was. */
bool thread_launch(struct thread *thread);
struct thread *thread_find(int32_t tid);
int32_t thread_new_id(void); /* of a process or a thread */
/* Its name from now on, cut to what there is room for; a first thread's is its process's. */
void thread_rename(struct thread *thread, const char *name);
/* A bit for each CPU that it may run on; NULL: of one that has ended. */
uint32_t thread_affinity(const struct thread *thread);
/* On which CPU it runs, of the calling thread; of another, one that it may run on. */
uint32_t thread_cpu(const struct thread *thread);
/* Loads FS and GS of the calling thread; a selector that cannot be loaded becomes 0. */
void thread_load_segments(uint32_t fs, uint32_t gs);
/* The calling thread ends; with the last one its process does. */
_Noreturn void thread_exit(void);

#endif
