// SPDX-License-Identifier: MIT
/*
 * A timer, for the two files that know its inside.
 */
#ifndef DOMAINS_LINUX_TIME_TIMER_STATE_H
#define DOMAINS_LINUX_TIME_TIMER_STATE_H

#include "domains/linux/process/thread.h"
#include "domains/linux/time/timer.h"

#define TIMER_OVERRUN_MOST 0x7FFFFFFFu

enum timer_kind { TIMER_BOOT, TIMER_WALL, TIMER_APP_TIME, TIMER_CPU_TIME };

struct timer {
    struct process *process;
    struct timer *next; /* of the process */
    struct timer *next_armed;
    int32_t id;           /* of timer_create, from 0; setitimer's: -1 - which */
    enum timer_kind kind; /* the clock that `deadline` is on */
    bool is_wall; /* its absolute times are the wall clock's, and `kind` says whether this is one */
    bool is_armed;
    uint64_t deadline;
    uint64_t interval; /* 0: once */
    uint64_t look;     /* since boot: when to look at it next */
    int signal;        /* 0: none */
    int32_t tid;       /* 0: to the process */
    uint32_t value;    /* sigev_value */
    uint32_t overrun;  /* of the signal that was taken last */
    uint32_t missed;   /* since then, beside the signal that is pending */
};

struct timer *timer_make(struct process *process, int32_t id, enum timer_kind kind);
struct timer *timer_find(struct process *process, int32_t id);
void timer_free(struct timer *timer);
void timer_arm(struct timer *timer, uint64_t deadline, uint64_t interval);
void timer_disarm(struct timer *timer);
uint64_t timer_clock_now(const struct timer *timer);

#endif
