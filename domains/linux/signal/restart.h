// SPDX-License-Identifier: MIT
/*
 * Answers of an interrupted system call that the app never sees. On the way back to the app each
 * becomes a second run of the call, or -EINTR:
 *
 *                            handler with SA_RESTART   handler without   no handler (stopped,
 * continued) ERESTARTSYS              again                     EINTR             again
 *   ERESTARTNOINTR           again                     again             again
 *   ERESTARTNOHAND           EINTR                     EINTR             again
 *   ERESTART_RESTARTBLOCK    EINTR                     EINTR             restart_syscall()
 */
#ifndef DOMAINS_LINUX_SIGNAL_RESTART_H
#define DOMAINS_LINUX_SIGNAL_RESTART_H

#include <stdbool.h>
#include <stdint.h>

#ifndef ERESTARTSYS
#define ERESTARTSYS 512
#endif
#define ERESTARTNOINTR        513
#define ERESTARTNOHAND        514
#define ERESTART_RESTARTBLOCK 516

static inline bool result_asks_for_restart(int32_t result) {
    return (uint32_t)(result + ERESTART_RESTARTBLOCK) <= ERESTART_RESTARTBLOCK - ERESTARTSYS;
}

#endif
