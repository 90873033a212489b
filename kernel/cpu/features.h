// SPDX-License-Identifier: MIT
/*
 * The CPU features that the core relies on or takes where they are there.
 */
#ifndef KERNEL_CPU_FEATURES_H
#define KERNEL_CPU_FEATURES_H

/* Turns them on for the running CPU. Returns NULL, or the name of what is needed and missing. */
const char *features_enable(void);

#endif
