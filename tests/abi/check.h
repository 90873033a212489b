// SPDX-License-Identifier: MIT
/*
 * What the ABI programs share: named checks, one line each that fails, and a verdict at the end.
 * The same binary runs on Linux and in a tenant, so a check that is wrong shows on Linux.
 */
#ifndef TESTS_ABI_CHECK_H
#define TESTS_ABI_CHECK_H

#define _GNU_SOURCE 1

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int checks_failed, checks_made;

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        checks_made++;                                                                             \
        if (!(condition)) {                                                                        \
            checks_failed++;                                                                       \
            printf("%s:%d: %s (errno %d)\n", __func__, __LINE__, #condition, errno);               \
        }                                                                                          \
    } while (0)

static inline int verdict(void) {
    printf("%d checks, %d failed\n", checks_made, checks_failed);
    return checks_failed != 0;
}

static inline int fails_with(long result, int error) {
    return result == -1 && errno == error;
}

/* Runs `body` in a child and answers its wait status. */
static inline int status_of(void (*body)(void)) {
    int status = -1;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        body();
        _exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        return -1;
    return status;
}

static inline int was_killed_by(int status, int signal) {
    return WIFSIGNALED(status) && WTERMSIG(status) == signal;
}

#endif
