// SPDX-License-Identifier: MIT
/*
 * Threads: what runs in ring 1, 2 or 3 and is interrupted into the core.
 *
 *   ready ──scheduler──> running ──preempted──> ready
 *                           │ ──THREAD_BLOCK, DRIVER_WAIT──> blocked ──woken, deadline, poke──> ready
 *                           └ ──exit, tenant death──> (freed)
 *
 * The core has one stack per CPU and runs to completion, so a thread that does not run is nothing but this
 * block: its registers are in `frame`, whichever way it entered.
 *
 * A tenant may have many threads and block them as it likes; whatever the core does for one of them takes a
 * bounded number of steps: found by handle and by word (kernel/mem/digital_tree.h), slept by deadline
 * (kernel/sched/leftist_tree.h), linked both ways elsewhere.
 */
#ifndef KERNEL_SCHED_THREAD_H
#define KERNEL_SCHED_THREAD_H

#include "kernel/abi/selector.h"
#include "kernel/abi/status.h"
#include "kernel/abi/thread.h"
#include "kernel/cpu/trap_frame.h"
#include "kernel/layout.h"
#include "kernel/mem/digital_tree.h"
#include "kernel/sched/leftist_tree.h"
#include "kernel/sched/wait.h"

#include <stdbool.h>
#include <stdint.h>

struct tenant;
struct driver;
struct space;

/* Of a thread that may not run anywhere, or goes before others: kernel/sched/placement.h. */
struct placement {
    struct thread *thread;
    uint32_t cpus;                        /* a bit for each that it may run on */
    uint32_t priority;                    /* 0: it takes turns by weight */
    uint32_t slice;                       /* likewise: in nanoseconds; 0: it runs until it waits */
    struct leftist_node by_turn[CPU_MAX]; /* of kernel/sched/placed_queue.h */
};

enum thread_state { THREAD_READY, THREAD_RUNNING, THREAD_BLOCKED };

struct thread {
    uint8_t fpu[512]
        __attribute__((aligned(16))); /* FXSAVE area (SDM 1, 10.5); tenants' threads only */
    struct trap_frame frame;
    uint32_t stack_top;           /* ESP2, checked against the manager quarter */
    uint64_t tls[TLS_SLOT_COUNT]; /* as they stand in the GDT while it runs */
    struct tenant *tenant;        /* one of tenant and driver is set */
    struct driver *driver;
    struct space *space;           /* app quarters; NULL: none */
    struct digital_node by_handle; /* its key is the handle */
    uint8_t state;                 /* enum thread_state */

    bool poked; /* see kernel/abi/upcall.h */
    uint16_t weight;
    uint32_t cpu;                /* it runs on, or ran on last */
    struct placement *placement; /* NULL: it may run anywhere, and takes turns by weight */
    uint64_t ready_since;        /* in nanoseconds; if a thread of its tenant has a placement */
    uint32_t wait_word; /* linear address it is blocked on; 0: none (driver, or not blocked) */
    struct waiter waiter;
    struct leftist_node deadline;
    uint64_t
        slice_left; /* nanoseconds that it may run before others of its tenant get their turn */
    uint64_t app_time, manager_time;            /* nanoseconds */
    uint32_t flip_eip, flip_registers;          /* last TLS flip: the same again is a real fault */
    struct thread *next, *previous;             /* of its tenant */
    struct thread *queue_next, *queue_previous; /* ready queue of its tenant */
};

#define THREAD_MAX 1024u /* of a tenant */

/* Creates a thread, ready to run; its block is paid by the tenant. NO_MEMORY beyond THREAD_MAX, too. */
enum status thread_create(struct tenant *tenant, const struct thread_start *start,
                          struct thread **made);
void thread_start_driver(struct thread *thread, struct driver *driver,
                         uint32_t entry);   /* block inside struct driver */
void thread_destroy(struct thread *thread); /* wherever it is; leaves all queues */
/* It stops running on this CPU: it may go on on any. */
void thread_save_fpu(struct thread *thread);
struct thread *thread_find(struct tenant *tenant, uint32_t handle);
/* Wakes those that have slept on the word longest, at most THREAD_WAKE_BATCH; answers how many. */
uint32_t thread_wake_word(struct tenant *tenant, uint32_t word, uint32_t most);
/* Blocked on a word from here on; on none. The rest of blocking and waking is the scheduler's. */
void thread_wait_for(struct thread *thread, uint32_t word);
void thread_wait_no_more(struct thread *thread);

/* Makes a blocked thread ready; its blocked call answers `status` and `value`. */
void thread_wake(struct thread *thread, enum status status, uint32_t value);

#endif
