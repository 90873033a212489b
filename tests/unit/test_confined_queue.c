// SPDX-License-Identifier: MIT
// sources: kernel/sched/confined_queue.c
/*
 * Threads in the queues of all CPUs that they may run on, against a list of them in order.
 */
#include "kernel/sched/confined_queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT  12
#define ROUNDS 20000

static struct thread threads[COUNT];
static struct confinement confinements[COUNT];
static struct thread_queue queues[CPU_MAX];
static struct thread *order[COUNT]; /* those that are in, first to last */
static int in;

static uint32_t random_below(uint32_t end) {
    static uint32_t state = 3;

    state = state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)state * end >> 32);
}

/* From both ends each CPU sees those that may run on it, in order, and nobody else. */
static void assert_queues(void) {
    uint32_t busy = 0;

    for (uint32_t cpu = 0; cpu < CPU_MAX; cpu++) {
        struct thread *thread = queues[cpu].first, *last = NULL;

        for (int i = 0; i < in; i++) {
            if (!(order[i]->cpus & 1u << cpu))
                continue;
            assert_ptr_equal(thread, order[i]);
            assert_ptr_equal(thread->confinement->links[cpu].previous, last);
            last = thread;
            thread = thread->confinement->links[cpu].next;
            busy |= 1u << cpu;
        }
        assert_null(thread);
        assert_ptr_equal(queues[cpu].last, last);
    }
    assert_int_equal(confined_cpus(queues), busy);
}

static void put_in(struct thread *thread) {
    bool at_head = random_below(2);

    thread->cpus = 1 + random_below((1u << CPU_MAX) - 1);
    (at_head ? confined_prepend : confined_append)(queues, thread);
    if (at_head)
        memmove(order + 1, order, (size_t)in * sizeof *order);
    order[at_head ? 0 : in] = thread;
    in++;
}

static void take_out(struct thread *thread) {
    int i = 0;

    confined_remove(queues, thread);
    while (order[i] != thread)
        i++;
    in--;
    memmove(order + i, order + i + 1, (size_t)(in - i) * sizeof *order);
}

static void they_are_in_the_queues_of_their_cpus(void **state) {
    bool is_in[COUNT] = {false};

    (void)state;
    for (int i = 0; i < COUNT; i++)
        threads[i] = (struct thread){.confinement = &confinements[i], .cpus = 1};
    for (int round = 0; round < ROUNDS; round++) {
        uint32_t n = random_below(COUNT);

        assert_int_equal(confined_has(queues, &threads[n]), is_in[n]);
        (is_in[n] ? take_out : put_in)(&threads[n]);
        is_in[n] = !is_in[n];
        assert_queues();
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_are_in_the_queues_of_their_cpus),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
