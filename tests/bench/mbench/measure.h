// SPDX-License-Identifier: MIT
/*
 * How anything is measured here: a batch of equal operations, several times, in nanoseconds an operation. One line a
 * figure, "name value": the median of the batches. What fails says so, and with which errno.
 */
#ifndef TESTS_BENCH_MBENCH_MEASURE_H
#define TESTS_BENCH_MBENCH_MEASURE_H

#include <stdint.h>

#define BATCHES     7
#define PAGE        4096
#define NANOSECONDS 1000000000ll

typedef int operation(int count); /* does it so often; 0, or errno says what is wrong */

int64_t now(void); /* nanoseconds */
void say(const char *name, double value);
void fail(const char *name);
double median(double values[BATCHES]); /* sorts them */
/* A quarter of a batch first, to warm up. The median, which it says too; below 0: it failed, and has said so. */
double measure(const char *name, operation *operate, int count);

void measure_calls(void), measure_processes(const char *self), measure_pipes(void),
    measure_memory(void), measure_files(const char *folder), measure_sockets(void);

/* Bytes to and fro, on whatever descriptors these are: pipes and sockets. */
extern int reads_from, writes_to;
int ping_pong(int count);              /* writes a byte, and reads one */
_Noreturn void echo(int from, int to); /* the other side, until the end of `from` */

#endif
