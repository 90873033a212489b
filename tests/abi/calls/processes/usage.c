// SPDX-License-Identifier: MIT
// Calls: getrusage, times
/* Time that was used is counted, also the children's. */
#include "tests/abi/calls/show.h"

#include <sys/resource.h>
#include <sys/times.h>

static void work(void) {
    struct rusage usage;
    do
        getrusage(RUSAGE_SELF, &usage);
    while (usage.ru_utime.tv_sec * 1000000 + usage.ru_utime.tv_usec +
                   usage.ru_stime.tv_sec * 1000000 + usage.ru_stime.tv_usec <
               60000 &&
           usage.ru_maxrss != -1);
}

int main(void) {
    struct rusage usage;
    struct tms ticks;
    SHOW(getrusage(RUSAGE_SELF, &usage));
    if (times(&ticks) == -1)
        return SHOW(times(&ticks));
    pid_t child = fork();
    if (child == 0) {
        work();
        _exit(0);
    }
    SHOW_END(child);
    SHOW(getrusage(RUSAGE_CHILDREN, &usage));
    SHOW(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec >= 50000);
    SHOW(times(&ticks) > 0);
    SHOW(ticks.tms_cutime + ticks.tms_cstime >= 3);
    SHOW(getrusage(9, &usage));
    return 0;
}
