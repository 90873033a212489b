// SPDX-License-Identifier: MIT
// Calls: sigreturn
/* The frame of a plain handler brings everything back. */
#include "tests/abi/calls/show.h"

static void handle(int signal) {
    printf("signal %d\n", signal);
}

int main(void) {
    double before = 1.5;
    signal(SIGUSR1, handle);
    for (int i = 0; i < 3; i++) {
        raise(SIGUSR1);
        before *= 2;
    }
    printf("%.1f\n", before);
    return 0;
}
