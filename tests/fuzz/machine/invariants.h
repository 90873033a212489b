// SPDX-License-Identifier: MIT
/*
 * What must hold between any two entries into the core, whoever called what.
 */
#ifndef TESTS_FUZZ_MACHINE_INVARIANTS_H
#define TESTS_FUZZ_MACHINE_INVARIANTS_H

/* Cheap: quotas and their sums, counts, views, PCI registers, the bystander's life. After every step. */
void check_accounts(void);
/* Dear: the frame audit, the maps and pins of every frame, drivers' slots, the core's pages in tenants, the
 * bystander's pattern. */
void check_frames(void);

#endif
