// SPDX-License-Identifier: MIT
/*
 * The tenant whose manager has the faults: `exercise` runs in it and says after each round that it is still well. It is
 * started again whenever it has ended and its tenant lives.
 */
#define _GNU_SOURCE /* pipe2 */
#include "tests/faults/runner/runner.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
    const char *name;
    pid_t pid;
    int output; /* -1: it does not run */
    uint32_t rounds, wrong;
    char line[40];
    uint32_t used;
} victim = {.output = -1};

void victim_choose(const char *name) {
    victim.name = name;
}

void victim_start(void) {
    int ends[2];
    victim.rounds = victim.wrong = victim.used = 0;
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
        exit(1);
    fcntl(ends[1], F_SETFL, 0);
    victim.pid = fork();
    if (victim.pid == 0) {
        dup2(open("/dev/null", O_RDWR), STDIN_FILENO);
        dup2(STDIN_FILENO, STDERR_FILENO);
        dup2(ends[1], STDOUT_FILENO);
        execlp("rfctl", "rfctl", "exec", "-T", victim.name, "--", "/exercise", (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    victim.output = ends[0];
}

static void take(char byte) {
    if (byte != '\n') {
        if (victim.used < sizeof victim.line - 1)
            victim.line[victim.used++] = byte;
        return;
    }
    victim.line[victim.used] = '\0';
    victim.used = 0;
    if (strcmp(victim.line, "round") == 0)
        victim.rounds++;
    else if (strncmp(victim.line, "wrong|", 6) == 0)
        victim.wrong++;
}

void victim_listen(void) {
    char bytes[512];
    ssize_t count = -1;
    while (victim.output >= 0 && (count = read(victim.output, bytes, sizeof bytes)) > 0)
        for (ssize_t n = 0; n < count; n++)
            take(bytes[n]);
    if (count == 0)
        victim_end();
}

void victim_end(void) {
    if (victim.output < 0)
        return;
    close(victim.output);
    victim.output = -1;
    kill(victim.pid, SIGKILL);
    waitpid(victim.pid, NULL, 0);
}

bool victim_runs(void) {
    return victim.output >= 0;
}

uint32_t victim_rounds(void) {
    return victim.rounds;
}

uint32_t victim_wrong(void) {
    return victim.wrong;
}
