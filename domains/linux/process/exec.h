// SPDX-License-Identifier: MIT
/*
 * execve, from the app and from the manager.
 */
#ifndef DOMAINS_LINUX_PROCESS_EXEC_H
#define DOMAINS_LINUX_PROCESS_EXEC_H

/* Replaces the current process's program, with arguments in the manager's memory: the first program
 * of a spawned process. 0 or a negative errno, with everything as it was. */
int process_execute(const char *path, const char *const *argv, const char *const *envp);

#endif
