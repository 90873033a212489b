// SPDX-License-Identifier: MIT
// sources: kernel/sched/placed_queue.c kernel/sched/leftist_tree.c
/*
 * Threads at all CPUs that they may run on, by priority and by how long they have waited, against a search through all of them.
 */
#include "kernel/sched/placed_queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT  24
#define ROUNDS 20000
#define NOW    5000000000ull

static struct thread threads[COUNT], unplaced;
static struct placement placements[COUNT];
static struct seating seating;
static bool is_in[COUNT];

static uint32_t random_below(uint32_t end) {
    static uint32_t state = 3;

    state = state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)state * end >> 32);
}

static int begin(void **state) {
    (void)state;
    seating = (struct seating){0};
    for (int n = 0; n < COUNT; n++) {
        placements[n] = (struct placement){.thread = &threads[n], .cpus = 1};
        threads[n] = (struct thread){.placement = &placements[n]};
        is_in[n] = false;
    }
    return 0;
}

static void put_in(uint32_t n, uint32_t cpus, uint32_t priority, uint64_t since) {
    placements[n].cpus = cpus;
    placements[n].priority = priority;
    threads[n].ready_since = since;
    placed_add(&seating, &threads[n]);
    is_in[n] = true;
}

static void take_out(uint32_t n) {
    placed_remove(&seating, &threads[n]);
    is_in[n] = false;
}

static bool goes_before(const struct thread *one, const struct thread *other) {
    if (thread_priority(one) != thread_priority(other))
        return thread_priority(one) > thread_priority(other);
    return one->ready_since < other->ready_since;
}

static struct thread *naive(uint32_t cpu, struct thread *first) {
    struct thread *best = first;

    for (int n = 0; n < COUNT; n++)
        if (is_in[n] && placements[n].cpus & 1u << cpu &&
            (best == NULL || goes_before(&threads[n], best)))
            best = &threads[n];
    return best;
}

static void assert_queues(struct thread *first) {
    uint32_t busy = 0;

    for (uint32_t cpu = 0; cpu < CPU_MAX; cpu++) {
        assert_ptr_equal(placed_next(&seating, cpu, first, NOW), naive(cpu, first));
        if (naive(cpu, NULL))
            busy |= 1u << cpu;
    }
    assert_int_equal(placed_cpus(&seating), busy);
}

static void each_cpu_has_its_first(void **state) {
    (void)state;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        uint32_t n = random_below(COUNT);

        assert_int_equal(placed_has(&threads[n]), is_in[n]);
        unplaced.ready_since = 2 * random_below(ROUNDS);
        if (is_in[n])
            take_out(n);
        else
            put_in(n, 1 + random_below((1u << CPU_MAX) - 1),
                   random_below(3) ? random_below(100) : 0,
                   2 * round + 1); /* nobody has waited for as long as another */
        assert_queues(random_below(2) ? &unplaced : NULL);
    }
}

/* Of each second the others have what REAL_TIME_MOST leaves, on each CPU for itself, and nothing is kept from real time while
 * nobody else is ready. */
static void real_time_leaves_others_some_of_each_second(void **state) {
    (void)state;
    put_in(0, 1, 99, 1);
    placed_ran(&seating, 0, NOW, REAL_TIME_MOST - 1);
    assert_ptr_equal(placed_next(&seating, 0, &unplaced, NOW + 1), &threads[0]);
    placed_ran(&seating, 0, NOW + 2, 5000000000ull);
    assert_ptr_equal(placed_next(&seating, 0, &unplaced, NOW + 2), &unplaced);
    assert_ptr_equal(placed_next(&seating, 0, NULL, NOW + 2), &threads[0]);
    put_in(1, 2, 1, 1);
    assert_ptr_equal(placed_next(&seating, 1, &unplaced, NOW + 2), &threads[1]);
    assert_ptr_equal(placed_next(&seating, 0, &unplaced, NOW + REAL_TIME_SECOND), &threads[0]);
    placed_ran(&seating, 0, NOW + REAL_TIME_SECOND, 1);
    assert_ptr_equal(placed_next(&seating, 0, &unplaced, NOW + REAL_TIME_SECOND), &threads[0]);
}

/* The second by which it is judged begins when it runs. */
static void a_long_rest_gives_no_more_than_a_second(void **state) {
    (void)state;
    put_in(0, 1, 50, 1);
    placed_ran(&seating, 0, 100 * NOW, REAL_TIME_MOST);
    assert_ptr_equal(placed_next(&seating, 0, &unplaced, 100 * NOW + REAL_TIME_SECOND / 2),
                     &unplaced);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(each_cpu_has_its_first, begin),
        cmocka_unit_test_setup(real_time_leaves_others_some_of_each_second, begin),
        cmocka_unit_test_setup(a_long_rest_gives_no_more_than_a_second, begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
