// SPDX-License-Identifier: MIT
// Calls: clone, execve
/* A thread's exec ends the others; the process keeps its number. */
#include "tests/abi/calls/show.h"

#include <pthread.h>

extern char **environ;
static char number[20];

static void *run(void *unused) {
    execve("/proc/self/exe", (char *[]){"x", number, NULL}, environ);
    return unused;
}

int main(int count, char **words) {
    pthread_t thread;
    if (count > 1) {
        SHOW(atoi(words[1]) == getpid());
        SHOW(syscall(SYS_gettid) == getpid());
        return 0;
    }
    snprintf(number, sizeof number, "%d", getpid());
    if (pthread_create(&thread, NULL, run, NULL) == 0)
        pthread_join(thread, NULL);
    return 1;
}
