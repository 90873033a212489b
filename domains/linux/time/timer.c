// SPDX-License-Identifier: MIT
/*
 * Arming and expiry. What timer.h draws; the calls are in timer_call.c.
 */
#include "domains/linux/time/timer_state.h"

#include "domains/lib/clock.h"
#include "domains/lib/gate.h"
#include "domains/lib/heap.h"
#include "domains/linux/process/schedule.h"
#include "domains/linux/process/usage.h"
#include "domains/linux/signal/state.h"
#include "domains/linux/time/time.h"
#include "domains/linux/time/wall.h"

#define PERIOD_LEAST 100000u

static struct timer *armed; /* by `look` */
static struct wait_queue service_event;

uint64_t timer_clock_now(const struct timer *timer) {
    struct cpu_times times;
    switch (timer->kind) {
    case TIMER_WALL:
        return time_wall();
    case TIMER_APP_TIME:
        return process_cpu_times(timer->process).app;
    case TIMER_CPU_TIME:
        times = process_cpu_times(timer->process);
        return times.app + times.manager;
    default:
        return clock_nanoseconds();
    }
}

/* When, since boot, the clock of the timer can reach its deadline at the earliest. */
static uint64_t earliest(const struct timer *timer) {
    uint64_t now = timer_clock_now(timer);
    uint64_t left = timer->deadline > now ? timer->deadline - now : 0;
    return time_add(clock_nanoseconds(), left);
}

static void insert(struct timer *timer) {
    struct timer **link = &armed;
    while (*link != NULL && (*link)->look <= timer->look)
        link = &(*link)->next_armed;
    timer->next_armed = *link;
    *link = timer;
    timer->is_armed = true;
    if (armed == timer)
        wait_wake(&service_event);
}

void timer_disarm(struct timer *timer) {
    if (!timer->is_armed)
        return;
    struct timer **link = &armed;
    while (*link != timer)
        link = &(*link)->next_armed;
    *link = timer->next_armed;
    timer->is_armed = false;
}

void timer_arm(struct timer *timer, uint64_t deadline, uint64_t interval) {
    timer_disarm(timer);
    timer->deadline = deadline;
    timer->interval = interval;
    timer->missed = 0;
    timer->look = earliest(timer);
    insert(timer);
}

static struct timer *merge(struct timer *left, struct timer *right) {
    struct timer *first = NULL, **end = &first;
    while (left != NULL && right != NULL) {
        struct timer **least = left->look <= right->look ? &left : &right;
        *end = *least;
        end = &(*least)->next_armed;
        *least = *end;
    }
    *end = left != NULL ? left : right;
    return first;
}

static uint64_t moved(uint64_t look, int64_t step) {
    if (step < 0)
        return time_add(look, 0 - (uint64_t)step);
    return look > (uint64_t)step ? look - (uint64_t)step : 0;
}

/* All that are on the wall clock move by as much, and so keep their order: one pass, however many there are. */
void timers_follow(int64_t step) {
    struct timer *lists[2] = {NULL, NULL}, **ends[2] = {&lists[0], &lists[1]};
    for (struct timer *timer = armed; timer != NULL; timer = timer->next_armed) {
        bool moves = timer->kind == TIMER_WALL;
        if (moves)
            timer->look = moved(timer->look, step);
        *ends[moves] = timer;
        ends[moves] = &timer->next_armed;
    }
    *ends[0] = *ends[1] = NULL;
    armed = merge(lists[0], lists[1]);
    wait_wake(&service_event);
}

static void add_missed(struct timer *timer, uint64_t count) {
    uint64_t sum = timer->missed + count;
    timer->missed = sum < TIMER_OVERRUN_MOST ? (uint32_t)sum : TIMER_OVERRUN_MOST;
}

/* false: one is pending, or there is no room for it. */
static bool send_own_signal(const struct timer *timer) {
    const struct signal_information information = {
        .signal = timer->signal,
        .is_timers = true,
        .code = SI_TIMER,
        .fields = {(uint32_t)timer->id, 0, timer->value},
    };
    struct process *process = timer->process;
    struct thread *thread = timer->tid != 0 ? thread_find(timer->tid) : NULL;
    bool to_thread = thread != NULL && thread->process == process;
    struct signal_queue *queue = to_thread ? &thread->pending : &process->pending;
    if (signal_queue_has_timer(queue, timer->signal, (uint32_t)timer->id))
        return false;
    return (to_thread ? signal_send_thread(thread, &information)
                      : signal_send_process(process, &information)) == 0;
}

static void notify(struct timer *timer) {
    if (timer->signal == 0)
        return;
    if (timer->id < 0)
        signal_process(timer->process, timer->signal);
    else if (!send_own_signal(timer))
        add_missed(timer, 1);
}

/* Sets the deadline behind now: how many times it expired. */
static uint64_t pass(struct timer *timer, uint64_t now) {
    uint64_t count = (now - timer->deadline) / timer->interval;
    timer->deadline = time_add(timer->deadline + count * timer->interval, timer->interval);
    return count + 1;
}

void timer_signal_taken(struct process *process, struct signal_information *information) {
    struct timer *timer = timer_find(process, (int32_t)information->fields[0]);
    if (timer == NULL || timer->id < 0 || timer->signal != information->signal)
        return;
    uint64_t now = timer_clock_now(timer);
    if (timer->is_armed && timer->interval != 0 && now >= timer->deadline)
        add_missed(timer, pass(timer, now));
    information->fields[1] = timer->overrun = timer->missed;
    timer->missed = 0;
}

/* The next deadline after now; periods that went by unseen are overruns. However short the period,
 * the service does nothing but this timer for no more than once in PERIOD_LEAST. */
static void rearm(struct timer *timer, uint64_t now) {
    add_missed(timer, pass(timer, now) - 1);
    uint64_t look = earliest(timer), least = clock_nanoseconds() + PERIOD_LEAST;
    timer->look = look > least ? look : least;
    insert(timer);
}

static void look_at(struct timer *timer) {
    uint64_t now = timer_clock_now(timer);
    timer_disarm(timer);
    if (now < timer->deadline) {
        timer->look = earliest(timer);
        insert(timer);
        return;
    }
    if (timer->interval != 0)
        rearm(timer, now);
    notify(timer);
}

_Noreturn void timer_service(void) {
    schedule_serve();
    for (;;) {
        while (armed != NULL && armed->look <= clock_nanoseconds())
            look_at(armed);
        wait_uninterrupted(&service_event, armed != NULL ? armed->look : DEADLINE_NEVER);
    }
}

struct timer *timer_find(struct process *process, int32_t id) {
    struct timer *timer = process->timers;
    while (timer != NULL && timer->id != id)
        timer = timer->next;
    return timer;
}

struct timer *timer_make(struct process *process, int32_t id, enum timer_kind kind) {
    struct timer *timer = heap_allocate(sizeof(*timer));
    if (timer == NULL)
        return NULL;
    timer->process = process;
    timer->id = id;
    timer->kind = kind;
    timer->next = process->timers;
    process->timers = timer;
    return timer;
}

void timer_free(struct timer *timer) {
    struct timer **link = &timer->process->timers;
    while (*link != timer)
        link = &(*link)->next;
    *link = timer->next;
    timer_disarm(timer);
    heap_free(timer);
}

void timers_free(struct process *process) {
    while (process->timers != NULL)
        timer_free(process->timers);
}

void timers_exec(struct process *process) {
    struct timer *next;
    for (struct timer *timer = process->timers; timer != NULL; timer = next) {
        next = timer->next;
        if (timer->id >= 0)
            timer_free(timer);
    }
}
