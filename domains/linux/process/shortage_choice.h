// SPDX-License-Identifier: MIT
/*
 * What a process that takes so much memory counts, when it is asked whom a shortage ends. Pure.
 */
#ifndef DOMAINS_LINUX_PROCESS_SHORTAGE_CHOICE_H
#define DOMAINS_LINUX_PROCESS_SHORTAGE_CHOICE_H

#include <stdint.h>

/* Frames, with `adjustment` thousandths of all `total` ones added. At least 1, but 0 if the adjustment is the least one, -1000. */
uint32_t shortage_points(uint32_t frames, int32_t adjustment, uint32_t total);

#endif
