// SPDX-License-Identifier: MIT
/*
 * A byte through a pipe, alone and to another process and back; and two processes that yield to each other.
 */
#include "tests/bench/mbench/measure.h"

#include <sched.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define YIELDS 3000

static void measure_round_trip(int there[2]) {
    int back[2];
    if (pipe(back)) {
        fail("pipe_round_trip");
        return;
    }
    pid_t child = fork();
    if (child == 0) {
        close(there[1]);
        close(back[0]);
        echo(there[0], back[1]);
    }
    close(there[0]);
    close(back[1]);
    reads_from = back[0];
    writes_to = there[1];
    measure("pipe_round_trip", ping_pong, 1000);
    close(there[1]);
    close(back[0]);
    waitpid(child, NULL, 0);
}

struct yielding {
    volatile int turns; /* of the child */
    volatile bool begun, over;
};

/* How often the child has had a turn when we look, of YIELDS. */
static int yield_and_count(const struct yielding *shared) {
    int switches = 0, last = -1;
    for (int i = 0; i < YIELDS; i++) {
        sched_yield();
        if (shared->turns != last)
            switches++;
        last = shared->turns;
    }
    return switches;
}

static void measure_yields(void) {
    struct yielding *shared =
        mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        fail("yield_pair_per_switch");
        return;
    }
    pid_t child = fork();
    if (child == 0) {
        for (shared->begun = true; !shared->over; shared->turns++)
            sched_yield();
        _exit(0);
    }
    while (!shared->begun)
        sched_yield();
    int64_t began = now();
    int switches = yield_and_count(shared);
    int64_t took = now() - began;
    shared->over = true;
    waitpid(child, NULL, 0);
    munmap(shared, PAGE);
    say("yield_pair_per_switch", (double)took / (2.0 * (switches ? switches : 1)));
}

void measure_pipes(void) {
    int ends[2];
    if (pipe(ends)) {
        fail("pipe_self");
        return;
    }
    reads_from = ends[0];
    writes_to = ends[1];
    measure("pipe_self", ping_pong, 2000);
    measure_round_trip(ends);
    measure_yields();
}
