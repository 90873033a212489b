// SPDX-License-Identifier: MIT
// Calls: clock_gettime64
/* The CPU time of a process and of a thread, also of another one. */
#include "tests/abi/calls/show.h"

static long long used(clockid_t clock) {
    struct {
        long long seconds, nanoseconds;
    } time = {0};
    if (syscall(403, clock, &time) != 0)
        return SHOW(syscall(403, clock, &time));
    return time.seconds * 1000000000 + time.nanoseconds;
}

int main(void) {
    long long start = used(CLOCK_PROCESS_CPUTIME_ID);
    while (used(CLOCK_THREAD_CPUTIME_ID) >= 0 && used(CLOCK_PROCESS_CPUTIME_ID) - start < 10000000)
        ;
    SHOW(used(CLOCK_PROCESS_CPUTIME_ID) >= 10000000);
    pid_t parent = getpid(), child = fork();
    if (child == 0) {
        SHOW(used(CLOCK_PROCESS_CPUTIME_ID) >= 10000000);
        SHOW(used((clockid_t)(~(unsigned)parent << 3 | 2)) >= 10000000);
        _exit(0);
    }
    SHOW_END(child);
    return 0;
}
