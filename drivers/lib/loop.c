// SPDX-License-Identifier: MIT
/*
 * See loop.h. `waiting` remembers that the core has more requests than the device had room for: the
 * doorbell rings once, the fetching goes on after each completion until the core says that there are no more.
 */
#include "drivers/lib/loop.h"

#include "drivers/lib/crash.h"
#include "drivers/lib/gate.h"
#include "drivers/lib/information.h"
#include "drivers/lib/log.h"

#include <stdbool.h>
#include <stddef.h>

static struct {
    uint64_t deadline;
    uint32_t in_flight; /* bit per id */
    uint32_t depth;     /* 0 until ready */
    bool waiting;
    void (*settle)(void);
} loop = {.deadline = DEADLINE_NEVER};

void loop_set_deadline(uint64_t nanoseconds) {
    loop.deadline = nanoseconds;
}

void loop_settle_by(void (*settle)(void)) {
    loop.settle = settle;
}

void loop_ready(const struct device_description *description) {
    enum status status = gate_ready(description);
    if (status == STATUS_OK)
        loop.depth = description->depth;
    else
        driver_log("the core refuses the device, status %u", (uint32_t)status);
}

void loop_complete(uint32_t id, enum status status, uint32_t bytes) {
    loop.in_flight &= ~(1u << id);
    gate_complete(id, status, bytes);
}

uint32_t loop_in_flight(void) {
    return loop.in_flight;
}

static bool has_room(void) {
    return (uint32_t)__builtin_popcount(loop.in_flight) < loop.depth;
}

static void take_requests(const struct loop_functions *functions) {
    struct driver_request request;
    while (loop.waiting && has_room()) {
        if (gate_fetch(&request) != STATUS_OK) {
            loop.waiting = false;
            return;
        }
        loop.waiting = request.more != 0;
        loop.in_flight |= 1u << request.id;
        functions->request(&request);
    }
}

_Noreturn void loop_run(const struct loop_functions *functions) {
    functions->start();
    for (;;) {
        uint32_t events = gate_wait(loop.deadline);
        if (events & EVENT_CRASH)
            crash((enum crash_kind)driver_information()->crash_kind);
        if (events & EVENT_INTERRUPT)
            functions->interrupt(driver_information()->interrupts);
        if (events & EVENT_TIMER) {
            loop.deadline = DEADLINE_NEVER;
            functions->timer();
        }
        if (events & EVENT_REQUEST)
            loop.waiting = true;
        take_requests(functions);
        if (loop.settle != NULL)
            loop.settle();
    }
}
