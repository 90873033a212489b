// SPDX-License-Identifier: MIT
// Calls: sched_rr_get_interval, sched_setscheduler
// Needs: real time
/* How long a turn is: of SCHED_RR, and of SCHED_FIFO, which has none. */
#include "tests/abi/calls/real_time/class.h"

static void show(void) {
    int interval[2] = {-1, -1};
    SHOW(syscall(SYS_sched_rr_get_interval, 0, interval));
    printf("%d s, %d ns\n", interval[0], interval[1]);
}

int main(void) {
    SHOW(become(SCHED_RR, 10));
    show();
    SHOW(become(SCHED_FIFO, 10));
    show();
    SHOW(syscall(SYS_sched_rr_get_interval, -1, nowhere));
    SHOW(syscall(SYS_sched_rr_get_interval, 0, nowhere));
    return 0;
}
