// SPDX-License-Identifier: MIT
/* Marks where the core's variables begin: see snapshot.h. */
extern char snapshot_data_begin[], snapshot_bss_begin[];
char snapshot_data_begin[32] = {1};
char snapshot_bss_begin[32];
