// SPDX-License-Identifier: MIT
/*
 * Looking at a fault in ever longer pauses, and saying what became of it.
 */
#include "tests/faults/runner/trial.h"

#include <stdio.h>
#include <string.h>

#define PAUSE_LEAST 250u /* microseconds between two looks: an eighth of what has passed */
#define PAUSE_MOST  64000u

enum status fault_call(struct fault_order *order, enum fault_call number,
                       struct fault_outcome *outcome) {
    struct fault_block block = {.order = *order};
    block.order.call = number;
    enum status status = control_fault(&block);
    if (status == STATUS_OK)
        *outcome = block.outcome;
    return status;
}

void pause_after(uint64_t waited) {
    uint64_t pause = waited / 8000;
    if (pause < PAUSE_LEAST)
        pause = PAUSE_LEAST;
    sleep_microseconds((uint32_t)(pause < PAUSE_MOST ? pause : PAUSE_MOST));
}

bool look(struct fault_order *order, struct fault_outcome *outcome, uint64_t patience,
          bool (*enough)(const struct fault_outcome *)) {
    uint64_t start = time_now();
    for (;;) {
        fault_call(order, FAULT_LOOK, outcome);
        tenants_relay();
        victim_listen();
        if (enough(outcome))
            return true;
        uint64_t waited = time_now() - start;
        if (waited > patience)
            return false;
        pause_after(waited);
    }
}

bool is_met(const struct fault_outcome *outcome) {
    return outcome->met_at != 0 || outcome->overwritten || outcome->failures != 0;
}

void report_begin(const struct fault *fault) {
    printf("begin|%u\n", fault->number);
    fflush(stdout);
}

/* For whoever asks why a driver is in no state to go on with. */
static void describe_state(const struct fault_outcome *outcome, char text[FAULT_CAUSE]) {
    snprintf(text, FAULT_CAUSE, "running %u, served %u, replays left %u, oldest request of %llu",
             outcome->is_running, outcome->served, outcome->replays_left,
             (unsigned long long)outcome->oldest_sent);
}

void report(const struct fault *fault, const struct fault_outcome *outcome, const char *verdict) {
    char state[FAULT_CAUSE] = "";
    if (strcmp(verdict, "lost") == 0 || strcmp(verdict, "down") == 0)
        describe_state(outcome, state);
    printf("fault|%u|%s|%u|%llu|%llu|%llu|%llu|%u|%s\n", fault->number, verdict, outcome->failures,
           (unsigned long long)outcome->injected_at, (unsigned long long)outcome->met_at,
           (unsigned long long)outcome->failed_at, (unsigned long long)outcome->recovered_at,
           outcome->replayed, state[0] ? state : outcome->cause);
    fflush(stdout);
}
