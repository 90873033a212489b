// SPDX-License-Identifier: MIT
/*
 * fork, vfork, exec, wait, groups, stop and continue.
 */
#include "tests/abi/check.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

extern char **environ;

static void exit_codes_reach_the_parent(void) {
    int status;
    pid_t child = fork();
    if (child == 0)
        _exit(42);
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 42);
    CHECK(waitpid(-1, &status, 0) == -1 && errno == ECHILD);
    siginfo_t information = {0};
    child = fork();
    if (child == 0)
        _exit(9);
    CHECK(waitid(P_PID, (id_t)child, &information, WEXITED | WNOWAIT) == 0);
    CHECK(waitid(P_PID, (id_t)child, &information, WEXITED) == 0);
    CHECK(information.si_pid == child && information.si_status == 9);
    CHECK(information.si_code == CLD_EXITED);
}

static void many_children_are_all_seen(void) {
    int sum = 0, status;
    for (int i = 0; i < 50; i++)
        if (fork() == 0)
            _exit(i);
    while (wait(&status) > 0)
        sum += WEXITSTATUS(status);
    CHECK(sum == 49 * 50 / 2);
}

/* The child ends when it is told: on another CPU it could be over before anybody asks whether it was continued. */
static void stop_and_continue_are_reported(void) {
    int status, end[2];
    char byte;
    CHECK(pipe(end) == 0);
    pid_t child = fork();
    if (child == 0) {
        close(end[1]);
        raise(SIGSTOP);
        _exit(read(end[0], &byte, 1) == 0 ? 3 : 4);
    }
    close(end[0]);
    CHECK(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status));
    CHECK(WSTOPSIG(status) == SIGSTOP);
    CHECK(waitpid(child, &status, WUNTRACED | WNOHANG) == 0);
    CHECK(kill(child, SIGCONT) == 0);
    CHECK(waitpid(child, &status, WCONTINUED) == child && WIFCONTINUED(status));
    close(end[1]);
    CHECK(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 3);
}

static void a_stopped_process_can_be_killed(void) {
    int status;
    pid_t child = fork();
    if (child == 0)
        for (;;)
            raise(SIGSTOP);
    CHECK(waitpid(child, &status, WUNTRACED) == child);
    kill(child, SIGKILL);
    CHECK(waitpid(child, &status, 0) == child && was_killed_by(status, SIGKILL));
}

static void vfork_lends_the_memory(void) {
    volatile int seen = 5;
    int status;
    pid_t child = vfork();
    if (child == 0) {
        seen = 6;
        _exit(0);
    }
    CHECK(seen == 6 && waitpid(child, &status, 0) == child);
    child = vfork();
    if (child == 0) {
        kill(getpid(), SIGKILL);
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child && was_killed_by(status, SIGKILL));
}

static void exec_replaces_the_program(void) {
    char *const arguments[] = {"sh", "-c", "exit $#", "zero", "one", "two", NULL};
    int status;
    pid_t child;
    CHECK(posix_spawn(&child, "/bin/sh", NULL, NULL, arguments, environ) == 0);
    CHECK(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 2);
    CHECK(execl("/does/not/exist", "x", (char *)NULL) == -1 && errno == ENOENT);
    CHECK(execl("/dev/null", "x", (char *)NULL) == -1 && errno == EACCES);
}

static void exec_refuses_too_much(void) {
    enum { LENGTH = 100000, COUNT = 100 };
    static char *arguments[COUNT + 1];
    char *text = malloc(LENGTH + 1);
    memset(text, 'x', LENGTH);
    text[LENGTH] = '\0';
    for (int i = 0; i < COUNT; i++)
        arguments[i] = text;
    CHECK(execv("/bin/sh", arguments) == -1 && errno == E2BIG);
    free(text);
}

static void ignored_children_leave_no_zombies(void) {
    signal(SIGCHLD, SIG_IGN);
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    CHECK(waitpid(child, NULL, 0) == -1 && errno == ECHILD);
    signal(SIGCHLD, SIG_DFL);
}

static volatile int heard;

static void hear(int signal) {
    heard = signal;
}

/* Who does not want to wait is told all the same, and finds nobody when it waits. */
static void unwaited_children_leave_no_zombies(void) {
    struct sigaction action = {.sa_handler = hear, .sa_flags = SA_NOCLDWAIT};
    sigaction(SIGCHLD, &action, NULL);
    pid_t child = fork();
    if (child == 0) {
        usleep(50000);
        _exit(0);
    }
    CHECK(waitpid(child, NULL, 0) == -1 && errno == ECHILD);
    CHECK(heard == SIGCHLD);
    signal(SIGCHLD, SIG_DFL);
}

static void orphans_get_another_parent(void) {
    int *parent = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t middle = fork();
    if (middle == 0) {
        if (fork() == 0) {
            while (getppid() == (pid_t)parent[1] || parent[1] == 0)
                usleep(1000);
            parent[0] = 1;
            _exit(0);
        }
        parent[1] = getpid();
        _exit(0);
    }
    waitpid(middle, NULL, 0);
    for (int i = 0; i < 10000 && parent[0] == 0; i++)
        usleep(1000);
    CHECK(parent[0] == 1);
}

static void groups_and_sessions_follow_the_rules(void) {
    CHECK(getpgid(0) == getpgrp() && getsid(0) > 0);
    pid_t child = fork();
    if (child == 0) {
        pid_t session = setsid();
        _exit(!(session == getpid() && getpgrp() == getpid() && setsid() == -1));
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(setpgid(child, 0) == -1 && errno == ESRCH);
}

static void limits_hold(void) {
    struct rlimit limit = {0, 0}, before;
    CHECK(getrlimit(RLIMIT_NOFILE, &before) == 0 && before.rlim_cur > 0);
    limit.rlim_cur = 100;
    limit.rlim_max = before.rlim_max;
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0 && getrlimit(RLIMIT_NOFILE, &limit) == 0);
    CHECK(limit.rlim_cur == 100);
    limit.rlim_cur = limit.rlim_max = before.rlim_max;
    limit.rlim_cur++;
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == -1 && errno == EINVAL);
    setrlimit(RLIMIT_NOFILE, &before);
}

static int shows(const char *expected, size_t bytes) {
    char text[256];
    int file = open("/proc/self/cmdline", O_RDONLY);
    ssize_t got = read(file, text, sizeof text);
    close(file);
    return got == (ssize_t)bytes && memcmp(text, expected, bytes) == 0;
}

/* What ps shows is what lies where the arguments were; a longer title goes on into the environment. */
static void a_program_changes_its_title(char **arguments) {
    size_t bytes = strlen(arguments[0]) + 1;
    char before[64];
    CHECK(bytes <= sizeof before && bytes > 4);
    memcpy(before, arguments[0], bytes);
    CHECK(shows(before, bytes));
    memset(arguments[0], 0, bytes);
    memcpy(arguments[0], "new", 3);
    char shorter[64] = "new";
    CHECK(shows(shorter, bytes));
    static char longer[128];
    memset(longer, 'x', bytes + 5);
    memcpy(arguments[0], longer, bytes + 6);
    CHECK(shows(longer, bytes + 6));
    memcpy(arguments[0], before, bytes);
    CHECK(shows(before, bytes));
}

static void title_of_a_child(void) {
    char *const words[] = {"processes-title", NULL};
    char *const environment[] = {"SOMETHING=that the title may take", "MORE=of it", NULL};
    execve("/proc/self/exe", words, environment);
}

int main(int count, char **arguments) {
    if (count == 1 && strcmp(arguments[0], "processes-title") == 0) {
        a_program_changes_its_title(arguments);
        fflush(stdout);
        return checks_failed != 0;
    }
    CHECK(status_of(title_of_a_child) == 0);
    exit_codes_reach_the_parent();
    many_children_are_all_seen();
    stop_and_continue_are_reported();
    a_stopped_process_can_be_killed();
    vfork_lends_the_memory();
    exec_replaces_the_program();
    exec_refuses_too_much();
    ignored_children_leave_no_zombies();
    unwaited_children_leave_no_zombies();
    orphans_get_another_parent();
    groups_and_sessions_follow_the_rules();
    limits_hold();
    return verdict();
}
