// SPDX-License-Identifier: MIT
// Calls: sched_setscheduler, sched_setaffinity
// Needs: real time
/* What /proc tells of it, in a line of numbers. */
#include "tests/abi/calls/real_time/class.h"

#include <sys/resource.h>

enum { PRIORITY = 18, NICE = 19, CPU = 39, REAL_TIME_PRIORITY = 40, POLICY = 41 };

static void show(void) {
    char line[1000] = "", *at;
    int file = open("/proc/self/stat", O_RDONLY);
    SHOW(read(file, line, sizeof line - 1) > 0);
    close(file);
    at = strrchr(line, ')');
    for (int field = 2; at && field <= POLICY; field++) {
        if (field == PRIORITY || field == NICE || field >= CPU)
            printf("field %d: %ld\n", field, strtol(at, NULL, 10));
        at = strchr(at, ' ');
        at += at != NULL;
    }
}

int main(void) {
    SHOW(confine());
    SHOW(setpriority(PRIO_PROCESS, 0, 5));
    show();
    SHOW(become(SCHED_FIFO, 10));
    show();
    SHOW(become(SCHED_RR, 99));
    show();
    SHOW(become(SCHED_IDLE, 0));
    show();
    return 0;
}
