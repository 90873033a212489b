// SPDX-License-Identifier: MIT
/*
 * The commands of `rf run --exec`. Results go to the host by the core's debug port, so that they do
 * not depend on a driver under test:
 *
 *   O bytes   standard output        S u32   exit status, as a shell's $?
 *   E bytes   standard error
 *
 * A command has ended when its shell has; what background processes write later is not waited for.
 */
#include "userland/init/init.h"

#include "userland/lib/control.h"

#define _GNU_SOURCE
#include <cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define FRAME_BYTES     4096
#define STATUS_NO_START 126
#define OPERATOR        0 /* its number as a tenant */

enum { OUTPUT, ERROR_OUTPUT, STREAMS };
static const char frame_types[STREAMS] = {'O', 'E'};

static volatile sig_atomic_t child_ended;

static void note_child(int signal_number) {
    (void)signal_number;
    child_ended = 1;
}

static _Noreturn void become_shell(const char *command, const int ends[STREAMS]) {
    int null = open("/dev/null", O_RDONLY);
    sigset_t none;
    setsid();
    dup2(null, STDIN_FILENO);
    dup2(ends[OUTPUT], STDOUT_FILENO);
    dup2(ends[ERROR_OUTPUT], STDERR_FILENO);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGHUP, SIG_DFL);
    signal(SIGCHLD, SIG_DFL);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

/* Passes on what is in the pipe now. */
static void pass_on(struct pollfd *stream, char frame_type) {
    char bytes[FRAME_BYTES];
    ssize_t count;
    while ((count = read(stream->fd, bytes, sizeof bytes)) > 0)
        control_debug_write(frame_type, bytes, (uint32_t)count);
    if (count == 0)
        stream->fd = -1;
}

/* Takes in every child that has ended. true: `pid` was one of them. */
static bool reap(pid_t pid, int *status) {
    bool found = false;
    int ended_status;
    pid_t ended;
    child_ended = 0;
    while ((ended = waitpid(-1, &ended_status, WNOHANG)) > 0) {
        if (ended == pid) {
            *status = ended_status;
            found = true;
        } else {
            machine_child_ended(ended, ended_status);
        }
    }
    return found;
}

/* Follows the command to its end: its wait status. SIGCHLD is blocked except in ppoll(). */
static int follow(pid_t pid, struct pollfd streams[STREAMS], const sigset_t *while_waiting) {
    int status = 0;
    bool ended = false;
    while (!ended) {
        if (!child_ended)
            ppoll(streams, STREAMS, NULL, while_waiting);
        if (child_ended)
            ended = reap(pid, &status);
        for (int i = 0; i < STREAMS; i++)
            if (streams[i].fd >= 0)
                pass_on(&streams[i], frame_types[i]);
    }
    return status;
}

static bool make_pipe(struct pollfd *reader, int *writer) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return false;
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    *reader = (struct pollfd){.fd = ends[0], .events = POLLIN};
    *writer = ends[1];
    return true;
}

static uint32_t run(const char *command, const sigset_t *while_waiting) {
    struct pollfd streams[STREAMS];
    int readers[STREAMS] = {-1, -1}, writers[STREAMS] = {-1, -1}, status = 0;
    pid_t pid = -1;
    bool good = true;
    for (int i = 0; i < STREAMS && good; i++) {
        good = make_pipe(&streams[i], &writers[i]);
        readers[i] = good ? streams[i].fd : -1;
    }
    if (good)
        pid = fork();
    if (pid == 0)
        become_shell(command, writers);
    for (int i = 0; i < STREAMS; i++)
        close(writers[i]);
    if (pid > 0)
        status = follow(pid, streams, while_waiting);
    else
        report("a command cannot be started: %s", strerror(errno));
    for (int i = 0; i < STREAMS; i++)
        close(readers[i]);
    if (pid < 0)
        return STATUS_NO_START;
    return WIFEXITED(status) ? (uint32_t)WEXITSTATUS(status) : 128u + (uint32_t)WTERMSIG(status);
}

static void run_all(const cJSON *commands) {
    struct sigaction action = {.sa_handler = note_child};
    const cJSON *command;
    sigset_t child, before;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, &before);
    sigdelset(&before, SIGCHLD);
    sigaction(SIGCHLD, &action, NULL);
    cJSON_ArrayForEach(command, commands) {
        uint32_t status = STATUS_NO_START;
        if (cJSON_IsString(command))
            status = run(command->valuestring, &before);
        else
            report("%s: must be a list of texts", COMMANDS_FILE);
        control_debug_write('S', &status, sizeof status);
    }
}

static bool is_restarted(void) {
    struct tenant_status operator;
    return control_tenant_status(OPERATOR, &operator) == STATUS_OK && operator.restarts> 0;
}

void commands_write_error(const char *line) {
    control_debug_write(frame_types[ERROR_OUTPUT], line, (uint32_t)strlen(line));
}

void commands_run(void) {
    char *text = read_file(COMMANDS_FILE);
    if (!text)
        return;
    cJSON *commands = cJSON_Parse(text);
    if (is_restarted())
        report("the operator's tenant was restarted: its commands are not run a second time");
    else if (cJSON_IsArray(commands))
        run_all(commands);
    else
        report("%s: not a JSON list of commands", COMMANDS_FILE);
    control_numbers(CONTROL_POWER_OFF, 0, 0);
    for (;;)
        pause();
}
