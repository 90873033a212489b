// SPDX-License-Identifier: MIT
/*
 * One fault in a driver: inject, wait until it is met, then until the driver fails or has done as if nothing were.
 *
 *   injected ──met──> looked at ──failure──> down ──is_back──> recovered
 *      │                 └──SERVED_ENOUGH requests later──> harmless; it stays where it is
 *      │                 └──FAIL_PATIENCE without either──> slow: it lives by its timers; the operator restarts it
 *      └──SERVED_UNMET requests later──> withdrawn
 *
 * All patience is in time of the guest, and longer than the core's own: the core judges first.
 */
#include "tests/faults/runner/trial.h"

#include <stdio.h>
#include <string.h>

#define MEET_PATIENCE   (3000 * MILLISECOND)
#define SERVED_UNMET    24u
#define SERVED_ENOUGH   16u
#define FAIL_PATIENCE   (45000 * MILLISECOND) /* the core gives a driver 40 s to get ready */
#define RETURN_PATIENCE (120000 * MILLISECOND)

/* It may have lost a request: so none from before may be left. */
static bool is_decided(const struct fault_outcome *outcome) {
    bool has_old = outcome->oldest_sent != 0 && outcome->oldest_sent <= outcome->met_at;
    return outcome->failures != 0 || (outcome->served >= SERVED_ENOUGH && !has_old);
}

static bool is_back(const struct fault_outcome *outcome) {
    return outcome->is_running && outcome->replays_left == 0;
}

/* Met, or so many requests later still not. */
static bool was_waited_for(const struct fault_outcome *outcome) {
    return is_met(outcome) || (outcome->is_running && outcome->served >= SERVED_UNMET);
}

/* A driver that is down is busy until the core has brought it back. That may never be, and what asks without end keeps the
 * machine awake for ever. */
static enum status when_up(struct fault_order *order, enum status (*call)(struct fault_order *)) {
    uint64_t start = time_now(), waited = 0;
    enum status status;
    while ((status = call(order)) == STATUS_BUSY && waited <= RETURN_PATIENCE) {
        pause_after(waited);
        waited = time_now() - start;
    }
    return status;
}

static const char *follow(struct fault_order *order, struct fault_outcome *outcome) {
    look(order, outcome, MEET_PATIENCE, was_waited_for);
    if (!is_met(outcome)) {
        fault_call(order, FAULT_WITHDRAW, outcome);
        return "unmet";
    }
    if (outcome->overwritten && outcome->failures == 0)
        return "overwritten";
    if (!look(order, outcome, FAIL_PATIENCE, is_decided))
        return fresh_driver(order) ? "slow" : "lost";
    if (outcome->failures == 0)
        return "harmless";
    return look(order, outcome, RETURN_PATIENCE, is_back) ? "recovered" : "lost";
}

static enum status inject(struct fault_order *order) {
    struct fault_outcome nothing;
    return fault_call(order, FAULT_INJECT, &nothing);
}

static enum status restart(struct fault_order *order) {
    return (enum status)control_numbers(CONTROL_DRIVER_RESTART, order->number, 0);
}

bool trial_of_driver(struct fault *fault) {
    struct fault_outcome outcome = {0};
    report_begin(fault);
    bool is_up = look(&fault->order, &outcome, RETURN_PATIENCE, is_back);
    enum status status = is_up ? when_up(&fault->order, inject) : STATUS_BUSY;
    if (status == STATUS_BUSY) {
        report(fault, &outcome, "down");
        return false;
    }
    if (status != STATUS_OK) {
        fprintf(stderr, "runner: fault %u: %s\n", fault->number, status_text(status));
        return false;
    }
    const char *verdict = follow(&fault->order, &outcome);
    report(fault, &outcome, verdict);
    return strcmp(verdict, "lost") != 0;
}

bool fresh_driver(struct fault_order *like) {
    struct fault_outcome outcome;
    return when_up(like, restart) == STATUS_OK && look(like, &outcome, RETURN_PATIENCE, is_back);
}
