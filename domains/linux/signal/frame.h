// SPDX-License-Identifier: MIT
/*
 * Signal frames on the app's stack, in the two layouts of Linux i386, and the way back out of them.
 *
 *   plain handler (sigreturn)          SA_SIGINFO (rt_sigreturn)
 *     720  mask, upper half              144  ucontext: flags, link, stack, sigcontext, mask
 *      96  (room of an old FPU state)     16  siginfo, 128 bytes
 *       8  sigcontext, 88 bytes           12  address of ucontext
 *       4  signal                          8  address of siginfo
 *       0  return address  <- ESP          4  signal
 *                                          0  return address  <- ESP
 *
 * The FPU state lies above the frame, aligned to 64: a legacy FSAVE image of 112 bytes, then
 * FXSAVE's 512.
 */
#ifndef DOMAINS_LINUX_SIGNAL_FRAME_H
#define DOMAINS_LINUX_SIGNAL_FRAME_H

#include "domains/linux/signal/state.h"

/* Puts the frame on the app's stack and points the registers at the handler. `mask` is what
 * sigreturn will set. 0 or -EFAULT, with the registers unchanged. */
int signal_frame_push(struct thread *thread, const struct signal_information *information,
                      const struct signal_action *action, signal_set mask,
                      struct registers *registers);
/* The stack could not take the frame of `signal`: SIGSEGV instead, or the end if that was it. */
void signal_frame_failed(struct thread *thread, int signal);

#endif
