// SPDX-License-Identifier: MIT
/*
 * Calls that do next to nothing: what is left is the way in and out.
 */
#define _GNU_SOURCE
#include "tests/bench/mbench/measure.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int zero, sink;

static int loop(int count) {
    volatile int turns = 0;
    while (count--)
        turns++;
    return 0;
}

static int null_call(int count) {
    while (count--)
        syscall(SYS_getppid);
    return 0;
}

static int read_zero(int count) {
    char byte;
    while (count--)
        if (read(zero, &byte, 1) != 1)
            return -1;
    return 0;
}

static int write_null(int count) {
    char byte = 0;
    while (count--)
        if (write(sink, &byte, 1) != 1)
            return -1;
    return 0;
}

static int clock_of_libc(int count) {
    struct timespec time;
    while (count--)
        if (clock_gettime(CLOCK_MONOTONIC, &time))
            return -1;
    return 0;
}

static int clock_call(int count) {
    int64_t time[2];
    while (count--)
        if (syscall(SYS_clock_gettime64, CLOCK_MONOTONIC, time))
            return -1;
    return 0;
}

static int yield(int count) {
    while (count--)
        sched_yield();
    return 0;
}

void measure_calls(void) {
    zero = open("/dev/zero", O_RDONLY);
    sink = open("/dev/null", O_WRONLY);
    measure("loop", loop, 200000);
    measure("null_syscall", null_call, 5000);
    measure("read_zero_1B", read_zero, 5000);
    measure("write_null_1B", write_null, 5000);
    measure("clock_gettime_libc", clock_of_libc, 5000);
    measure("clock_gettime_syscall", clock_call, 5000);
    measure("sched_yield_alone", yield, 3000);
    close(zero);
    close(sink);
}
