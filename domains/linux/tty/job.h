// SPDX-License-Identifier: MIT
/*
 * Job control: which process group may use the terminal now.
 */
#ifndef DOMAINS_LINUX_TTY_JOB_H
#define DOMAINS_LINUX_TTY_JOB_H

#include <stdint.h>

struct terminal;

/* May the current process read? A background group gets SIGTTIN and the call answers -ERESTARTSYS;
 * where stopping would be for ever (signal ignored, orphaned group) it answers -EIO. */
int job_check_read(struct terminal *terminal);
/* The same before changes and, with TOSTOP, writes: SIGTTOU. Whoever ignores it may go on. */
int job_check_change(struct terminal *terminal);
int job_check_write(struct terminal *terminal);

/* TIOCSPGRP: 0, -ENOTTY, -EINVAL, -EPERM, -ESRCH. */
int job_set_foreground(struct terminal *terminal, int32_t process_group);

#endif
