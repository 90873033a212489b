// SPDX-License-Identifier: MIT
// sources: kernel/sched/share.c
/*
 * CPU shares, as a simulation: tenants that always want to run, quanta of 1 ms, ten seconds of made-up time.
 */
#include "kernel/sched/share.h"
#include "tests/unit/naive_choice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MILLISECOND 1000000ull
#define RUN         (10000 * MILLISECOND)

static uint64_t floor_now;
static struct share *sleeper; /* wants to run for one millisecond of two; NULL: nobody sleeps */

static bool wants_to_run(struct share *share, uint64_t now) {
    if (share != sleeper)
        return true;
    if (now / MILLISECOND % 2 == 0)
        share_wake(share, now, floor_now);
    return now / MILLISECOND % 2 == 0;
}

static void run(struct share *share, uint64_t now) {
    if (!share_is_reserved(share, now))
        floor_now = share_later(floor_now, share->virtual_time);
    share_charge(share, now, MILLISECOND);
}

/* Runs `count` greedy tenants on one CPU; returns the nanoseconds nobody could use. */
static uint64_t simulate(struct share *shares, uint32_t count) {
    uint64_t idle = 0;

    floor_now = 0;
    for (uint64_t now = 0; now < RUN; now += MILLISECOND) {
        struct share *best = NULL;
        for (uint32_t i = 0; i < count; i++)
            if (wants_to_run(&shares[i], now) && share_may_run(&shares[i], now, floor_now) &&
                (best == NULL || goes_before(&shares[i], best, now)))
                best = &shares[i];
        if (best)
            run(best, now);
        else
            idle += MILLISECOND;
    }
    return idle;
}

static void assert_percent(const struct share *share, uint32_t percent) {
    assert_in_range(share->total / (RUN / 1000), percent * 10 - 10, percent * 10 + 10);
}

static void weights_share_what_is_there(void **state) {
    struct share shares[3];

    (void)state;
    share_initialise(&shares[0], 0, 100, 100);
    share_initialise(&shares[1], 0, 200, 100);
    share_initialise(&shares[2], 0, 700, 100);
    assert_int_equal(simulate(shares, 3), 0);
    assert_percent(&shares[0], 10);
    assert_percent(&shares[1], 20);
    assert_percent(&shares[2], 70);
}

static void a_cap_is_never_exceeded(void **state) {
    struct share shares[2];

    (void)state;
    share_initialise(&shares[0], 0, 10000, 30);
    share_initialise(&shares[1], 0, 1, 20);
    assert_true(simulate(shares, 2) > 0); /* the CPU idles rather than break a cap */
    assert_percent(&shares[0], 30);
    assert_percent(&shares[1], 20);
}

static void a_reservation_beats_any_weight(void **state) {
    struct share shares[2];

    (void)state;
    share_initialise(&shares[0], 40, 1, 100);
    share_initialise(&shares[1], 0, 10000, 100);
    simulate(shares, 2);
    assert_percent(&shares[0], 40);
    assert_percent(&shares[1], 60);
}

static void sleep_earns_no_credit(void **state) {
    struct share idle, worker;

    (void)state;
    share_initialise(&idle, 0, 100, 100);
    share_initialise(&worker, 0, 100, 100);
    share_charge(&worker, 0, 5000 * MILLISECOND);
    share_wake(&idle, 5000 * MILLISECOND, worker.virtual_time);
    assert_true(idle.virtual_time == worker.virtual_time);
    share_wake(&worker, 5000 * MILLISECOND, worker.virtual_time - 1);
    assert_true(worker.virtual_time == idle.virtual_time); /* never backwards */
}

static void throttled_time_is_counted(void **state) {
    struct share share;

    (void)state;
    share_initialise(&share, 0, 100, 10);
    share_charge(&share, 0, 10 * MILLISECOND);
    assert_false(share_may_run(&share, 20 * MILLISECOND, 0));
    assert_true(share_may_run(&share, 100 * MILLISECOND, 0));
    assert_int_equal(share.throttled, 80 * MILLISECOND);
}

/* Before: `low` drew the sleeper's virtual time up to its own, far ahead of `hog`, at each of its wakings. */
static void a_reservation_costs_third_parties_nothing(void **state) {
    struct share shares[3]; /* low, hog, victim */

    (void)state;
    share_initialise(&shares[0], 20, 1, 100);
    share_initialise(&shares[1], 0, 100, 100);
    share_initialise(&shares[2], 0, 100, 100);
    sleeper = &shares[2];
    simulate(shares, 3);
    sleeper = NULL;
    assert_percent(&shares[0], 20);
    assert_in_range(shares[2].total, RUN * 30 / 100, RUN / 2);
}

static void what_goes_beyond_a_cap_is_paid_back(void **state) {
    struct share share;

    (void)state;
    share_initialise(&share, 0, 100, 10);
    share_charge(&share, 0, 35 * MILLISECOND); /* a driver worked for it */
    assert_false(share_may_run(&share, 100 * MILLISECOND, 0));
    assert_false(share_may_run(&share, 299 * MILLISECOND, 0));
    assert_true(share_may_run(&share, 300 * MILLISECOND, 0));
    assert_int_equal(share_left(&share, 300 * MILLISECOND), 5 * MILLISECOND);
}

static void a_clock_that_jumps_makes_a_bounded_debt(void **state) {
    struct share share;

    (void)state;
    share_initialise(&share, 0, 100, 10);
    share_charge(&share, 0, 3600 * 1000 * MILLISECOND);
    assert_false(share_may_run(&share, 3600 * 1000 * MILLISECOND, 0));
    assert_true(share_may_run(&share, 3611 * 1000 * MILLISECOND, 0));
}

static void an_older_time_changes_nothing(void **state) {
    struct share share;

    (void)state;
    share_initialise(&share, 0, 100, 10);
    share_charge(&share, 510 * MILLISECOND, 10 * MILLISECOND);
    assert_false(share_may_run(&share, 499 * MILLISECOND, 0));
    assert_false(share_may_run(&share, 501 * MILLISECOND, 0));
}

static void a_cap_earns_no_credit(void **state) {
    struct share share;

    (void)state;
    share_initialise(&share, 0, 100, 10);
    share_charge(&share, 0, 10 * MILLISECOND);
    assert_false(share_may_run(&share, 10 * MILLISECOND, 0));
    assert_true(share_may_run(&share, 100 * MILLISECOND, share.virtual_time + 5));
    assert_true(share.virtual_time == 10 * MILLISECOND * share.inverse_weight + 5);
}

static void a_sleep_past_the_wrap_is_only_a_sleep(void **state) {
    struct share share;

    (void)state;
    share_initialise(&share, 0, 1, 100);
    for (uint64_t floor = 1; floor >> 63 == 0; floor *= 3) {
        share.virtual_time = 0;
        share_wake(&share, 0, floor);
        assert_true(share.virtual_time == floor);
        share.virtual_time = 0;
        share_wake(&share, 0, -floor);
        assert_true(share.virtual_time == (floor <= 1000000000ull << 20 ? 0 : -floor));
    }
}

/* ---- No pattern of runs earns anything ---- */

static uint32_t random_below(uint32_t end) {
    static uint32_t state = 12345;

    state = state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)state * end >> 32);
}

/* The same run, told in steps of at most `step`. */
static void charge_in_steps(struct share *share, uint64_t start, uint64_t length, uint64_t step) {
    for (uint64_t done = 0; done < length;) {
        uint64_t part = length - done < step ? length - done : step;

        done += part;
        share_charge(share, start + done, part);
    }
}

static void a_run_costs_the_same_however_it_is_cut(void **state) {
    (void)state;
    for (uint32_t round = 0; round < 300; round++) {
        uint32_t reservation = random_below(100), longest = 1 + random_below(150);
        struct share whole, cut;
        uint64_t now = 0;

        share_initialise(&whole, reservation, 1 + random_below(10000), 100);
        cut = whole;
        for (uint32_t n = 0; n < 50; n++) {
            uint64_t length = random_below((uint32_t)(longest * MILLISECOND));

            now += random_below(60 * MILLISECOND);
            charge_in_steps(&cut, now, length, 1 + random_below(3 * MILLISECOND));
            now += length;
            share_charge(&whole, now, length);
            assert_int_equal(whole.total, cut.total);
            assert_int_equal(whole.used, cut.used);
            if (length <= SHARE_PERIOD)
                assert_true(whole.virtual_time == cut.virtual_time);
            assert_true(whole.virtual_time >= cut.virtual_time);
            cut = whole;
        }
    }
}

/* One step of the two as the scheduler makes it: until the alarm, which comes a little late. */
static uint64_t step_of_two(struct share *thief, struct share *victim, uint64_t now, uint64_t turn,
                            uint64_t late) {
    struct share *best = goes_before(victim, thief, now) ? victim : thief;
    uint64_t step = share_left(best, now), to_period = SHARE_PERIOD - now % SHARE_PERIOD;

    step = step < turn ? step : turn;
    step = (step < to_period ? step : to_period) + late;
    if (!share_is_reserved(best, now))
        floor_now = share_later(floor_now, best->virtual_time);
    share_charge(best, now + step, step);
    return step;
}

/* Beside one that has all the weight, a tenant that is always ready gets its reservation, however long its
 * turns are, and of each period what the alarm comes late. */
static void no_overshoot_takes_from_others(void **state) {
    (void)state;
    for (uint32_t round = 0; round < 200; round++) {
        uint64_t reservation = random_below(60), reserved = RUN / 100 * reservation;
        uint64_t turn = 1000 + random_below(50 * MILLISECOND), late = random_below(20000);
        struct share thief, victim;

        share_initialise(&thief, (uint32_t)reservation, 1, 100);
        share_initialise(&victim, 40, 10000, 100);
        floor_now = 0;
        for (uint64_t now = 0; now < RUN;)
            now += step_of_two(&thief, &victim, now, turn, late);
        assert_true(thief.total <= reserved + 2 * turn + (RUN / SHARE_PERIOD + 1) * late);
        assert_true(thief.total + 2 * turn + RUN / 100 >= reserved);
    }
}

/* By who runs and whom it has woken. Long work gives way at once, and so does what runs by weight to what is reserved. */
static void short_work_is_finished_first(void **state) {
    const struct share away = {.standing = SHARE_AWAY},
                       brief = {.standing = SHARE_RESERVED, .quantum_left = 1},
                       lengthy = {.standing = SHARE_RESERVED},
                       weighted = {.standing = SHARE_WEIGHTED}, held = {.standing = SHARE_HELD};

    (void)state;
    assert_true(share_may_finish(&brief, &brief) && share_may_finish(&brief, &lengthy));
    assert_false(share_may_finish(&lengthy, &brief) || share_may_finish(&lengthy, &lengthy));
    assert_true(share_may_finish(&lengthy, &weighted) && share_may_finish(&weighted, &weighted));
    assert_false(share_may_finish(&weighted, &lengthy) || share_may_finish(&weighted, &brief));
    assert_true(share_may_finish(&weighted, &held));
    assert_false(share_may_finish(&away, &brief) || share_may_finish(&held, &weighted));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_share_what_is_there),
        cmocka_unit_test(a_cap_is_never_exceeded),
        cmocka_unit_test(a_reservation_beats_any_weight),
        cmocka_unit_test(sleep_earns_no_credit),
        cmocka_unit_test(throttled_time_is_counted),
        cmocka_unit_test(a_reservation_costs_third_parties_nothing),
        cmocka_unit_test(what_goes_beyond_a_cap_is_paid_back),
        cmocka_unit_test(a_clock_that_jumps_makes_a_bounded_debt),
        cmocka_unit_test(an_older_time_changes_nothing),
        cmocka_unit_test(a_cap_earns_no_credit),
        cmocka_unit_test(a_sleep_past_the_wrap_is_only_a_sleep),
        cmocka_unit_test(a_run_costs_the_same_however_it_is_cut),
        cmocka_unit_test(no_overshoot_takes_from_others),
        cmocka_unit_test(short_work_is_finished_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
