// SPDX-License-Identifier: MIT
/*
 * Processes that end at once, with and without another program.
 */
#include "tests/bench/mbench/measure.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *program;

static bool ended_well(pid_t child) {
    int status;
    bool ended = child >= 0 && waitpid(child, &status, 0) == child;
    if (ended && status != 0)
        errno = ENOEXEC;
    return ended && status == 0;
}

static void execute(void) {
    execl(program, "mbench", "--nop", (char *)0);
    _exit(127);
}

static int fork_and_wait(int count) {
    while (count--) {
        pid_t child = fork();
        if (child == 0)
            _exit(0);
        if (!ended_well(child))
            return -1;
    }
    return 0;
}

static int fork_and_execute(int count) {
    while (count--) {
        pid_t child = fork();
        if (child == 0)
            execute();
        if (!ended_well(child))
            return -1;
    }
    return 0;
}

static int vfork_and_execute(int count) {
    while (count--) {
        pid_t child = vfork();
        if (child == 0)
            execute();
        if (!ended_well(child))
            return -1;
    }
    return 0;
}

void measure_processes(const char *self) {
    program = self;
    measure("fork_exit_wait", fork_and_wait, 40);
    measure("fork_exec_wait", fork_and_execute, 20);
    measure("vfork_exec_wait", vfork_and_execute, 20);
}
