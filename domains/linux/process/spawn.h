// SPDX-License-Identifier: MIT
/*
 * The start of init, whose number is fixed.
 */
#ifndef DOMAINS_LINUX_PROCESS_SPAWN_H
#define DOMAINS_LINUX_PROCESS_SPAWN_H

#include "domains/linux/process/process.h"

/* process_spawn() with a given process number, which must be free. */
int process_spawn_as(int32_t pid, const char *path, const char *const *argv,
                     const char *const *envp, struct file *files[3], struct terminal *terminal);

#endif
