// SPDX-License-Identifier: MIT
/*
 * How much a tenant gets done: `pace SECONDS WAKE-UPS`.
 *
 * Prints "work N", the turns of a fixed loop of computing and system calls in so many seconds, and
 * "wake p50 N p99 N max N", by how many nanoseconds sleeps ended later than they should have. Run
 * with different neighbours, the figures show what those take away.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define NANOSECONDS   1000000000ll
#define SLEEP_AT_MOST 4000000u /* not a multiple of anybody's period: see sleep_length() */
#define TURN_BYTES    4096

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * NANOSECONDS + time.tv_nsec;
}

/* One turn: a page copied and summed up, and a system call. */
static uint32_t turn(uint32_t sum) {
    static uint8_t from[TURN_BYTES], to[TURN_BYTES];
    from[sum % TURN_BYTES]++;
    memcpy(to, from, sizeof to);
    for (size_t i = 0; i < sizeof to; i++)
        sum = sum * 31 + to[i];
    return sum + (uint32_t)syscall(SYS_getppid);
}

static void sleep_until(int64_t until) {
    struct timespec time = {.tv_sec = until / NANOSECONDS, .tv_nsec = until % NANOSECONDS};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

/* From a whole second on, so that caps cut the time alike in each run. */
static void measure_work(int64_t seconds) {
    int64_t start = (now() / NANOSECONDS + 1) * NANOSECONDS, end = start + seconds * NANOSECONDS;
    uint32_t sum = 1, turns = 0;
    sleep_until(start);
    for (; now() < end; turns++)
        sum = turn(sum);
    printf("work %u (sum %08x)\n", turns, sum);
}

/* 1 to 5 ms, from a generator with a fixed seed: the same in each run. */
static int64_t sleep_length(void) {
    static uint32_t state = 1;
    state = state * 1664525u + 1013904223u;
    return 1000000 + state % SLEEP_AT_MOST;
}

static int compare(const void *a, const void *b) {
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static void measure_wake_ups(size_t count) {
    int64_t *late = calloc(count, sizeof *late);
    for (size_t i = 0; late && i < count; i++) {
        int64_t until = now() + sleep_length();
        sleep_until(until);
        late[i] = now() - until;
    }
    if (!late || count == 0)
        return;
    qsort(late, count, sizeof *late, compare);
    printf("wake p50 %lld p99 %lld max %lld\n", (long long)late[count / 2],
           (long long)late[count * 99 / 100], (long long)late[count - 1]);
}

int main(int count, char **words) {
    if (count != 3) {
        fputs("usage: pace SECONDS WAKE-UPS\n", stderr);
        return 2;
    }
    measure_work(atoi(words[1]));
    measure_wake_ups((size_t)atoi(words[2]));
    return 0;
}
