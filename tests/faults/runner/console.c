// SPDX-License-Identifier: MIT
/*
 * A process of its own, since a write waits while the driver is down. Each line names its number.
 */
#include "tests/faults/runner/runner.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAUSE 500 /* microseconds */

static pid_t writer;

static _Noreturn void write_lines(void) {
    int console = open("/dev/console", O_WRONLY | O_NOCTTY);
    for (unsigned number = 0; console >= 0; number++) {
        dprintf(console, "line %u of the console's\r\n", number);
        sleep_microseconds(PAUSE);
    }
    _exit(1);
}

void console_start(void) {
    writer = fork();
    if (writer == 0)
        write_lines();
}

void console_stop(void) {
    kill(writer, SIGKILL);
    waitpid(writer, NULL, 0);
}
