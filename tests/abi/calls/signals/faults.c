// SPDX-License-Identifier: MIT
// Calls: rt_sigaction
/* What the CPU's faults are called. */
#include "tests/abi/calls/show.h"

#include <setjmp.h>

static sigjmp_buf back;

static void note(int signal, siginfo_t *told, void *context) {
    (void)context;
    printf("signal %d, code %d\n", signal, told->si_code);
    siglongjmp(back, 1);
}

static volatile int zero;

int main(void) {
    struct sigaction action = {.sa_sigaction = note, .sa_flags = SA_SIGINFO};
    SHOW(sigaction(SIGFPE, &action, NULL));
    sigaction(SIGILL, &action, NULL);
    sigaction(SIGTRAP, &action, NULL);
    sigaction(SIGSEGV, &action, NULL);
    if (sigsetjmp(back, 1) == 0)
        zero = 1 / zero;
    if (sigsetjmp(back, 1) == 0)
        __asm__ volatile("ud2");
    if (sigsetjmp(back, 1) == 0)
        __asm__ volatile("int3");
    if (sigsetjmp(back, 1) == 0)
        __asm__ volatile("hlt");
    if (sigsetjmp(back, 1) == 0)
        __asm__ volatile("cli");
    return 0;
}
