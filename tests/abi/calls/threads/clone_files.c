// SPDX-License-Identifier: MIT
// Calls: clone
/* Files, folder and umask are shared if that is asked for. */
#include "tests/abi/calls/show.h"

#define CLONE_FS    0x200
#define CLONE_FILES 0x400

int main(void) {
    pid_t child = syscall(SYS_clone, CLONE_FS | CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
    if (child == 0) {
        close(0);
        umask(0123);
        chdir("/proc");
        _exit(0);
    }
    SHOW_END(child);
    SHOW(fcntl(0, F_GETFD));
    SHOW(umask(0));
    SHOW(access("self", F_OK));
    return 0;
}
