// SPDX-License-Identifier: MIT
/*
 * What the core is told of a thread's schedule.
 *
 * Some of the manager's own threads are to the tenant what interrupts are to Linux: through the event service, the timers' and
 * the console's come completions of disks, what the network brings, timers and typed keys. So they go before all of the
 * tenant's threads, also before those of the greatest priority, while any of them is real-time. Till then they take turns: a
 * tenant that places no thread pays nothing for placements. What starts commands serves nobody else, and has the part of each
 * second that real time leaves.
 *
 * What must hold: real_time_count is how many launched threads are real-time; the services go first while it is not 0.
 */
#include "domains/linux/process/schedule.h"

#include "domains/lib/gate.h"
#include "domains/linux/errno.h"
#include "domains/linux/process/thread.h"

#define SERVICES_MOST 3

static uint32_t real_time_count;
static uint32_t services[SERVICES_MOST], service_count; /* their handles */

struct thread_placement schedule_placement(const struct schedule *schedule) {
    return (struct thread_placement){
        .cpus = schedule->cpus,
        .priority = schedule->priority,
        .slice = schedule->policy == SCHED_RR ? SLICE_OF_RR : 0,
    };
}

/* For want of memory one may stay as it was: it works all the same, if late. */
static void place_service(uint32_t handle) {
    const struct thread_placement placement = {.priority =
                                                   real_time_count > 0 ? THREAD_PRIORITY_MOST : 0};

    core_thread_place(handle, &placement);
}

void schedule_serve(void) {
    uint32_t handle = core_thread_self();

    services[service_count++] = handle;
    place_service(handle);
}

static void count(const struct schedule *schedule, uint32_t one) {
    bool was_none = real_time_count == 0;

    if (!policy_is_real_time(schedule->policy))
        return;
    real_time_count += one;
    for (uint32_t i = 0; was_none != (real_time_count == 0) && i < service_count; i++)
        place_service(services[i]);
}

static void tell_weight(const struct thread *thread) {
    core_thread_set_weight(thread->control->handle,
                           nice_weight(thread->schedule.policy, thread->process->nice));
}

static bool is_placed_alike(const struct schedule *one, const struct schedule *other) {
    return one->priority == other->priority && one->cpus == other->cpus &&
           (one->policy == SCHED_RR) == (other->policy == SCHED_RR);
}

/* Who is placed as before keeps its place in the queue, as on Linux. */
static int place(const struct thread *thread, const struct schedule *schedule) {
    const struct thread_placement placement = schedule_placement(schedule);

    if (is_placed_alike(&thread->schedule, schedule))
        return 0;
    return core_thread_place(thread->control->handle, &placement) == STATUS_OK ? 0 : -ENOMEM;
}

int schedule_change(struct thread *thread, const struct schedule *schedule) {
    int error = place(thread, schedule);

    if (error != 0)
        return error;
    count(schedule, 1);
    count(&thread->schedule, -1u);
    thread->schedule = *schedule;
    tell_weight(thread);
    return 0;
}

/* Real time, and a nice value that only root may give, are not for whom it makes. */
static void reset(struct thread *thread, bool is_first) {
    bool was_real_time = policy_is_real_time(thread->schedule.policy);

    thread->schedule.resets_on_fork = false;
    if (was_real_time) {
        thread->schedule.policy = SCHED_OTHER;
        thread->schedule.priority = 0;
    }
    if (is_first && (was_real_time || thread->process->nice < 0))
        thread->process->nice = 0;
}

void schedule_inherit(struct thread *thread, const struct thread *maker) {
    thread->schedule = maker->schedule;
    if (maker->schedule.resets_on_fork)
        reset(thread, thread->process != maker->process);
}

void schedule_launched(const struct thread *thread) {
    count(&thread->schedule, 1);
    if (thread->process->nice != 0 || thread->schedule.policy == SCHED_IDLE)
        tell_weight(thread);
}

void schedule_end(const struct thread *thread) {
    count(&thread->schedule, -1u);
}

int schedule_find(uint32_t id, struct thread **thread) {
    if ((int32_t)id < 0)
        return -EINVAL;
    *thread = id == 0 ? current_thread() : thread_find((int32_t)id);
    return *thread == NULL ? -ESRCH : 0;
}

bool schedule_is_own(const struct process *process) {
    uint32_t euid = current_process()->euid;

    return euid == 0 || euid == process->euid || euid == process->uid;
}
