// SPDX-License-Identifier: MIT
/*
 * What belongs to one CPU. Every CPU sees its own at the same linear address (kernel/layout.h), so the
 * accessor is a constant and no segment register is spent.
 */
#ifndef KERNEL_CPU_CPU_H
#define KERNEL_CPU_CPU_H

#include "kernel/layout.h"
#include "kernel/mem/window.h"

#include <stdbool.h>
#include <stdint.h>

struct thread;
struct tenant;
struct driver;

struct cpu {
    /* Read by entry.S at fixed offsets; see kernel/cpu/offsets.h. */
    uint32_t
        outer_cr3; /* view to load when leaving to the current domain; == inner in segment mode */
    uint32_t reschedule; /* an interrupt in the core asked for the scheduler at the next exit */
    uint32_t number;
    struct thread *current; /* NULL: idle */
    struct thread *resumed; /* whose segments, views and FPU state are loaded */
    struct thread *fpu_owner;
    struct tenant *loaded_tenant; /* whose quarters are in the views */
    struct driver *loaded_driver; /* whose IO ports are in the bitmap */
    uint64_t view_inner[4] __attribute__((aligned(32)));
    uint64_t view_outer[4] __attribute__((aligned(32)));
    uint64_t view_driver[4] __attribute__((aligned(32)));
    uint32_t inner_cr3;
    uint32_t viewed_slot; /* the driver slot that view_driver shows; 0: none yet */
    uint64_t accounted;   /* TSC up to which time is charged */
    uint64_t entered;     /* TSC at the last entry, for the longest stretch with interrupts off */
    uint32_t entered_by;  /* kernel/cpu/stretch.h */
    uint64_t longest_off; /* in TSC ticks */
    uint64_t idle_ticks;
    uint64_t upcalls, context_switches, interrupts;
    frame_t window_frame[WINDOW_COUNT];
    uint64_t *window_entries; /* the page-table entries of the windows */
    bool task_switched;       /* CR0.TS as it stands */
};

/* CPUs that run: the one that booted. */
static inline uint32_t cpu_count(void) {
    return 1;
}
static inline struct cpu *this_cpu(void) {
    return (struct cpu *)CPU_LOCAL;
}

#endif
