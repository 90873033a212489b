// SPDX-License-Identifier: MIT
// sources: kernel/sched/share.c kernel/sched/share_queue.c kernel/sched/heap.c kernel/sched/seat.c kernel/sched/leftist_tree.c
/*
 * The queue against the naive choice, over random lives of many tenants.
 */
#include "kernel/sched/share_queue.h"
#include "tests/unit/naive_choice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MOST        64
#define MILLISECOND 1000000ull

static struct heap_node *nodes[3][MOST + 1];
static struct share_queue queue;
static struct share shares[MOST];
static uint32_t count;
static uint64_t now;

static uint32_t random_below(uint32_t end) {
    static uint32_t state = 99;

    state = state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)state * end >> 32);
}

static void choose_settings(struct share *share) {
    share->reservation = random_below(3) ? random_below(4) : 0;
    share->cap = random_below(3) ? 100 : share->reservation + 1 + random_below(10);
    share_set_weight(share, 1 + random_below(10000));
}

static void begin(uint32_t tenants) {
    queue = (struct share_queue){
        .reserved = {nodes[0], 0}, .weighted = {nodes[1], 0}, .renewals = {nodes[2], 0}};
    count = tenants;
    now = 0;
    for (uint32_t n = 0; n < count; n++) {
        share_initialise(&shares[n], 0, 1, 100);
        choose_settings(&shares[n]);
    }
}

static struct share *naive_choice(void) {
    struct share *best = NULL;

    for (uint32_t n = 0; n < count; n++) {
        struct share *share = &shares[n];

        if (share->standing != SHARE_AWAY && share_may_run(share, now, queue.floor) &&
            (best == NULL || goes_before(share, best, now)))
            best = share;
    }
    return best;
}

/* Chooses as the scheduler does: again at once while renewals are due. */
static struct share *choose(void) {
    struct share *chosen;

    do
        chosen = share_queue_choose(&queue, 0, now);
    while (share_queue_next(&queue) <= now);
    return chosen;
}

/* Of several that are equal, or have reserved time from different periods, any will do. */
static void assert_as_good(struct share *chosen, struct share *naive) {
    assert_true((chosen == NULL) == (naive == NULL));
    if (chosen == NULL || chosen == naive)
        return;
    assert_int_equal(share_is_reserved(chosen, now), share_is_reserved(naive, now));
    if (!share_is_reserved(chosen, now))
        assert_true(chosen->virtual_time == naive->virtual_time);
}

static void live_a_little(struct share *share) {
    switch (random_below(8)) {
    case 0:
        choose_settings(share);
        share_queue_reset(&queue, share, now);
        return;
    case 1:
        share_queue_charge(&queue, share, now, random_below(20 * MILLISECOND), 0); /* by a driver */
        return;
    default:
        if (share->standing == SHARE_AWAY)
            share_queue_add(&queue, share, now);
        else if (random_below(3) == 0)
            share_queue_remove(&queue, share);
    }
}

static void step(void) {
    struct share *chosen = choose();

    assert_as_good(chosen, naive_choice());
    if (chosen) {
        assert_in_range(chosen->standing_left, 1, share_left(chosen, now));
        uint64_t ran = 1 + random_below(random_below(20) ? MILLISECOND : 150 * MILLISECOND);
        now += ran;
        share_queue_charge(&queue, chosen, now, ran, 0);
    } else if (queue.count > 0) {
        now = share_queue_next(&queue);
    } else {
        now += random_below(100 * MILLISECOND);
    }
}

static void the_choice_is_the_naive_one(void **state) {
    (void)state;
    for (uint32_t round = 0; round < 60; round++) {
        begin(1 + random_below(MOST));
        for (uint32_t n = 0; n < 3000; n++) {
            live_a_little(&shares[random_below(count)]);
            step();
        }
    }
}

/* What is said of one that is away is what happens when it is added. */
static void who_precedes_is_chosen(void **state) {
    (void)state;
    for (uint32_t round = 0; round < 60; round++) {
        begin(2 + random_below(MOST - 2));
        for (uint32_t n = 0; n < 1000; n++) {
            live_a_little(&shares[random_below(count)]);
            struct share *away = &shares[random_below(count)], *chosen = choose();
            if (chosen != NULL && away->standing == SHARE_AWAY) {
                bool precedes = share_queue_precedes(&queue, away, chosen, 0, now);
                share_queue_add(&queue, away, now);
                assert_as_good(choose(), precedes ? away : chosen);
                share_queue_remove(&queue, away);
            }
            step();
        }
    }
}

static void who_is_in_the_queue_precedes_only_equals(void **state) {
    (void)state;
    begin(2);
    for (uint32_t n = 0; n < 2; n++) {
        share_initialise(&shares[n], 20, 100, 100);
        share_queue_add(&queue, &shares[n], now);
    }
    assert_true(share_queue_precedes(&queue, &shares[0], &shares[1], 0, now));
    now += MILLISECOND;
    share_queue_charge(&queue, &shares[0], now, MILLISECOND, 0);
    assert_false(share_queue_precedes(&queue, &shares[0], &shares[1], 0, now));
    assert_true(share_queue_precedes(&queue, &shares[1], &shares[0], 0, now));
}

static void begin_with_two_reservations(uint32_t percent) {
    begin(2);
    now = SHARE_PERIOD;
    for (uint32_t n = 0; n < 2; n++)
        share_initialise(&shares[n], percent, 100, percent);
}

static void work_for(struct share *share, uint64_t nanoseconds) {
    now += nanoseconds;
    share_queue_charge(&queue, share, now, nanoseconds, 0);
}

/* The first has used much of its reservation, the other none of it. */
static void begin_with_one_that_used_much(void) {
    begin_with_two_reservations(20);
    share_queue_add(&queue, &shares[0], now);
    work_for(&shares[0], 10 * MILLISECOND);
    share_queue_remove(&queue, &shares[0]);
    now += 70 * MILLISECOND;
}

static void of_short_work_goes_first_who_used_less(void **state) {
    (void)state;
    begin_with_one_that_used_much();
    share_queue_add(&queue, &shares[1], now);
    work_for(&shares[1], SHARE_QUANTUM - 1);
    assert_false(share_queue_precedes(&queue, &shares[0], &shares[1], 0, now));
    share_queue_add(&queue, &shares[0], now);
    assert_ptr_equal(choose(), &shares[1]);
}

/* However little it has used. */
static void long_work_goes_after_short_work(void **state) {
    (void)state;
    begin_with_one_that_used_much();
    share_queue_add(&queue, &shares[1], now);
    work_for(&shares[1], SHARE_QUANTUM);
    assert_true(share_queue_precedes(&queue, &shares[0], &shares[1], 0, now));
    share_queue_add(&queue, &shares[0], now);
    assert_ptr_equal(choose(), &shares[0]);
}

/* Nor do they when they come before each quantum's end. */
static void naps_do_not_make_work_short(void **state) {
    (void)state;
    begin_with_two_reservations(20);
    share_queue_add(&queue, &shares[0], now);
    for (uint32_t n = 0; n < 100; n++) {
        work_for(&shares[0], SHARE_QUANTUM - 1);
        share_queue_remove(&queue, &shares[0]);
        share_queue_add(&queue, &shares[0], ++now);
    }
    share_queue_add(&queue, &shares[1], now);
    assert_ptr_equal(choose(), &shares[1]);
}

/* Two at work all the time, and a third of the time is taken from both: each loses as much. */
static void who_is_kept_from_work_catches_up(void **state) {
    (void)state;
    begin_with_two_reservations(50);
    share_queue_add(&queue, &shares[0], now);
    share_queue_add(&queue, &shares[1], now);
    for (uint32_t n = 0; n < 60000; n++) {
        struct share *chosen = choose();

        now += 10000;
        if (chosen && n % 3 != 0)
            share_queue_charge(&queue, chosen, now, 10000, 0);
    }
    assert_in_range(shares[0].total, 199 * MILLISECOND, 201 * MILLISECOND);
    assert_in_range(shares[1].total, 199 * MILLISECOND, 201 * MILLISECOND);
}

/* Who works on and on is in the way of who comes now and then for less than a quantum, by no more than one. */
static void long_work_is_in_the_way_for_one_quantum(void **state) {
    uint64_t came = 0, late_most = 0;

    (void)state;
    begin_with_two_reservations(40);
    share_queue_add(&queue, &shares[0], now);
    for (uint32_t n = 0; n < 200000; n++) {
        struct share *chosen;

        if (shares[1].standing == SHARE_AWAY && random_below(50) == 0)
            share_queue_add(&queue, &shares[1], came = now);
        chosen = choose();
        now += 10000;
        if (chosen)
            share_queue_charge(&queue, chosen, now, 10000, 0);
        if (chosen != &shares[1] || now - came < SHARE_QUANTUM / 2)
            continue;
        late_most = now - came > late_most ? now - came : late_most;
        share_queue_remove(&queue, chosen);
    }
    assert_in_range(late_most, 1, 2 * SHARE_QUANTUM);
}

/* However many are due at a period's start, one choice looks at a few of them and gives time to none that has
 * no reservation while others have one. */
static void a_period_begins_in_small_steps(void **state) {
    (void)state;
    begin(MOST);
    for (uint32_t n = 0; n < MOST; n++) {
        shares[n].reservation = n % 2;
        shares[n].cap = 100;
        share_queue_add(&queue, &shares[n], now);
        share_queue_charge(&queue, &shares[n], now, 2 * MILLISECOND, 0);
    }
    assert_int_equal(queue.reserved.count, 0);
    now = SHARE_PERIOD;
    for (uint32_t due = queue.renewals.count; due > 0; due = queue.renewals.count) {
        assert_int_equal(share_queue_next(&queue), SHARE_PERIOD);
        assert_true(share_is_reserved(share_queue_choose(&queue, 0, now), now));
        assert_in_range(due - queue.renewals.count, 1, 4);
    }
}

static void virtual_time_may_wrap(void **state) {
    (void)state;
    begin(2);
    queue.floor = UINT64_MAX - 5;
    for (uint32_t n = 0; n < 2; n++)
        share_initialise(&shares[n], 0, 10000, 100);
    share_queue_add(&queue, &shares[0], now);
    share_queue_add(&queue, &shares[1], now);
    for (uint32_t n = 0; n < 100; n++) {
        struct share *chosen = choose();
        now += 10;
        share_queue_charge(&queue, chosen, now, 10, 0);
    }
    assert_int_equal(shares[0].total, shares[1].total);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_choice_is_the_naive_one),
        cmocka_unit_test(of_short_work_goes_first_who_used_less),
        cmocka_unit_test(long_work_goes_after_short_work),
        cmocka_unit_test(naps_do_not_make_work_short),
        cmocka_unit_test(who_is_kept_from_work_catches_up),
        cmocka_unit_test(long_work_is_in_the_way_for_one_quantum),
        cmocka_unit_test(a_period_begins_in_small_steps),
        cmocka_unit_test(virtual_time_may_wrap),
        cmocka_unit_test(who_precedes_is_chosen),
        cmocka_unit_test(who_is_in_the_queue_precedes_only_equals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
