// SPDX-License-Identifier: MIT
/*
 * A process's number comes again: who has its files of /proc open has those of a process that is gone, not of the next one.
 */
#include "tests/abi/check.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>

#define NUMBERS_MOST 100000

static int open_of(pid_t process, const char *name, int flags) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", process, name);
    return open(path, flags);
}

static pid_t sleeper(void) {
    pid_t child = fork();
    while (child == 0)
        pause();
    return child;
}

static void ended(pid_t child) {
    CHECK(kill(child, SIGKILL) == 0 && waitpid(child, NULL, 0) == child);
}

/* Another program if it has the number, else nothing. Which number it had. */
static pid_t child_that_sleeps_as(pid_t number) {
    pid_t child = vfork();
    if (child == 0) {
        if (getpid() == number)
            execl("/proc/self/exe", "numbers", "sleep", (char *)NULL);
        _exit(0);
    }
    return child;
}

static void be_born_as(pid_t number) {
    for (int n = 0; n < NUMBERS_MOST; n++) {
        pid_t child = child_that_sleeps_as(number);
        if (child == number)
            return;
        waitpid(child, NULL, 0);
    }
    CHECK(!"the number came again");
}

int main(int count, char **arguments) {
    char text[4096];
    while (count > 1 && strcmp(arguments[1], "sleep") == 0)
        pause();
    pid_t first = sleeper();
    int adjustment = open_of(first, "oom_score_adj", O_RDWR);
    int environment = open_of(first, "environ", O_RDONLY),
        status = open_of(first, "stat", O_RDONLY);
    int folder = open_of(first, "", O_RDONLY | O_DIRECTORY);
    CHECK(adjustment >= 0 && environment >= 0 && status >= 0 && folder >= 0);
    ended(first);
    be_born_as(first);
    CHECK(fails_with(write(adjustment, "500", 3), ESRCH));
    CHECK(read(environment, text, sizeof text) <= 0);
    CHECK(fails_with(read(status, text, sizeof text), ESRCH));
    CHECK(fails_with(openat(folder, "stat", O_RDONLY), ESRCH));
    ended(first);
    return verdict();
}
