// SPDX-License-Identifier: MIT
/*
 * The one app of the hostile manager: a few instructions in ring 3.
 */
#ifndef DOMAINS_HOSTILE_APP_H
#define DOMAINS_HOSTILE_APP_H

#include <stdint.h>

/* Position-independent code, copied into an app page; ends by int 0x80 with its result in EAX. */
extern const char app_with_small_stack[];

/* Goes to ring 3 with SS = `stack_selector` and ends the attack with what comes back: 0 means that
 * the app saw nothing, anything else is what it got. */
_Noreturn void app_run(const char *code, uint32_t stack_selector);

#endif
