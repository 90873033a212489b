// SPDX-License-Identifier: MIT
/*
 * What a signal does where the process has said nothing.
 */
#ifndef DOMAINS_LINUX_SIGNAL_DEFAULT_H
#define DOMAINS_LINUX_SIGNAL_DEFAULT_H

#include "domains/linux/signal/queue.h"

#define SET_OF(signal) (1ull << ((signal)-1))

/* CHLD CONT URG WINCH do nothing; STOP TSTP TTIN TTOU stop the process; all others end it. */
#define SIGNALS_IGNORED (SET_OF(17) | SET_OF(18) | SET_OF(23) | SET_OF(28))
#define SIGNALS_STOP    (SET_OF(19) | SET_OF(20) | SET_OF(21) | SET_OF(22))
/* KILL and STOP can be neither blocked nor handled. */
#define SIGNALS_UNBLOCKABLE (SET_OF(9) | SET_OF(19))

#endif
