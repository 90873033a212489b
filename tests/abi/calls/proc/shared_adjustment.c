// SPDX-License-Identifier: MIT
// Calls: clone, vfork (clone fork)
/* oom_score_adj of processes that share their memory: one for all, but that vfork's child speaks for itself alone. */
#include "tests/abi/calls/proc/put.h"

#include <sched.h>
#include <signal.h>
#include <sys/wait.h>

#define OWN "/proc/self/oom_score_adj"

static char stack[16384];

static void show_own(void) {
    int file = open(OWN, O_RDONLY);
    show_text(file);
    close(file);
}

static int child(void *text) {
    _exit(put(OWN, text));
}

int main(void) {
    int status;
    SHOW(put(OWN, "100"));
    SHOW(clone(child, stack + sizeof stack, CLONE_VM | SIGCHLD, "200") > 0);
    SHOW(wait(&status) > 0);
    SHOW(WEXITSTATUS(status));
    show_own();
    SHOW(clone(child, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, "300") > 0);
    SHOW(wait(&status) > 0);
    SHOW(WEXITSTATUS(status));
    show_own();
    SHOW(clone(child, stack + sizeof stack, SIGCHLD, "400") > 0);
    SHOW(wait(&status) > 0);
    show_own();
    return 0;
}
