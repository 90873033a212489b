// SPDX-License-Identifier: MIT
// Calls: timerfd_create, timerfd_settime
/* Which clocks have timers, and which times are none. */
#include "tests/abi/calls/show.h"

#include <sys/timerfd.h>

int main(void) {
    struct itimerspec times = {.it_value = {0, 1000000000}};
    for (int clock = -1; clock < 13; clock++) {
        int file = timerfd_create(clock, 0);
        printf("clock %d: %s\n", clock, file < 0 ? strerror(errno) : "a timer");
        close(file);
    }
    int file = timerfd_create(CLOCK_REALTIME, 0);
    SHOW(timerfd_create(CLOCK_REALTIME, 1));
    SHOW(timerfd_settime(file, 0, &times, NULL));
    SHOW(timerfd_settime(file, 16, &(struct itimerspec){0}, NULL));
    SHOW(timerfd_settime(0, 0, &(struct itimerspec){0}, NULL));
    SHOW(timerfd_settime(99, 0, &(struct itimerspec){0}, NULL));
    SHOW(syscall(SYS_timerfd_settime32, file, 0, nowhere, NULL));
    return 0;
}
