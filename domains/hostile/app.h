// SPDX-License-Identifier: MIT
/*
 * The one app of the hostile manager: a few instructions in ring 3.
 */
#ifndef DOMAINS_HOSTILE_APP_H
#define DOMAINS_HOSTILE_APP_H

#include <stdint.h>

/* Position-independent code, copied into an app page; ends by int 0x80 with its result in EAX. */
extern const char app_with_small_stack[], app_with_every_ds[], app_with_every_es[],
    app_with_every_fs[], app_with_every_gs[], app_with_every_ss[];

/* Not 0: a fault of the app's does not end it; see skip_instruction in entry.S. */
extern uint32_t app_survives;
/* The result that means no harm. */
extern uint32_t app_expected;

/* Goes to ring 3 with SS = `stack_selector` and ends the attack with what comes back: 0 means that
 * the app saw nothing, anything else is what it got. */
_Noreturn void app_run(const char *code, uint32_t stack_selector);

#endif
