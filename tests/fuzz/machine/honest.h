// SPDX-License-Identifier: MIT
/*
 * Honest domains: drivers that serve their devices, managers that sleep; and the calls that domains of any kind are made to make.
 */
#ifndef TESTS_FUZZ_MACHINE_HONEST_H
#define TESTS_FUZZ_MACHINE_HONEST_H

#include "kernel/gate/gate.h"
#include "kernel/layout.h"
#include "kernel/sched/thread.h"

#define HONEST_SCRATCH (MANAGER_MAPPINGS_LIMIT - 1024u) /* memory for what calls point to */
#define DISK_BYTES     (1u << 20)                       /* of each tenant that has one */

/* What an honest domain does when it runs: a driver serves its device, the bystander sleeps. */
void serve(struct thread *thread);

/* Memory of whoever runs, as it writes it itself. */
enum status put(uint32_t address, const void *bytes, uint32_t count);

/* A gate call of whoever runs: as much of its frame as calls look at. */
struct call {
    uint32_t number, arguments[5];
};
void call_gate(gate_handler *const *group, const struct call *call);

#endif
