// SPDX-License-Identifier: MIT
/*
 * A flow: what one tenant asks of one device, and its place among the others. Pure logic.
 *
 *              wants, limit has room                     wants, limit has none
 *        ┌────────────────────────────> READY <──time── HELD <─────────────┐
 *      RESTS <──────────────────────────  │ │             ^                │
 *        │          rests                 │ └──charged────┘                │
 *        └─────────────────────────────────────────────────────────────────┘
 *
 * After mClock (Gulati, Merchant, Varman: OSDI 2010): each flow has three tags, and each request that goes moves them.
 *
 *   due     on the reservations' clock, when the next request of its reservation is to go; moved by those only
 *   share   on the scheduler's virtual clock, by weight; moved by the requests beyond its reservation
 *   limit   limit.h; moved by all
 *
 * So a tenant gets its reservation, and of what is left its weight's part, and never more than its limit. A flow that
 * rests earns nothing: when it wants again, its tags are not behind the clocks, but for one request of its reservation.
 *
 * A program that reads, thinks and reads again rests after each answer, and another's request that goes meanwhile costs it
 * its turn. So a flow with a reservation that has been answered is anticipated for about twice as long as it has been
 * thinking lately, if that is less than what a request takes.
 */
#ifndef KERNEL_IO_FLOW_H
#define KERNEL_IO_FLOW_H

#include "kernel/abi/control.h"
#include "kernel/io/limit.h"
#include "kernel/sched/heap.h"

#include <stdint.h>

enum flow_state { FLOW_RESTS, FLOW_READY, FLOW_HELD };

struct flow {
    uint32_t reservation; /* reference requests a second (cost.h); 0: none */
    uint32_t weight;      /* 1..WEIGHT_MAX */
    struct limit limit;
    uint64_t pause; /* HELD for so much longer than its limit asks: several then go at once */
    enum flow_state state;
    uint64_t due, share;
    uint64_t held_since, held_total; /* with a request, by its limit; on the device's clock */
    uint64_t answered_at;            /* RESTS: since when nothing of it is out; 0: never was */
    uint64_t think_time;             /* from then until it wants, lately */
    uint64_t anticipated_until;      /* if by_due is in a heap while it RESTS */
    struct heap_node by_due;  /* if there is a reservation: READY, or RESTS and is anticipated */
    struct heap_node by_turn; /* READY: by share; HELD: by that of its release */
};

#endif
