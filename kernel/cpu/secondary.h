// SPDX-License-Identifier: MIT
/*
 * Bringing up every CPU but the first.
 */
#ifndef KERNEL_CPU_SECONDARY_H
#define KERNEL_CPU_SECONDARY_H

#include "kernel/boot_information.h"

/* Finds the machine's other CPUs and makes their pages: before core_seal(), for they are mapped for good. Uses at
 * most what `cpus=` on the command line says. */
void secondary_prepare(const struct boot_information *boot);
/* Starts them one after another: when core_directory is complete and the fence is chosen. One that does not
 * answer, lacks something, has another clock, or does not enforce what the fence rests on, is left halted. */
void secondary_start_all(void);

#endif
