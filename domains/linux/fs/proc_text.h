// SPDX-License-Identifier: MIT
/*
 * Text that grows while it is written: what a file of /proc shows is made whole at the first read.
 */
#ifndef DOMAINS_LINUX_FS_PROC_TEXT_H
#define DOMAINS_LINUX_FS_PROC_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#define PROC_TEXT_MAX 0x10000u /* what does not fit is cut off */

struct proc_text {
    char *bytes; /* heap */
    uint32_t length, room;
    bool no_memory;
};

void proc_text_add(struct proc_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void proc_text_add_bytes(struct proc_text *text, const char *bytes, uint32_t count);
void proc_text_free(struct proc_text *text);

#endif
