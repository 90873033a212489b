// SPDX-License-Identifier: MIT
/*
 * The core's variables and the machine's memory, as they were after boot: every input starts from there.
 *
 * The core's variables are what the linker puts between snapshot_begin.c and snapshot_end.c; a target lists its
 * sources in this order.
 */
#ifndef TESTS_FUZZ_MACHINE_SNAPSHOT_H
#define TESTS_FUZZ_MACHINE_SNAPSHOT_H

void snapshot_take(void);
void snapshot_restore(void);

#endif
