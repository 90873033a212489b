// SPDX-License-Identifier: MIT
// Calls: rt_sigaction
/* SIGCHLD brings what became of a child; with SA_NOCLDSTOP not that it was stopped. */
#include "tests/abi/calls/show.h"

static void handle(int signal, siginfo_t *told, void *context) {
    (void)context;
    printf("signal %d, code %d, status %d\n", signal, told->si_code, told->si_status);
}

static void once(int flags) {
    struct sigaction action = {.sa_sigaction = handle, .sa_flags = flags | SA_SIGINFO | SA_RESTART};
    SHOW(sigaction(SIGCHLD, &action, NULL));
    pid_t child = fork();
    if (child == 0) {
        raise(SIGSTOP);
        sleep_ms(50); /* two signals at once would be one */
        _exit(7);
    }
    waitpid(child, NULL, WUNTRACED);
    kill(child, SIGCONT);
    waitpid(child, NULL, 0);
}

int main(void) {
    once(0);
    once(SA_NOCLDSTOP);
    return 0;
}
