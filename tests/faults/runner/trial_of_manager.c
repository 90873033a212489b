// SPDX-License-Identifier: MIT
/*
 * One fault in a manager. Nobody judges a manager but itself and its tenant: the core ends it for a fault or when it gives
 * up, and an exercise in it that makes no more rounds shows that it hangs. Then the operator restarts it.
 *
 *   injected ──met──> looked at ──death──> dead ──(the core's policy, or the operator)──> recovered
 *      │                 ├──ROUNDS_ENOUGH rounds later──> harmless; it stays where it is
 *      │                 └──HANG_PATIENCE without them──> hung: restarted by the operator ──> recovered
 *      └──ROUNDS_UNMET rounds later──> withdrawn
 */
#include "tests/faults/runner/trial.h"

#include <stdio.h>
#include <string.h>

#define ROUNDS_ENOUGH 3u
#define ROUNDS_UNMET  2u
#define HANG_PATIENCE (1000 * MILLISECOND)
#define POLICY_PATIENCE                                                                            \
    (40 * MILLISECOND) /* then the operator restarts it, to save the backoff's time */
#define RETURN_PATIENCE (20000 * MILLISECOND)
#define ATTEMPTS        3u

static uint32_t rounds_before;

static bool is_up(const struct fault_outcome *outcome) {
    return outcome->is_running;
}

static bool has_done_a_round(const struct fault_outcome *outcome) {
    if (outcome->is_running && !victim_runs())
        victim_start();
    return outcome->is_running && victim_rounds() > 0;
}

static bool is_decided(const struct fault_outcome *outcome) {
    return outcome->failures != 0 || !victim_runs() ||
           victim_rounds() - rounds_before >= ROUNDS_ENOUGH;
}

static void restart(struct fault_order *order) {
    victim_end();
    control_numbers(CONTROL_TENANT_RESTART, order->number, 0);
}

/* The tenant lives and the exercise goes round in it. */
static bool come_back(struct fault_order *order, struct fault_outcome *outcome) {
    if (!look(order, outcome, POLICY_PATIENCE, is_up))
        restart(order);
    for (uint32_t n = 0; n < ATTEMPTS; n++) {
        if (look(order, outcome, HANG_PATIENCE, has_done_a_round))
            return true;
        restart(order);
    }
    return look(order, outcome, RETURN_PATIENCE, has_done_a_round);
}

static const char *end_of(struct fault_order *order, struct fault_outcome *outcome) {
    struct fault_outcome first = *outcome, later;
    bool is_hung = first.failures == 0;
    if (is_hung) {
        first.failed_at = time_now();
        snprintf(first.cause, sizeof first.cause, "%s",
                 victim_runs() ? "no round any more" : "its program has ended");
        restart(order);
    } else {
        victim_end();
    }
    bool is_back = look(order, &later, POLICY_PATIENCE, is_up);
    first.recovered_at = time_now();
    if (!come_back(order, &later))
        return "lost";
    if (!is_back)
        first.recovered_at =
            0; /* it waited for its backoff, which says nothing of how fast it comes back */
    *outcome = first;
    outcome->failures = 1;
    return "recovered";
}

static bool was_waited_for(const struct fault_outcome *outcome) {
    return is_met(outcome) || victim_rounds() - rounds_before >= ROUNDS_UNMET;
}

static const char *follow(struct fault_order *order, struct fault_outcome *outcome) {
    rounds_before = victim_rounds();
    look(order, outcome, HANG_PATIENCE, was_waited_for);
    if (!is_met(outcome)) {
        fault_call(order, FAULT_WITHDRAW, outcome);
        return "unmet";
    }
    rounds_before = victim_rounds();
    if (outcome->overwritten && outcome->failures == 0)
        return "overwritten";
    bool is_decided_in_time = look(order, outcome, HANG_PATIENCE, is_decided);
    if (is_decided_in_time && outcome->failures == 0 && victim_runs())
        return victim_wrong() != 0 ? "felt" : "harmless";
    return end_of(order, outcome);
}

bool trial_of_manager(struct fault *fault) {
    struct fault_outcome outcome = {0};
    report_begin(fault);
    if (!come_back(&fault->order, &outcome)) {
        report(fault, &outcome, "down");
        return false;
    }
    enum status status = fault_call(&fault->order, FAULT_INJECT, &outcome);
    const char *verdict = status == STATUS_OK ? follow(&fault->order, &outcome) : "unmet";
    report(fault, &outcome, verdict);
    return strcmp(verdict, "lost") != 0;
}

bool fresh_manager(struct fault_order *like) {
    struct fault_outcome outcome;
    restart(like);
    return come_back(like, &outcome);
}
