// SPDX-License-Identifier: MIT
/*
 * The loop that everything in the core ends in: what time has brought, a choice, and out again; or `hlt` until an interrupt.
 *
 * Each CPU chooses for itself (choice.h), under the core lock, from the same queues. A thread's slice may take several turns of its
 * tenant. Deadlines and other things that are due at a time are everybody's work: a CPU sets its alarm for them only if no other
 * one rings before.
 */
#include "kernel/sched/scheduler.h"

#include "kernel/cpu/core_lock.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/registers.h"
#include "kernel/cpu/remote.h"
#include "kernel/cpu/stretch.h"
#include "kernel/cpu/trap.h"
#include "kernel/dev/clock.h"
#include "kernel/dev/timer.h"
#include "kernel/domain/driver.h"
#include "kernel/domain/tenant.h"
#include "kernel/io/device.h"
#include "kernel/log/log.h"
#include "kernel/network/switch.h"
#include "kernel/sched/account.h"
#include "kernel/sched/choice.h"
#include "kernel/sched/deadline.h"
#include "kernel/sched/driver_choice.h"
#include "kernel/sched/placed_queue.h"
#include "kernel/sched/placement.h"
#include "kernel/sched/ready.h"
#include "kernel/sched/timeout.h"

#include <stddef.h>

#define TURN            5000000ull /* of a tenant, while others are ready */
#define SLICE_OF_WEIGHT 50000u     /* of a thread, for each 1 of its weight; over several turns */

static bool drivers_changed = true; /* a driver ran, woke or died: look at their times again */
static uint64_t drivers_at;         /* when drivers_work() wants to be called */
static uint64_t work_at;            /* when do_work() has anything to do */
static bool is_put_off; /* somebody is ready that this pass has not seen: scheduler_put_off() */
static uint64_t accounted_at; /* the time at the last account: recent enough to queue by */

/* At the exit of this entry. */
static void choose_anew(void) {
    this_cpu()->reschedule = 1;
}

static bool runs(const struct cpu *cpu, const struct tenant *tenant) {
    return cpu->current && cpu->current->tenant == tenant;
}

void scheduler_share_changed(struct tenant *tenant) {
    share_queue_reset(&ready.tenants, &tenant->share, clock_now());
    for (uint32_t n = 0; n < cpu_count(); n++) {
        if (!runs(cpus[n], tenant))
            continue;
        /* No turn goes on: it may have less left than its alarm says. */
        cpus[n]->interrupted = true;
        remote_kick(cpus[n]);
    }
    choose_anew();
}

static void make_ready(struct thread *thread, enum ready_place where) {
    if (thread->driver) {
        drivers_changed = true;
        driver_choice_is_open();
    }
    ready_add(thread, where, accounted_at);
}

/* It is interrupted when its quantum ends. */
static void end_with_quantum(struct cpu *cpu, const struct share *share) {
    uint64_t quantum =
        share->standing == SHARE_RESERVED ? share->quantum_left : (uint64_t)SHARE_QUANTUM;

    timer_set(cpu->accounted + quantum, clock_now());
}

/* A driver was woken while a thread of `tenant` runs: that one goes on if what has come to the driver's device can wait. */
static bool goes_on_beside(const struct tenant *tenant, const struct driver *driver) {
    if (!driver_can_wait(driver, tenant, accounted_at))
        return false;
    timer_set(driver_compare_again(driver, accounted_at), clock_now());
    return true;
}

static __attribute__((noinline)) bool goes_on_beside_placed(const struct thread *current,
                                                            const struct thread *woken) {
    return thread_priority(woken) <= thread_priority(current);
}

/* Another thread was woken while the current one runs: it goes on if that one is behind it, or is of the same standing and
 * can wait for the end of a quantum. Whoever wakes another is often about to wait for it, and then a question and its answer
 * are two choices instead of four. With several CPUs another one may be idle. */
static bool current_goes_on(const struct thread *woken) {
    struct cpu *cpu = this_cpu();
    const struct thread *current = cpu->current;

    if (cpu_count() > 1 || current == NULL || current->state != THREAD_RUNNING ||
        current->tenant == NULL)
        return false;
    if (woken->tenant == NULL)
        return goes_on_beside(current->tenant, woken->driver);
    if (current->tenant == woken->tenant)
        return woken->placement == NULL || goes_on_beside_placed(current, woken);
    if (!share_may_finish(&current->tenant->share, &woken->tenant->share))
        return false;
    if (current->tenant->share.standing == woken->tenant->share.standing)
        end_with_quantum(cpu, &current->tenant->share);
    return true;
}

/* It may go before a thread of its tenant that another CPU runs. */
static __attribute__((noinline)) void interrupt_lesser(const struct thread *thread) {
    for (uint32_t n = 0; n < cpu_count(); n++)
        if (!cpu_is_this(cpus[n]) && runs(cpus[n], thread->tenant) && placement_allows(thread, n) &&
            thread_priority(cpus[n]->current) < thread_priority(thread))
            remote_kick(cpus[n]);
}

void scheduler_ready(struct thread *thread) {
    thread->slice_left = 0;
    make_ready(thread, READY_LAST);
    if (thread->placement && cpu_count() > 1)
        interrupt_lesser(thread);
    if (!current_goes_on(thread))
        choose_anew();
}

/* Charges what `cpu` runs, or the cause of its pass. */
static void account(struct cpu *cpu, uint64_t now) {
    accounted_at = now;
    account_charge(cpu, now);
}

uint64_t scheduler_account(void) {
    uint64_t now = clock_now();

    account(this_cpu(), now);
    return now;
}

void scheduler_account_all(void) {
    for (uint32_t n = 0; n < cpu_count(); n++)
        account(cpus[n], clock_now());
}

static struct cpu *cpu_running(const struct thread *thread) {
    struct cpu *cpu = cpus[thread->cpu];

    return cpu->current == thread ? cpu : NULL;
}

/* The thread that `cpu` runs is no longer its business. */
static void take_current(struct cpu *cpu) {
    struct thread *thread = cpu->current;

    remote_call_in(cpu);
    account(cpu, clock_now());
    if (thread->driver)
        drivers_changed = true;
    else
        cpu->cause = thread->tenant;
    cpu->current = NULL;
    cpu->reschedule = 1;
}

void scheduler_remove(struct thread *thread) {
    struct cpu *cpu = cpu_running(thread);

    timeout_remove(thread);
    if (ready_has(thread))
        ready_remove(thread);
    thread->state = THREAD_BLOCKED;
    thread_wait_no_more(thread);
    if (cpu)
        take_current(cpu);
    if (thread->tenant)
        ready_look_at(thread->tenant);
}

/* If it runs where it may not it stops before this entry ends. */
void scheduler_placement_changed(const struct thread *thread) {
    struct cpu *cpu = cpu_running(thread);

    if (cpu) {
        remote_call_in(cpu);
        cpu->reschedule = 1;
    }
    if (thread->placement && thread->state == THREAD_READY)
        interrupt_lesser(thread);
    choose_anew();
}

/* The links of its threads are stale from here on, and nothing follows them: see ready.c. Its block may go
 * while a pass lasts that it asked for. */
void scheduler_stop_tenant(struct tenant *tenant) {
    for (uint32_t n = 0; n < cpu_count(); n++) {
        if (runs(cpus[n], tenant))
            take_current(cpus[n]);
        if (cpus[n]->cause == tenant)
            cpus[n]->cause = NULL;
    }
    ready_forget(tenant);
}

void scheduler_call_in(const struct tenant *tenant) {
    for (uint32_t n = 0; n < cpu_count(); n++)
        if (runs(cpus[n], tenant))
            remote_call_in(cpus[n]);
}

void scheduler_interrupt(struct thread *thread) {
    struct cpu *cpu = cpu_running(thread);

    if (cpu && !cpu_is_this(cpu))
        remote_kick(cpu);
}

void scheduler_request(void) {
    drivers_changed = true;
    choose_anew();
}

bool scheduler_is_requested(void) {
    return this_cpu()->reschedule != 0;
}

void scheduler_put_off(void) {
    is_put_off |= this_cpu()->reschedule != 0; /* until the next pass, whoever came first */
    this_cpu()->reschedule = 0;
}

bool scheduler_has_put_off(void) {
    return is_put_off;
}

void scheduler_interrupted(void) {
    this_cpu()->interrupted = true;
    scheduler_request();
}

/* Of a manager's thread: a choice would find the same one again: no driver, no other tenant and no other of its threads is ready. */
static bool is_alone(const struct thread *current) {
    const struct tenant *tenant = current->tenant;
    uint32_t own = tenant->share.standing != SHARE_AWAY;

    return ready.drivers.first == NULL && tenant->ready.first == NULL && tenant->seating == NULL &&
           ready.tenants.count == own;
}

void scheduler_yield(void) {
    struct thread *current = this_cpu()->current;

    current->slice_left = 0;
    if (!is_alone(current))
        choose_anew();
}

void scheduler_block_current(uint32_t wait_word, uint64_t deadline) {
    struct thread *thread = this_cpu()->current;

    thread->state = THREAD_BLOCKED;
    thread_wait_for(thread, wait_word);
    timeout_add(thread, deadline);
    drivers_changed |= thread->driver != NULL;
    choose_anew();
}

/* It stops running here. If it could go on, it goes back to the head of its queue while its slice lasts, else to the end. */
static void put_back(struct thread *thread) {
    thread_save_fpu(thread);
    if (thread->state == THREAD_RUNNING)
        make_ready(thread, thread->slice_left > 0 ? READY_FIRST : READY_LAST);
}

static void put_back_current(struct cpu *cpu, uint64_t now) {
    struct thread *thread = cpu->current;

    account(cpu, now);
    cpu->current = NULL;
    if (thread == NULL)
        return;
    drivers_changed |= thread->driver != NULL;
    if (!cpu->interrupted)
        cpu->cause = thread->tenant;
    put_back(thread);
    if (thread->tenant)
        ready_look_at(thread->tenant);
}

static __attribute__((noinline)) uint64_t turn_of_placed(struct thread *thread) {
    const struct placement *placement = thread->placement;

    if (thread->slice_left == 0 && placement->priority == 0)
        thread->slice_left = SLICE_OF_WEIGHT * thread->weight;
    else if (thread->slice_left == 0)
        thread->slice_left = placement->slice > 0 ? placement->slice : DEADLINE_NEVER;
    return earlier(thread->slice_left, TURN);
}

/* How long a tenant's thread may go on: for its slice, an interrupted one for what is left of it; but others
 * get their turn first. */
static uint64_t turn_of(struct thread *thread) {
    if (thread->placement)
        return turn_of_placed(thread);
    if (thread->slice_left == 0)
        thread->slice_left = SLICE_OF_WEIGHT * thread->weight;
    return ready.tenants.count == 1 ? thread->slice_left : earlier(thread->slice_left, TURN);
}

/* One `hlt` with interrupts on; the core lock is free meanwhile. */
static void idle_once(struct cpu *cpu) {
    uint64_t start = read_tsc();

    stretch_end(cpu);
    core_lock_drop();
    wait_for_interrupt();
    core_lock_take();
    stretch_begin(cpu, 0);
    cpu->idle_ticks += cpu->entered - start;
}

/* Between two slices of long work: what is pending comes in. */
static void take_pending_interrupts(void) {
    stretch_end(this_cpu());
    core_lock_drop();
    take_interrupts();
    core_lock_take();
    stretch_begin(this_cpu(), 0);
}

/* What time and others have brought, one bounded slice of each. True: there is work left that nobody waits for. */
static bool do_work(uint64_t now) {
    uint64_t io;
    bool more;

    timeout_expire(now);
    io = earlier(io_work(now),
                 switches_work(now)); /* they may wake a driver: before their times are looked at */
    if (drivers_changed || now >= drivers_at) {
        drivers_changed = false;
        drivers_at = drivers_work(now);
    }
    more = tenant_work();
    work_at = earlier(earlier(drivers_at, io), timeout_next());
    work_at = earlier(work_at, more ? now + TURN : tenant_work_next());
    work_at = earlier(work_at, log_work(now));
    return more;
}

/* Has anything come up that the last do_work() has not seen, or is due? Switches and drivers ask for a choice themselves. */
static bool has_work(uint64_t now) {
    return drivers_changed || now >= work_at || timeout_next() < work_at || io_next() < work_at ||
           tenant_work_next() < work_at;
}

/* Who asked for this pass pays for what it did: with the rest of its time if it goes on. Interrupts and drivers
 * ask for nobody who is known: nobody pays then, least of all who was interrupted. */
static void charge_cause(struct cpu *cpu, const struct thread *next) {
    if (cpu->cause == NULL)
        account_begin(cpu, clock_now());
    else if (next == NULL || next->tenant != cpu->cause)
        account(cpu, clock_now());
    cpu->cause = NULL;
    cpu->interrupted = false;
}

/* Does another CPU look after what is due at `time`? */
static bool others_ring_by(uint64_t time) {
    for (uint32_t n = 0; cpu_count() > 1 && n < cpu_count(); n++)
        if (!cpu_is_this(cpus[n]) && cpus[n]->alarm != 0 && cpus[n]->alarm <= time)
            return true;
    return false;
}

static _Noreturn void run(struct cpu *cpu, struct thread *thread) {
    thread->state = THREAD_RUNNING;
    cpu->current = thread;
    resume_thread(thread);
}

/* Would a choice find the current thread's tenant again? Nobody else is ready, there is nothing to do, and the alarm, which
 * the last choice set for when the tenant has had its time, has not rung. */
static bool stays_with_tenant(const struct cpu *cpu, uint64_t now) {
    const struct tenant *tenant = cpu->current ? cpu->current->tenant : NULL;

    return tenant && tenant->ready.first && ready.tenants.count == 1 && tenant->seating == NULL &&
           share_is_let(&tenant->share) && ready.drivers.first == NULL && !cpu->interrupted &&
           !is_put_off && now < cpu->alarm && !has_work(now);
}

/* The rest of the tenant's turn is the next of its threads'. The tenant is charged when the turn ends. */
static _Noreturn void hand_over(struct cpu *cpu, uint64_t now) {
    struct thread *thread = cpu->current, *next;

    accounted_at = now;
    account_count(cpu, thread, now);
    put_back(thread);
    next = thread->tenant->ready.first;
    ready_remove(next);
    if (cpu_count() > 1)
        offer_rest(now);
    timer_set(now + turn_of(next), now);
    cpu->reschedule = 0;
    run(cpu, next);
}

void scheduler_run(void) {
    struct cpu *cpu = this_cpu();
    uint64_t now = clock_now();

    if (stays_with_tenant(cpu, now))
        hand_over(cpu, now);
    put_back_current(cpu, now);
    is_put_off = false;
    for (;; now = accounted_at = clock_now()) {
        uint64_t alarm = DEADLINE_NEVER;
        bool more = do_work(now);
        struct thread *thread = choose_thread(cpu, now, &alarm, &cpu->duty);

        cpu->idling = cpu->duty == DUTY_SPARE_DRIVER;
        charge_cause(cpu, thread);
        if (drivers_at == DRIVERS_AT_ONCE) {
            take_pending_interrupts();
            continue;
        }
        if (thread)
            ready_remove(thread);
        if (thread && thread->tenant)
            cpu->chosen_at = thread->tenant->share.chosen_at;
        if (cpu_count() > 1 && (thread || ready.tenants.standing > 0))
            offer_rest(now);
        if (thread == NULL && (more || log_send_line())) {
            take_pending_interrupts();
            continue;
        }
        if (thread && thread->tenant)
            alarm = earlier(alarm, now + turn_of(thread));
        timer_set(others_ring_by(work_at) ? alarm : earlier(alarm, work_at), now);
        cpu->reschedule = 0; /* the work of this pass has set it, too */
        if (thread)
            run(cpu, thread);
        idle_once(cpu);
    }
}
