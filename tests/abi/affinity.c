// SPDX-License-Identifier: MIT
/*
 * Threads that may run on some CPUs only: they run nowhere else, from the moment that the call returns; those of one CPU share
 * it; and the others have what is left. On a machine of one CPU there is nothing to check. What is left shows only where nobody else
 * runs, which an argument says.
 */
#include "tests/abi/check.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>

#define MOVES    100
#define WATCHED  1000000 /* nanoseconds after a move */
#define SHARED   300000000
#define STARTING 50000000
#define WORK     5000 /* most of a turn, so that the lock of a manager is not what is shared */

struct worker {
    pthread_t thread;
    atomic_int tid;
    atomic_uint turns, seen[2]; /* on which CPU a turn was */
};

static atomic_int stop, quiet; /* quiet: they never leave the CPU by themselves */

static void *work(void *argument) {
    struct worker *worker = argument;
    worker->tid = (int)syscall(SYS_gettid);
    while (!stop) {
        unsigned cpu = 0;
        for (volatile int i = 0; i < WORK; i++)
            continue;
        if (!quiet)
            syscall(SYS_getcpu, &cpu, NULL, NULL);
        atomic_fetch_add(&worker->seen[cpu & 1], 1);
        atomic_fetch_add(&worker->turns, 1);
    }
    return NULL;
}

static void nap(long nanoseconds) {
    nanosleep(&(struct timespec){0, nanoseconds}, NULL);
}

static void begin(struct worker *workers, int count) {
    stop = 0;
    for (int i = 0; i < count; i++) {
        workers[i].tid = 0;
        CHECK(pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0);
        while (workers[i].tid == 0)
            nap(100000);
    }
}

static void end(struct worker *workers, int count) {
    stop = 1;
    for (int i = 0; i < count; i++)
        CHECK(pthread_join(workers[i].thread, NULL) == 0);
}

static int confine(int thread, unsigned long cpus) {
    return (int)syscall(SYS_sched_setaffinity, thread, sizeof cpus, &cpus);
}

/* Only the turn that it was in may end on the CPU that it has left. */
static void a_running_thread_moves_at_once(void) {
    static struct worker worker;
    unsigned strays = 0;
    begin(&worker, 1);
    for (unsigned i = 0; i < MOVES; i++) {
        unsigned cpu = i & 1, before;
        CHECK(confine(worker.tid, 1ul << cpu) == 0);
        before = worker.seen[!cpu];
        nap(WATCHED);
        strays += worker.seen[!cpu] - before > 1;
    }
    end(&worker, 1);
    CHECK(strays == 0);
    CHECK(worker.seen[0] > MOVES && worker.seen[1] > MOVES);
}

static void one_can_move_oneself(void) {
    unsigned elsewhere = 0;
    for (unsigned i = 0; i < MOVES; i++) {
        unsigned cpu = 2;
        elsewhere += confine(0, 1ul << (i & 1)) != 0;
        syscall(SYS_getcpu, &cpu, NULL, NULL);
        elsewhere += cpu != (i & 1);
    }
    CHECK(elsewhere == 0 && confine(0, 3) == 0);
}

/* Two have the second CPU alone and half of it each; one may run anywhere, and has the first. */
static void those_of_one_cpu_share_it(int alone) {
    static struct worker workers[3];
    unsigned before[3], turns[3];
    begin(workers, 3);
    CHECK(confine(workers[0].tid, 2) == 0 && confine(workers[1].tid, 2) == 0);
    CHECK(confine(0, 1) == 0);
    nap(STARTING);
    for (int i = 0; i < 3; i++)
        before[i] = workers[i].turns, workers[i].seen[0] = workers[i].seen[1] = 0;
    nap(SHARED);
    for (int i = 0; i < 3; i++)
        turns[i] = workers[i].turns - before[i];
    CHECK(workers[0].seen[0] == 0 && workers[1].seen[0] == 0);
    end(workers, 3);
    CHECK(turns[0] > turns[1] / 2 && turns[1] > turns[0] / 2);
    CHECK(!alone || workers[2].seen[0] > 2 * workers[2].seen[1]);
    CHECK(confine(0, 3) == 0);
}

/* However many there are, and though one that may run anywhere never rests: each has a turn. */
static void each_of_many_has_a_turn(void) {
    static struct worker workers[16];
    unsigned before[16], idle = 0;
    quiet = 1;
    begin(workers, 16);
    for (int i = 0; i < 15; i++)
        CHECK(confine(workers[i].tid, 1ul << (i & 1)) == 0);
    for (int i = 0; i < 16; i++)
        before[i] = workers[i].turns;
    nap(SHARED);
    for (int i = 0; i < 16; i++)
        idle += workers[i].turns == before[i];
    end(workers, 16);
    CHECK(idle == 0);
}

int main(int count, char **arguments) {
    (void)arguments;
    if (sysconf(_SC_NPROCESSORS_ONLN) > 1) {
        a_running_thread_moves_at_once();
        one_can_move_oneself();
        those_of_one_cpu_share_it(count > 1);
        each_of_many_has_a_turn();
    }
    CHECK(confine(0, 1) == 0 && fails_with(confine(0, 0), EINVAL));
    return verdict();
}
