// SPDX-License-Identifier: MIT
/*
 * What belongs to one CPU. Every CPU sees its own at the same linear address (kernel/layout.h), so the
 * accessor is a constant and no segment register is spent. Those of all CPUs, the own one included, are also
 * in cpus[], at addresses that every CPU has mapped: compare them by `number`, never by address.
 *
 * A CPU's own are the fields that no other needs; the rest is guarded by the core lock, `asked` excepted
 * (kernel/cpu/remote.h).
 */
#ifndef KERNEL_CPU_CPU_H
#define KERNEL_CPU_CPU_H

#include "kernel/layout.h"
#include "kernel/mem/window.h"

#include <stdbool.h>
#include <stdint.h>

#define LOWER_QUARTERS 3 /* two of an app's space and its manager's: what tenants have of a view */

struct thread;
struct tenant;
struct driver;
struct cpu_pages; /* kernel/fence/view.c */

/* What a CPU is busy with, the least first: who may be interrupted for whom. */
enum cpu_duty {
    DUTY_IDLE,
    DUTY_SPARE_DRIVER, /* one that has used up what nobody pays for */
    DUTY_WEIGHTED,
    DUTY_RESERVED,
    DUTY_DRIVER,
};

struct cpu {
    /* Read by entry.S and gate.S at fixed offsets; see kernel/cpu/offsets.h. */
    uint32_t
        outer_cr3; /* view to load when leaving to the current domain; == inner in segment mode */
    uint32_t reschedule;    /* an interrupt in the core asked for the scheduler at the next exit */
    struct thread *current; /* NULL: idle, or it was taken away */
    uint32_t number;
    uint32_t apic_id;
    uint32_t asked;         /* to load its views anew before it leaves the core (remote.h) */
    struct thread *resumed; /* whose segments, views and FPU state are loaded */
    struct thread *fpu_owner;
    struct tenant *loaded_tenant; /* whose quarters are in the views */
    struct driver *loaded_driver; /* whose IO ports are in the bitmap */
    struct cpu_pages *pages;
    uint64_t view_inner[4] __attribute__((aligned(32)));
    uint64_t view_outer[4] __attribute__((aligned(32)));
    uint64_t view_driver[4] __attribute__((aligned(32)));
    frame_t lower[LOWER_QUARTERS];  /* the directories to which both inner and outer view point */
    uint32_t inner_cr3, tenant_cr3; /* of the inner view, and of the outer one */
    uint32_t viewed_slot;           /* the driver slot that view_driver shows; 0: none yet */

    /* The scheduler's: kernel/sched/scheduler.c. */
    enum cpu_duty duty;
    struct tenant *cause; /* whose thread asked for this pass of the loop; NULL: an interrupt */
    bool interrupted;     /* it was an interrupt or a changed share, whoever ran then */
    uint32_t chosen_at;   /* share->chosen_at when the current thread, a tenant's, was chosen */
    bool idling;          /* the current thread, a driver's, runs because no tenant can */
    uint64_t alarm; /* when its timer should ring, in nanoseconds since boot; 0: it has rung */

    uint64_t accounted;   /* nanoseconds since boot, up to which time is charged to a tenant */
    uint64_t counted;     /* likewise; up to which it is the current thread's */
    uint64_t entered;     /* TSC at the last entry, for the longest stretch with interrupts off */
    uint32_t entered_by;  /* kernel/cpu/stretch.h */
    uint64_t longest_off; /* in TSC ticks */
    uint64_t idle_ticks;
    uint64_t lock_waits, lock_wait_ticks; /* for the core lock, when another CPU had it */
    uint64_t upcalls, context_switches, interrupts;
    frame_t window_frame[WINDOW_COUNT];
    uint64_t *window_entries;         /* the page-table entries of the windows */
    bool task_switched;               /* CR0.TS as it stands */
    uint32_t mitigations;             /* enum mitigation: kernel/cpu/mitigation.h */
    const struct tenant *last_tenant; /* whose code ran last, NULL: last_driver's */
    const struct driver *last_driver;
    uint64_t last_tenant_started; /* its block may be another tenant's by now */
    uint64_t domain_switches, predictor_barriers;
};

/* Those that run: the first cpu_count() of cpus[]. It grows while the core starts, and never after. */
extern struct cpu *cpus[CPU_MAX];
extern uint32_t cpus_running;

static inline uint32_t cpu_count(void) {
    return cpus_running;
}
static inline struct cpu *this_cpu(void) {
    return (struct cpu *)CPU_LOCAL;
}
static inline bool cpu_is_this(const struct cpu *cpu) {
    return cpu->number == this_cpu()->number;
}

#endif
