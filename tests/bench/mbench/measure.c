// SPDX-License-Identifier: MIT
#include "tests/bench/mbench/measure.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * NANOSECONDS + time.tv_nsec;
}

void say(const char *name, double value) {
    printf("%s %.1f\n", name, value);
    fflush(stdout);
}

void fail(const char *name) {
    printf("%s FAILED errno=%d\n", name, errno);
    fflush(stdout);
}

static int compare(const void *left, const void *right) {
    double one = *(const double *)left, other = *(const double *)right;
    return one < other ? -1 : one > other;
}

double median(double values[BATCHES]) {
    qsort(values, BATCHES, sizeof *values, compare);
    return values[BATCHES / 2];
}

double measure(const char *name, operation *operate, int count) {
    double each[BATCHES];
    int wrong = operate(count / 4 + 1);
    for (int batch = 0; batch < BATCHES && !wrong; batch++) {
        int64_t began = now();
        wrong = operate(count);
        each[batch] = (double)(now() - began) / count;
    }
    if (wrong) {
        fail(name);
        return -1;
    }
    say(name, median(each));
    return each[BATCHES / 2];
}

int reads_from, writes_to;

int ping_pong(int count) {
    char byte = 0;
    while (count--)
        if (write(writes_to, &byte, 1) != 1 || read(reads_from, &byte, 1) != 1)
            return -1;
    return 0;
}

_Noreturn void echo(int from, int to) {
    char byte;
    while (read(from, &byte, 1) == 1)
        if (write(to, &byte, 1) != 1)
            break;
    _exit(0);
}
