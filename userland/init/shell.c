// SPDX-License-Identifier: MIT
/*
 * The shell on the console: a session of its own with the console as its terminal, so that job
 * control and ^C work. The console is a serial line, which does not tell the size and the type of
 * the terminal at its other end: `rf` says them. A shell that ends is started again; one that ends
 * at once is given a pause.
 */
#include "userland/init/init.h"
#include "userland/init/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CONSOLE       "/dev/console"
#define SHELL         "/bin/sh"
#define PAUSE_SECONDS 1

static void describe_terminal(int console) {
    char *text = read_file(TERMINAL_FILE);
    struct terminal_settings settings = terminal_parse(text);
    struct winsize size = {.ws_row = settings.rows, .ws_col = settings.columns};
    free(text);
    setenv("TERM", settings.type, 1);
    if (settings.rows && settings.columns)
        ioctl(console, TIOCSWINSZ, &size);
}

static _Noreturn void become_shell(void) {
    setsid();
    int console = open(CONSOLE, O_RDWR);
    if (console < 0)
        _exit(1);
    ioctl(console, TIOCSCTTY, 0);
    describe_terminal(console);
    for (int i = 0; i < 3; i++)
        dup2(console, i);
    if (console > 2)
        close(console);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGHUP, SIG_DFL);
    execl(SHELL, "-sh", (char *)NULL);
    fprintf(stderr, "init: %s: %s\n", SHELL, strerror(errno));
    _exit(127);
}

static time_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec;
}

static pid_t start_shell(void) {
    pid_t pid = fork();
    if (pid == 0)
        become_shell();
    if (pid < 0)
        report("no shell: %s", strerror(errno));
    return pid;
}

_Noreturn void shell_keep(void) {
    bool console = access(CONSOLE, F_OK) == 0;
    if (!console)
        report("%s: %s: no shell is started", CONSOLE, strerror(errno));
    time_t started = 0;
    for (pid_t shell = -1;;) {
        int status;
        if (console && shell <= 0) {
            started = now();
            shell = start_shell();
        }
        pid_t ended = waitpid(-1, &status, 0);
        if (ended < 0 && errno == ECHILD) {
            console ? (void)sleep(PAUSE_SECONDS) : (void)pause();
        } else if (ended == shell) {
            shell = -1;
            if (now() - started < PAUSE_SECONDS)
                sleep(PAUSE_SECONDS);
        } else if (ended > 0) {
            machine_child_ended(ended, status);
        }
    }
}
