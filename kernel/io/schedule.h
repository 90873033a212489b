// SPDX-License-Identifier: MIT
/*
 * Whose turn it is at one device, in O(log n) a request. Pure logic; time in nanoseconds on the device's clock.
 *
 * Of the flows that are READY the one whose reservation has been due for longest goes; if none is due, the one with
 * the least share tag. What must hold:
 *
 *   - a reservation that is backlogged is met, if all reservations together are what the device can do
 *   - whoever is READY gets something while nothing is due: nobody starves beside weights
 *   - no turn is given away while somebody is READY, unless a reservation would be missed by it: schedule_anticipates()
 *   - a flow that is not READY costs nothing
 */
#ifndef KERNEL_IO_SCHEDULE_H
#define KERNEL_IO_SCHEDULE_H

#include "kernel/io/flow.h"

#include <stdbool.h>

struct schedule {
    struct heap due, ready, held; /* each with room for all flows */
    struct heap anticipated;      /* likewise, where schedule_answered() is used */
    uint64_t virtual_time;        /* the greatest share tag that had its turn */
    uint64_t behind;              /* for how long the reservations' clock stood still */
    uint32_t reference;           /* cost of the reference request */
};

/* The flow has a request that may go. It may have had one before. */
void schedule_wants(struct schedule *schedule, struct flow *flow, uint64_t now);
/* It has none (any more). */
void schedule_rests(struct schedule *schedule, struct flow *flow, uint64_t now);
/* It rests, and the last of its requests has been answered: the next one may come soon. */
void schedule_answered(struct schedule *schedule, struct flow *flow, uint64_t now);
/* It goes away. */
void schedule_leaves(struct schedule *schedule, struct flow *flow, uint64_t now);
/* Whose turn it is; NULL: nobody is READY. */
struct flow *schedule_next(struct schedule *schedule, uint64_t now);
/* Its next request is one of its reservation. */
bool schedule_is_due(const struct schedule *schedule, const struct flow *flow, uint64_t now);
/* Before a request of that cost goes that is of no reservation: until when to wait for a flow that will want soon, and is due
 * before the request would be done; 0: do not wait. */
uint64_t schedule_anticipates(struct schedule *schedule, uint64_t now, uint32_t cost);
/* A request of that flow goes; `cost` in nanoseconds of the device, at least 1. Its state may change to HELD. */
void schedule_charge(struct schedule *schedule, struct flow *flow, uint64_t now, uint32_t cost,
                     uint32_t bytes);
/* When the first of those that are HELD may go; UINT64_MAX: none is. */
uint64_t schedule_held_until(const struct schedule *schedule);
/* Its reservation, weight or limit has changed, by flow_set(). */
void schedule_flow_changed(struct schedule *schedule, struct flow *flow, uint64_t now);

#endif
