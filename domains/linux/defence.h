// SPDX-License-Identifier: MIT
/*
 * The manager's defences against its own apps, by name. Each is 1; `make escape-control` builds the manager with
 * one of them 0 and expects the attack from ring 3 that it stops (tests/escape) to succeed. What they guard is one
 * tenant: the core takes a broken manager for an attacker like any other (kernel/defence.h).
 */
#ifndef DOMAINS_LINUX_DEFENCE_H
#define DOMAINS_LINUX_DEFENCE_H

/* The manager copies from and to app memory alone. */
#ifndef DEFENCE_USER_RANGE
#define DEFENCE_USER_RANGE 1
#endif

/* NT, DF and AC do not come in with an app. */
#ifndef DEFENCE_ENTRY_FLAGS
#define DEFENCE_ENTRY_FLAGS 1
#endif

/* System call numbers end with the table. */
#ifndef DEFENCE_SYSTEM_CALL_BOUND
#define DEFENCE_SYSTEM_CALL_BOUND 1
#endif

/* A mapping that has grown beyond the memory that it shares finds nothing there. */
#ifndef DEFENCE_SHARED_END
#define DEFENCE_SHARED_END 1
#endif

/* ---- What a signal's handler gives back ---- */

/* CS is the app's. */
#ifndef DEFENCE_SIGNAL_CODE
#define DEFENCE_SIGNAL_CODE 1
#endif

/* EIP lies where that segment goes. */
#ifndef DEFENCE_SIGNAL_INSTRUCTION
#define DEFENCE_SIGNAL_INSTRUCTION 1
#endif

/* SS, DS and ES can be loaded. */
#ifndef DEFENCE_SIGNAL_SELECTORS
#define DEFENCE_SIGNAL_SELECTORS 1
#endif

/* FS and GS too. */
#ifndef DEFENCE_SIGNAL_THREAD_SEGMENTS
#define DEFENCE_SIGNAL_THREAD_SEGMENTS 1
#endif

/* Flags are those that an app may set itself. */
#ifndef DEFENCE_SIGNAL_FLAGS
#define DEFENCE_SIGNAL_FLAGS 1
#endif

/* The CPU takes the FPU registers. */
#ifndef DEFENCE_SIGNAL_FPU
#define DEFENCE_SIGNAL_FPU 1
#endif

#endif
