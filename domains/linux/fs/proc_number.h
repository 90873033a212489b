// SPDX-License-Identifier: MIT
/*
 * Numbers that are written to /proc. Pure.
 */
#ifndef DOMAINS_LINUX_FS_PROC_NUMBER_H
#define DOMAINS_LINUX_FS_PROC_NUMBER_H

#include <stdint.h>

/* The text is one number, in C's notation, with a sign and with white space around it: 0, -EINVAL or -ERANGE. */
int proc_number(const char *text, int32_t *number);

#endif
