// SPDX-License-Identifier: MIT
/*
 * Runs tests of the Open POSIX test suite one after the other, the same way on Linux and in a tenant, and says how each ended.
 *
 *     runner SECONDS NAME…
 *
 *     fork, setsid, ./conformance/interfaces/NAME.test
 *        │ ended by itself         RESULT: NAME exit STATUS MILLISECONDS
 *        │ ended by a signal       RESULT: NAME signal NUMBER MILLISECONDS
 *        │ not within SECONDS      RESULT: NAME hung 0 MILLISECONDS
 *        └──> everything that it left behind is killed
 *
 * Unless a test exits with 0, the end of what it printed follows, each line after a tab. At the end of all: END.
 *
 * What is left behind is everything else that runs: so the runner must be the first process of a PID space of its own, and
 * refuses to run as anybody's child.
 */
#define _GNU_SOURCE 1

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SUITE       "/suite"
#define OUTPUT      "/tmp/output"
#define SHOWN_BYTES 600

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000ll + time.tv_nsec / 1000000;
}

/* In the child: a session of its own with nothing to read, and signals as a login shell leaves them. */
static _Noreturn void become(const char *name, const sigset_t *nothing) {
    char path[256];
    snprintf(path, sizeof path, "./conformance/interfaces/%s.test", name);
    setsid();
    int input = open("/dev/null", O_RDONLY),
        output = open(OUTPUT, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    dup2(input, 0);
    dup2(output, 1);
    dup2(output, 2);
    close(input);
    close(output);
    sigprocmask(SIG_SETMASK, nothing, NULL);
    execl(path, path, (char *)NULL);
    _exit(127);
}

/* Waits for `child` until `deadline`, with SIGCHLD blocked; others that end meanwhile are orphans. */
static bool ended(pid_t child, long long deadline, int *status) {
    sigset_t children;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    for (;;) {
        pid_t found;
        while ((found = waitpid(-1, status, WNOHANG)) > 0)
            if (found == child)
                return true;
        long long left = deadline - now();
        if (left <= 0)
            return false;
        struct timespec time = {left / 1000, left % 1000 * 1000000};
        sigtimedwait(&children, NULL, &time);
    }
}

/* The clock may be set and memory may be short while a test runs; nothing of it outlives the test. */
static void kill_the_rest(void) {
    while (kill(-1, SIGKILL) == 0)
        while (waitpid(-1, NULL, 0) > 0) {
        }
}

static void show_output(void) {
    static char text[SHOWN_BYTES];
    int file = open(OUTPUT, O_RDONLY);
    off_t size = lseek(file, 0, SEEK_END);
    ssize_t bytes = pread(file, text, sizeof text, size > SHOWN_BYTES ? size - SHOWN_BYTES : 0);
    close(file);
    bool starts_line = true;
    for (ssize_t at = 0; at < bytes; at++) {
        if (starts_line)
            putchar('\t');
        starts_line = text[at] == '\n';
        putchar(text[at]);
    }
    if (!starts_line)
        putchar('\n');
}

static void run(const char *name, long long limit, const sigset_t *nothing) {
    int status = 0;
    long long start = now();
    pid_t child = fork();
    if (child == 0)
        become(name, nothing);
    bool in_time = ended(child, start + limit, &status);
    long long took = now() - start;
    kill_the_rest();
    if (!in_time)
        printf("RESULT: %s hung 0 %lld\n", name, took);
    else if (WIFSIGNALED(status))
        printf("RESULT: %s signal %d %lld\n", name, WTERMSIG(status), took);
    else
        printf("RESULT: %s exit %d %lld\n", name, WEXITSTATUS(status), took);
    if (!in_time || status != 0)
        show_output();
    fflush(stdout);
}

int main(int count, char **words) {
    if (count < 2 || getppid() != 0) {
        fputs("usage: runner SECONDS NAME..., as the first process of its PID space\n", stderr);
        return 2;
    }
    sigset_t children, nothing;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    sigprocmask(SIG_BLOCK, &children, &nothing);
    umask(022);
    if (chdir(SUITE) != 0)
        return perror(SUITE), 2;
    for (int number = 2; number < count; number++)
        run(words[number], atoll(words[1]) * 1000, &nothing);
    puts("END");
    return 0;
}
