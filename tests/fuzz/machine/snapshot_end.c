// SPDX-License-Identifier: MIT
/* Marks where the core's variables end: see snapshot.h. */
extern char snapshot_data_end[], snapshot_bss_end[];
char snapshot_data_end[32] = {1};
char snapshot_bss_end[32];
