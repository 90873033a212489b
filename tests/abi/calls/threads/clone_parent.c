// SPDX-License-Identifier: MIT
// Calls: clone
/* A sister instead of a child; and another signal at the end, or none. */
#include "tests/abi/calls/show.h"

#define CLONE_PARENT 0x8000

int main(void) {
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) {
        if (syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0) == 0)
            _exit(getppid() == parent ? 6 : 7);
        _exit(errno == ECHILD ? 0 : wait(NULL) == -1 ? 0 : 1);
    }
    SHOW(waitpid(child, NULL, 0) == child);
    int status = 0;
    SHOW(wait(&status) > 0);
    show_status("sister", status);
    child = syscall(SYS_clone, 0, 0, 0, 0, 0);
    if (child == 0)
        _exit(0);
    SHOW(waitpid(child, NULL, 0) == child);
    SHOW(waitpid(child, NULL, __WALL) == child);
    return 0;
}
