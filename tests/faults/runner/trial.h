// SPDX-License-Identifier: MIT
/*
 * What a trial of a driver and one of a manager share.
 */
#ifndef TESTS_FAULTS_RUNNER_TRIAL_H
#define TESTS_FAULTS_RUNNER_TRIAL_H

#include "tests/faults/runner/runner.h"

#define MILLISECOND 1000000ull

enum status fault_call(struct fault_order *order, enum fault_call number,
                       struct fault_outcome *outcome);
void pause_after(uint64_t waited); /* ever longer, the longer it was waited already */
/* Looks until `enough`, or until `patience` is over: false. */
bool look(struct fault_order *order, struct fault_outcome *outcome, uint64_t patience,
          bool (*enough)(const struct fault_outcome *));
bool is_met(const struct fault_outcome *outcome);
void report_begin(const struct fault *fault);
void report(const struct fault *fault, const struct fault_outcome *outcome, const char *verdict);

#endif
