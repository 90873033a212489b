// SPDX-License-Identifier: MIT
// Calls: rt_sigreturn
/* What a handler writes into its frame is what goes on afterwards. */
#include "tests/abi/calls/show.h"

#include <ucontext.h>

static void handle(int signal, siginfo_t *told, void *context) {
    ucontext_t *frame = context;
    (void)signal, (void)told;
    frame->uc_mcontext.gregs[REG_EAX] = 42;
    sigaddset(&frame->uc_sigmask, SIGUSR2);
}

int main(void) {
    struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO};
    sigset_t set;
    sigaction(SIGTRAP, &action, NULL);
    int value = 1;
    __asm__ volatile("int3" : "+a"(value) : : "memory");
    SHOW(value);
    sigprocmask(SIG_BLOCK, NULL, &set);
    SHOW(sigismember(&set, SIGUSR2));
    return 0;
}
