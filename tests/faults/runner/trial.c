// SPDX-License-Identifier: MIT
/*
 * One fault: inject, wait until it is met, then until the driver fails or has done as if nothing were.
 *
 *   injected ──met──> looked at ──failure──> down ──is_running──> recovered
 *      │                 └──SERVED_ENOUGH requests later──> harmless; it stays where it is
 *      └──MEET_PATIENCE──> withdrawn
 *
 * All patience is in time of the guest, and longer than the core's own: the core judges first.
 */
#include "tests/faults/runner/runner.h"

#include <stdio.h>

#define MILLISECOND     1000000ull
#define MEET_PATIENCE   (30 * MILLISECOND)
#define START_PATIENCE  (3000 * MILLISECOND) /* of a copy that is mutated before it starts */
#define SERVED_ENOUGH   16u
#define FAIL_PATIENCE   (60000 * MILLISECOND)
#define RETURN_PATIENCE (120000 * MILLISECOND)
#define PAUSE_LEAST     250u /* microseconds between two looks: an eighth of what has passed */
#define PAUSE_MOST      64000u

static enum status call(struct fault_order *order, enum fault_call number,
                        struct fault_outcome *outcome) {
    struct fault_block block = {.order = *order};
    block.order.call = number;
    enum status status = control_fault(&block);
    if (status == STATUS_OK)
        *outcome = block.outcome;
    return status;
}

static bool is_met(const struct fault_outcome *outcome) {
    return outcome->met_at != 0 || outcome->overwritten || outcome->failures != 0;
}

/* It may have lost a request: so none from before may be left. */
static bool is_decided(const struct fault_outcome *outcome) {
    bool has_old = outcome->oldest_sent != 0 && outcome->oldest_sent <= outcome->met_at;
    return outcome->failures != 0 || (outcome->served >= SERVED_ENOUGH && !has_old);
}

static bool is_back(const struct fault_outcome *outcome) {
    return outcome->is_running && outcome->replays_left == 0;
}

static void pause_after(uint64_t waited) {
    uint64_t pause = waited / 8000;
    if (pause < PAUSE_LEAST)
        pause = PAUSE_LEAST;
    sleep_microseconds((uint32_t)(pause < PAUSE_MOST ? pause : PAUSE_MOST));
}

/* Looks until `enough`, or until `patience` is over: false. */
static bool look(struct fault_order *order, struct fault_outcome *outcome, uint64_t patience,
                 bool (*enough)(const struct fault_outcome *)) {
    uint64_t start = time_now();
    for (;;) {
        call(order, FAULT_LOOK, outcome);
        tenants_relay();
        if (enough(outcome))
            return true;
        uint64_t waited = time_now() - start;
        if (waited > patience)
            return false;
        pause_after(waited);
    }
}

static void report(const struct fault *fault, const struct fault_outcome *outcome,
                   const char *verdict) {
    printf("fault|%u|%s|%u|%llu|%llu|%llu|%llu|%u|%s\n", fault->number, verdict, outcome->failures,
           (unsigned long long)outcome->injected_at, (unsigned long long)outcome->met_at,
           (unsigned long long)outcome->failed_at, (unsigned long long)outcome->recovered_at,
           outcome->replayed, outcome->cause);
    fflush(stdout);
}

static const char *follow(struct fault_order *order, struct fault_outcome *outcome) {
    if (!look(order, outcome, order->at_start ? START_PATIENCE : MEET_PATIENCE, is_met)) {
        call(order, FAULT_WITHDRAW, outcome);
        return "unmet";
    }
    if (outcome->overwritten && outcome->failures == 0)
        return "overwritten";
    if (!look(order, outcome, FAIL_PATIENCE, is_decided))
        return "stuck";
    if (outcome->failures == 0)
        return "harmless";
    return look(order, outcome, RETURN_PATIENCE, is_back) ? "recovered" : "lost";
}

bool trial(struct fault *fault) {
    struct fault_outcome outcome = {0};
    enum status status;
    printf("begin|%u\n", fault->number);
    fflush(stdout);
    if (!look(&fault->order, &outcome, RETURN_PATIENCE, is_back)) {
        report(fault, &outcome, "down");
        return false;
    }
    while ((status = call(&fault->order, FAULT_INJECT, &outcome)) == STATUS_BUSY)
        sleep_microseconds(PAUSE_LEAST);
    if (status != STATUS_OK) {
        fprintf(stderr, "runner: fault %u: %s\n", fault->number, status_text(status));
        return false;
    }
    const char *verdict = follow(&fault->order, &outcome);
    report(fault, &outcome, verdict);
    return verdict[0] != 's' && verdict[0] != 'l';
}

bool start_afresh(struct fault_order *like) {
    struct fault_outcome outcome;
    while (control_numbers(CONTROL_DRIVER_RESTART, like->number, 0) == STATUS_BUSY)
        sleep_microseconds(PAUSE_LEAST);
    return look(like, &outcome, RETURN_PATIENCE, is_back);
}
