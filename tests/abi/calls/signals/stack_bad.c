// SPDX-License-Identifier: MIT
// Calls: rt_sigaction
/* A handler without a stack that could hold its frame: the process dies. */
#include "tests/abi/calls/show.h"

static void handle(int signal) {
    (void)signal;
}

int main(void) {
    signal(SIGUSR1, handle);
    pid_t child = fork();
    if (child == 0) {
        __asm__ volatile("movl $8, %%esp\n int $0x80"
                         :
                         : "a"(SYS_kill), "b"(getpid()), "c"(SIGUSR1)
                         : "memory");
        _exit(1);
    }
    SHOW_END(child);
    child = fork();
    if (child == 0) {
        struct sigaction action = {.sa_handler = handle, .sa_flags = SA_ONSTACK};
        sigaltstack(&(stack_t){.ss_sp = (void *)0x10000, .ss_size = 16384}, NULL);
        SHOW(sigaction(SIGUSR1, &action, NULL));
        raise(SIGUSR1);
        _exit(1);
    }
    SHOW_END(child);
    return 0;
}
