// SPDX-License-Identifier: MIT
// Calls: rt_sigqueueinfo, rt_tgsigqueueinfo
/* A signal that says to be the kernel's is sent by a process to itself alone. */
#include "tests/abi/calls/show.h"

int main(void) {
    siginfo_t told = {.si_signo = SIGUSR1, .si_code = SI_USER};
    signal(SIGUSR1, SIG_IGN);
    pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    SHOW(syscall(SYS_rt_sigqueueinfo, getpid(), SIGUSR1, &told));
    SHOW(syscall(SYS_rt_sigqueueinfo, child, SIGUSR1, &told));
    SHOW(syscall(SYS_rt_tgsigqueueinfo, child, child, SIGUSR1, &told));
    SHOW(syscall(SYS_rt_tgsigqueueinfo, getpid(), getpid(), SIGUSR1, &told));
    told.si_code = -60;
    SHOW(syscall(SYS_rt_sigqueueinfo, child, SIGUSR1, &told));
    kill(child, SIGKILL);
    SHOW_END(child);
    return 0;
}
