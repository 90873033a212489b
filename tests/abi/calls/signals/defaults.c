// SPDX-License-Identifier: MIT
// Calls: kill
/* What each signal does to who has not said anything about it. */
#include "tests/abi/calls/show.h"

int main(void) {
    for (int signal = 1; signal <= 64; signal++) {
        int status;
        pid_t child = fork();
        if (child == 0) {
            syscall(SYS_signal, signal, SIG_DFL); /* a shell may have had it ignored */
            syscall(SYS_kill, getpid(), signal);
            _exit(0);
        }
        waitpid(child, &status, WUNTRACED);
        printf("%d, ", signal);
        show_status("child", status & ~0x80);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
    return 0;
}
